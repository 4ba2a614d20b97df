"""What a reader must know of the machine on which something was measured."""

import os
import platform
import re
from pathlib import Path


def describe_machine() -> str:
    """Give cores, processor, memory, kernel and interpreter; no name, no path."""
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"{len(os.sched_getaffinity(0))} cores ({found[1] if found else platform.machine()}), "
        f"{memory:.0f} GB RAM, Linux {platform.release()}, Python {platform.python_version()}"
    )


def load_average() -> float:
    """Give the load of the last minute: other work makes every figure worse."""
    return os.getloadavg()[0]


def resident_megabytes(pid: int) -> float:
    """Give the memory of a process that is in RAM, shared pages included."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
    if found is None:
        raise ValueError(f"process {pid} has no memory: it has ended")
    return int(found[1]) * 1024 / 1e6
