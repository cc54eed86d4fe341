"""The bot under test, forked."""

import os
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from tests.wire.forked_process import ForkedProcess


def forked_bot(arguments: Sequence[str], errors: Path) -> ForkedProcess:
    """Its `stdout` is what it reports. It is killed by its `pid`, as any other process."""
    os.environ["OMP_NUM_THREADS"] = "1"  # for the server, which is started by the first of us
    return ForkedProcess(_become, arguments, errors, preloaded=["benchmarks.crash.child"])


def _become(arguments: Sequence[str], errors: Path, reports: Connection) -> None:
    from benchmarks.crash.child import main  # preloaded; the drill itself has no need of it

    with errors.open("wb") as file:
        os.dup2(file.fileno(), 2)
    os.dup2(reports.fileno(), 1)
    reports.close()
    main(arguments)
