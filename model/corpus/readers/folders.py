"""Which files to read: paths as given, and folders walked in the order of their names."""

from collections.abc import Iterator
from dataclasses import dataclass
from os import stat_result
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from model.corpus.readers.records import Refusal, refuse


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file, `depth` folders below the path that was given (0: it was given itself)."""

    path: Path
    num_bytes: int
    depth: int

    @property
    def folder(self) -> str | None:
        """The name of the folder that holds it, where it was met in a folder."""
        return self.path.parent.name if self.depth else None


def find_files(root: Path) -> Iterator[FoundFile | Refusal]:
    """The file at `root`, or every file below the folder there; raises nothing.

    A folder is walked once, however many links lead to it.
    """
    seen: set[tuple[int, int]] = set()
    waiting = [(root, 0)]
    while waiting:
        path, depth = waiting.pop()
        if depth and path.name.startswith("."):
            yield _refuse(path, "It is hidden; give it by its name to have it read.")
            continue
        try:
            status = path.stat()
            if S_ISDIR(status.st_mode) and _is_new(status, seen):
                waiting += [(child, depth + 1) for child in _children(path)]
                continue
        except (OSError, ValueError, RuntimeError) as error:
            yield _refuse(path, unreadable(error))
            continue
        if S_ISREG(status.st_mode):
            yield FoundFile(path, status.st_size, depth)
        elif S_ISDIR(status.st_mode):
            yield _refuse(path, "The link leads to a folder that is read already; remove it.")
        else:
            yield _refuse(path, "It is neither a file nor a folder; leave it out.")


def shown(path: Path) -> str:
    """A path for people: what cannot be printed is replaced."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in str(path))


def unreadable(error: Exception) -> str:
    """Why a file or a folder cannot be read, and what to do."""
    reason = (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
    return f"It cannot be read ({reason}); check that it is there, whole and readable."


def _is_new(status: stat_result, seen: set[tuple[int, int]]) -> bool:
    key = (status.st_dev, status.st_ino)
    if key in seen:
        return False
    seen.add(key)
    return True


def _children(folder: Path) -> list[Path]:
    """Last name first, as they are taken from the end."""
    # "." and ".." have no name that could be an artist's.
    named = folder if folder.name not in ("", "..") else folder.resolve()
    return sorted(named.iterdir(), reverse=True)


def _refuse(path: Path, reason: str) -> Refusal:
    return refuse(shown(path), 0, None, reason)
