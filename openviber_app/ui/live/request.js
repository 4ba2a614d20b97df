// JSON requests to the board's own API, and its problems in words.
import { toTheDoor } from "./door.js";

const UNREACHABLE = "the board does not answer; what you typed is still here, try again in a moment";

export class Problem extends Error {
  constructor(detail, status, errors = []) {
    super(detail);
    this.status = status;
    this.errors = errors;
  }
}

/** Send a request; return the answer's JSON (null when it has none) or throw a Problem. */
export async function request(method, path, body, headers = {}) {
  let response;
  try {
    response = await fetch(path, {
      method,
      credentials: "same-origin",
      headers: body === undefined ? headers : { "Content-Type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Problem(UNREACHABLE, 0);
  }
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  const answer = isJson && text ? JSON.parse(text) : null;
  if (response.ok) return answer;
  if (response.status === 401) toTheDoor();
  throw new Problem(answer?.detail ?? UNREACHABLE, response.status, answer?.errors ?? []);
}
