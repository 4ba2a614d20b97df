"""Starts the command line as `python -m openviber_daemon`."""

import sys

from openviber_daemon.cli import main

sys.exit(main())
