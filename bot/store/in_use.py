"""Who uses a data folder: any number of bots and commands at once, or one restore alone."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from bot.errors import DataFolderError

LOCK = ".in-use"
RESTORING = ".restoring"  # there while a restore is under way, and after one that broke off


@contextlib.contextmanager
def in_use(data_dir: Path) -> Iterator[None]:
    """Keeps a restore away until left, or until the process ends, however it ends.

    Raises DataFolderError while one is under way, and where one broke off.
    """
    with _locked(data_dir, fcntl.LOCK_SH, f"A backup is being restored into {data_dir}."):
        if (data_dir / RESTORING).exists():
            raise DataFolderError(
                f"A restore into {data_dir} broke off, so what is there is not whole.",
                "Do it again: python -m bot restore FILE --replace.",
            )
        yield


@contextlib.contextmanager
def used_alone(data_dir: Path) -> Iterator[None]:
    """Raises DataFolderError while anybody else uses the folder."""
    with _locked(data_dir, fcntl.LOCK_EX, f"A bot or another command uses {data_dir}."):
        yield


@contextlib.contextmanager
def _locked(data_dir: Path, kind: int, refusal: str) -> Iterator[None]:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        file = (data_dir / LOCK).open("ab")
    except OSError as error:
        raise DataFolderError(
            f"{data_dir} cannot be written ({error.strerror}).", "Mend its permissions."
        ) from error
    with file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataFolderError(refusal, "Wait for its end, or stop it.") from None
        yield
