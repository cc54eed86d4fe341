"""The most memory that this process has held."""

import re
import sys
from pathlib import Path

import torch

_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


def peak_memory_mb(device: torch.device) -> float | None:
    """Megabytes: of a GPU what torch had allocated there, else resident memory with the program.

    None where the system does not tell. Linux is asked for the peak of this program alone:
    `ru_maxrss` is never below that of the process which started it.
    """
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 1e6
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        status = ""
    if match := _PEAK.search(status):
        return int(match[1]) * 1024 / 1e6
    return _resource_peak_mb()


def _resource_peak_mb() -> float | None:
    if sys.platform == "win32":
        return None
    import resource  # only Unix has it

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
