"""What was measured on: processor, threads, versions, and whether anything else was running."""

import os
import platform
from pathlib import Path
from typing import Any

import torch

_BUSY_LOAD_PER_PROCESSOR = 0.25


def machine_facts() -> dict[str, Any]:
    """To be taken before the measurement, which is itself load."""
    num_processors = os.cpu_count() or 1
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return {
        "processor": _processor_name(),
        "num_processors": num_processors,
        "num_threads": torch.get_num_threads(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "load_average": round(load, 2),
        "is_busy": load > _BUSY_LOAD_PER_PROCESSOR * num_processors,
    }


def busy_warning(facts: dict[str, Any]) -> str | None:
    """A sentence when the machine had other work, None when it was quiet."""
    if not facts["is_busy"]:
        return None
    return (
        f"This machine is busy (load average {facts['load_average']} on"
        f" {facts['num_processors']} processors): trust the ratio, and repeat the measurement"
        " on a quiet machine before you trust the times."
    )


def _processor_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
