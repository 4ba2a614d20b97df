"""A real sshd on loopback that serves git repositories to one deploy key."""

import getpass
import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self


def find_sshd() -> str | None:
    """Give the path of sshd, or nothing where it is not installed."""
    return shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/sbin")


def make_key(path: Path) -> str:
    """Write a new key pair to `path` and return the private key."""
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "tests", "-f", str(path)], check=True
    )
    return path.read_text()


class SshServer:
    """Runs until closed; `renew_host_key` makes it answer with another key from then on."""

    def __init__(self, folder: Path, *, authorized: Path) -> None:
        self._sshd = find_sshd() or ""
        self.folder = folder
        self._authorized = authorized
        folder.mkdir(mode=0o700)
        Path("/run/sshd").mkdir(exist_ok=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        make_key(folder / "host_key")

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, repository: Path) -> str:
        return f"ssh://{getpass.getuser()}@{self.host}{repository}"

    @property
    def known_hosts(self) -> str:
        kind, key = (self.folder / "host_key.pub").read_text().split()[:2]
        return f"[127.0.0.1]:{self.port} {kind} {key}\n"

    def renew_host_key(self) -> None:
        self.close()
        for name in ("host_key", "host_key.pub"):
            (self.folder / name).unlink()
        make_key(self.folder / "host_key")
        self.__enter__()

    def __enter__(self) -> Self:
        config = self.folder / "sshd_config"
        config.write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {self.folder}/host_key\nPidFile "
            "none\n"
            f"AuthorizedKeysFile {self._authorized}\nStrictModes no\nUsePAM no\nPermitRootLogin "
            "yes\n"
            "PasswordAuthentication no\nKbdInteractiveAuthentication no\n"
        )
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._sshd, "-D", "-e", "-f", str(config)], stdin=subprocess.DEVNULL, stderr=log
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text())

    def close(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
