"""Finds a Chromium for the tests, or installs one: Debian's package, else Playwright's."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def main() -> None:
    """Install only what is missing; the page tests fail plainly when nothing worked."""
    if any(shutil.which(name) for name in NAMES):
        return
    apt = ["apt-get", "install", "--yes", "--no-install-recommends", NAMES[0]]
    prefix = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if shutil.which("apt-get") and (not prefix or shutil.which("sudo")):
        print("installing Debian's Chromium", flush=True)
        subprocess.run([*prefix, "apt-get", "update", "--quiet"], check=False)
        if subprocess.run([*prefix, *apt], check=False).returncode == 0:
            return
    print("installing Playwright's Chromium", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    main()
