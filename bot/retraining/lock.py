"""One process at a time trains in a data folder, whichever others share it."""

import fcntl
from pathlib import Path
from typing import IO


class FolderLock:
    """Held until released or the process ends, however it ends; children do not inherit it.

    The file keeps the name of whoever had it last: who has the lock now knows that one to be gone.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None
        self.previous_owner: str | None = None

    def acquire(self, owner: str) -> bool:
        """Whether it is ours now, as it may have been before. Does not wait."""
        if self._file is not None:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        file.seek(0)
        self.previous_owner = file.read().decode(errors="replace") or None
        file.truncate(0)
        file.write(owner.encode())
        file.flush()
        self._file = file
        return True

    def read_holder(self) -> str:
        """Who has it, or had it last."""
        return self._path.read_text(encoding="utf-8", errors="replace")

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
