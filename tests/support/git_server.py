"""A real git smart-HTTP server on loopback: `http.server` in front of `git http-backend`."""

import base64
import os
import shutil
import subprocess
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

Files = Mapping[str, str | bytes] | Path

GOSSIP_SECONDS = 60

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
}


def run_git(*args: str, cwd: Path, stdin: bytes | None = None) -> str:
    """Run git without anybody's settings, and return what it printed."""
    done = subprocess.run(
        ["git", *args], cwd=cwd, env=ENVIRONMENT, input=stdin, capture_output=True, check=False
    )
    if done.returncode != 0:
        raise AssertionError(f"git {args}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode().strip()


def _write(folder: Path, files: Files) -> None:
    if isinstance(files, Path):
        shutil.copytree(files, folder, dirs_exist_ok=True, symlinks=True)
        return
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)


class GitServer:
    """Bare repositories under `root`; with `token` every request must carry it as the password."""

    def __init__(self, root: Path, *, token: str | None = None) -> None:
        self.root = root
        self.token = token
        self.hits: list[str] = []
        """The paths that were asked for, in their order."""
        self.redirect_to: str | None = None
        self.gossip: threading.Event | None = None
        """Refuse everybody once this is set, and repeat what they proved themselves with."""
        root.mkdir(parents=True, exist_ok=True)
        outer = self

        class Handler(_GitHandler):
            server_of_tests = outer

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> Self:
        """Serve until `close`, for who cannot use `with`."""
        return self.__enter__()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def host(self) -> str:
        """`127.0.0.1:PORT`, as an environment's allowed host."""
        return f"127.0.0.1:{self._http.server_address[1]}"

    def url(self, name: str) -> str:
        return f"http://{self.host}/{name}.git"

    def path(self, name: str) -> Path:
        """Where the bare repository lies."""
        return self.root / f"{name}.git"

    def create_repo(self, name: str, files: Files, *, branch: str = "main") -> str:
        """Make a repository with one commit of `files` on `branch`; returns its url."""
        bare = self.path(name)
        bare.mkdir(parents=True)
        run_git("init", "--bare", "--quiet", f"--initial-branch={branch}", cwd=bare)
        run_git("config", "http.receivepack", "true", cwd=bare)
        self.commit(name, files, "Start", branch=branch)
        return self.url(name)

    def commit(self, name: str, files: Files, message: str, *, branch: str = "main") -> str:
        """Add one commit that writes `files` on `branch` (made when missing); returns its id."""
        work = self.root / f".work-{name.replace('/', '_')}"
        if not work.exists():
            run_git("clone", "--quiet", str(self.path(name)), str(work), cwd=self.root)
        run_git("fetch", "--quiet", "origin", cwd=work)
        known = run_git("branch", "-r", "--list", f"origin/{branch}", cwd=work)
        if known:
            run_git("checkout", "--quiet", "-B", branch, f"origin/{branch}", cwd=work)
        else:
            run_git("checkout", "--quiet", "-B", branch, cwd=work)
        _write(work, files)
        run_git("add", "-A", cwd=work)
        run_git("commit", "--quiet", "--allow-empty", "-m", message, cwd=work)
        run_git("push", "--quiet", "origin", f"{branch}:refs/heads/{branch}", cwd=work)
        return run_git("rev-parse", "HEAD", cwd=work)


class _GitHandler(BaseHTTPRequestHandler):
    """One CGI run a request, as RFC 3875 and `git help http-backend` have it."""

    server_of_tests: GitServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Keep tests quiet."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        server = self.server_of_tests
        body = self._body()
        server.hits.append(self.path)
        if server.redirect_to is not None:
            self._answer(302, [("Location", server.redirect_to + self.path)], b"")
            return
        if server.gossip is not None:
            self._gossip(server.gossip)
            return
        if server.token is not None and not self._may_pass(server.token):
            self._answer(401, [("WWW-Authenticate", 'Basic realm="tests"')], b"who are you?\n")
            return
        self._run_backend(server, body)

    def _gossip(self, now: threading.Event) -> None:
        now.wait(GOSSIP_SECONDS)
        shown = self.headers.get("Authorization", "")
        proof = base64.b64decode(shown.partition(" ")[2])
        words = b"%b is %b, who may not read this\n" % (shown.encode(), proof)
        self._answer(403, [("Content-Type", "text/plain")], words)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts: list[bytes] = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _may_pass(self, token: str) -> bool:
        kind, _, value = self.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "basic":
            return False
        return base64.b64decode(value).decode().partition(":")[2] == token

    def _run_backend(self, server: GitServer, body: bytes) -> None:
        parts = urlsplit(self.path)
        environment = ENVIRONMENT | {
            "GIT_PROJECT_ROOT": str(server.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": unquote(parts.path),
            "QUERY_STRING": parts.query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_ADDR": "127.0.0.1",
            "REMOTE_USER": "tests" if server.token is not None else "",
        }
        done = subprocess.run(
            ["git", "http-backend"], env=environment, input=body, capture_output=True, check=False
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        status, headers = 200, []
        for line in head.decode().split("\r\n"):
            name, _, value = line.partition(": ")
            if name.lower() == "status":
                status = int(value.split()[0])
            elif name:
                headers.append((name, value))
        self._answer(status, headers, content)

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in {"content-length", "connection"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
