#!/bin/bash
# What a node runs to make this ready: a look at Python, and the modules compiled once.
set -eu
cd "$(dirname "$0")"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 8) and "Skyline needs Python 3.8 or newer")'
echo "Python $(python3 -c 'import platform; print(platform.python_version())')"
python3 -m compileall -q skyline tests
echo "ready: $(find skyline tests -name '*.py' | wc -l) modules"
