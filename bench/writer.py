"""A process that appends to an execution's log as its runner does, at a pace or flat out.

`python -m bench.writer HOME EXECUTION COUNT CHUNK PER_SECOND`: prints one line of JSON, the times
(monotonic) just before each append. PER_SECOND 0 is flat out; then only the first and last time.
"""

import json
import os
import sys
import time
from pathlib import Path

from openviber_daemon.runner.doorbell import Doorbell


def append(home: Path, execution_id: str, *, count: int, size: int, rate: float) -> list[float]:
    """Append `count` chunks, each rung for, and return when."""
    chunk = b"x" * (size - 1) + b"\n"
    log = os.open(home / "attempts" / execution_id / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    bell = Doorbell(home, execution_id)
    times: list[float] = []
    start = time.monotonic()
    for number in range(count):
        if rate:
            left = start + number / rate - time.monotonic()
            if left > 0:
                time.sleep(left)
        if rate or number == 0:
            times.append(time.monotonic())
        os.write(log, chunk)
        bell.ring()
    times.append(time.monotonic())
    bell.close()
    os.close(log)
    return times


def main() -> None:
    home, execution_id, count, size, rate = sys.argv[1:]
    times = append(Path(home), execution_id, count=int(count), size=int(size), rate=float(rate))
    print(json.dumps(times))


if __name__ == "__main__":
    main()
