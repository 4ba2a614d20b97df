"""`python -I -m openviber_daemon.runner <attempt directory>`: one runner process."""

import sys
from pathlib import Path

from openviber_daemon.runner.entry import main

if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
