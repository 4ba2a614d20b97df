"""Runs the command line: `python -m openviber_app`."""

import sys

from openviber_app.cli import main

sys.exit(main())
