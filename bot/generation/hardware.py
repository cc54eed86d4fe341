"""Which device and how many threads to write verses with."""

import os

import torch


def choose_device(name: str) -> str:
    """'auto' is a GPU where there is one."""
    if name != "auto":
        return name
    return "cuda" if torch.cuda.is_available() else "cpu"


def choose_num_threads(num_threads: int) -> int:
    """0 takes half of the processors.

    The rest is for the event loop and for training. torch's threads wait for each other by
    spinning: with as many threads as processors and one other busy process, a step that takes 9 ms
    on one thread was measured at 200 ms on two.
    """
    return num_threads or max(1, _num_processors() // 2)


def _num_processors() -> int:
    """Those this process may use; a container often may not use all."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
