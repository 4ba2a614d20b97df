// Addresses of repositories as people paste them: only enough of the board's rule to fill fields.
const SCP = /^(?:[\w.-]+@)?([^/:@\s]+):([^/\s][^\s]*)$/;
const URL_FORM = /^(?:(https?|ssh):\/\/)?(?:[\w.-]+@)?([\w.-]+\.[\w.-]+(?::\d+)?|\[[\da-f:]+\](?::\d+)?)\/(\S+)$/i;

const parts = (text) => {
  const address = text.trim();
  const scp = !address.includes("://") && SCP.exec(address);
  const found = scp || URL_FORM.exec(address);
  if (!found) return null;
  const segments = found.at(-1).split(/[?#]/)[0].split("/").filter(Boolean);
  const tree = segments.indexOf("tree", 2);
  const isPage = !scp && tree > 1 && segments.length > tree + 1;
  const repo = isPage ? segments.slice(0, segments[tree - 1] === "-" ? tree - 1 : tree) : segments;
  if (repo.length < 1) return null;
  return { address, repo, rest: found.at(-1), branch: isPage ? segments.slice(tree + 1).join("/") : "" };
};

/** Return `{ url, org, name, branch }` of an address, or null while it is none. */
export function readAddress(text) {
  const found = parts(text);
  if (!found) return null;
  const start = found.address.slice(0, found.address.length - found.rest.length);
  return {
    url: start + found.repo.join("/"),
    org: found.repo.slice(0, -1).join("/"),
    name: found.repo.at(-1).replace(/\.git$/, ""),
    branch: found.branch,
  };
}

/** Return an address whose organisation and repository were typed in their own fields. */
export function writeAddress(text, org, name) {
  const found = parts(text);
  const start = found ? found.address.slice(0, found.address.length - found.rest.length) : "https://github.com/";
  const ending = found && found.repo.at(-1).endsWith(".git") && name ? ".git" : "";
  return org || name ? start + [org, name].filter(Boolean).join("/") + ending : "";
}
