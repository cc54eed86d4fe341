"""Which checkpoint is live: a pointer file beside the versions, replaced atomically.

Verses and beats have a folder of versions each. `live.json` there holds the names of two of them,
`live` and `previous`; null is the starter checkpoint that Cypher comes with. Without the file the
starter is live.
"""

import json
import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeAlias, TypeVar

from bot.config import Config
from bot.errors import CheckpointError
from model import errors as model_errors
from model.beats.checkpoint import BeatCheckpoint, load_beat_checkpoint
from model.checkpoint import Checkpoint, load_checkpoint

logger = logging.getLogger(__name__)

POINTER = "live.json"
Name: TypeAlias = str | None


class Versioned(Protocol):
    @property
    def version(self) -> str: ...


Kept = TypeVar("Kept", bound=Versioned)


@dataclass(frozen=True, slots=True)
class Pointer:
    """Folder names below the checkpoints folder; None is the starter."""

    live: Name = None
    previous: Name = None


class CheckpointRegistry(Generic[Kept]):
    """Finds, loads and promotes checkpoints of the kind that `load` reads, onto a device. One came
    with Cypher as `checkpoints/{came_as}`.

    Every method blocks: call it off the event loop.
    """

    def __init__(
        self,
        checkpoints_dir: Path,
        starter: Path,
        load: Callable[[Path, str], Kept],
        came_as: str = "starter",
    ) -> None:
        self._checkpoints_dir = checkpoints_dir
        self._starter = starter
        self._load = load
        self._came_as = came_as
        self._pointer_path = checkpoints_dir / POINTER

    def folder(self, name: Name) -> Path:
        return self._starter if name is None else self._checkpoints_dir / name

    def load_live(self, device: str) -> tuple[Kept, tuple[str, ...]]:
        """The live checkpoint, or else the previous one, or else the starter, and what was wrong.

        The warnings are for the operator and are logged. Raises CheckpointError when none loads.
        """
        warnings: list[str] = []
        for name in self._candidates(warnings):
            try:
                checkpoint = self._load(self.folder(name), device)
            except (model_errors.ModelError, OSError) as error:
                warnings.append(str(error))
                continue
            if warnings:
                warnings.append(f"Checkpoint {checkpoint.version} is used instead.")
            for warning in warnings:
                logger.error("%s", warning)
            return checkpoint, tuple(warnings)
        name = f"checkpoints/{self._came_as}"
        raise CheckpointError(
            f"No checkpoint can be loaded. {' '.join(warnings)}",
            f"Restore {name} from the repository (git checkout -- {name}),"
            " or put a whole checkpoint in its place.",
        )

    def load(self, folder: Path, device: str) -> Kept:
        """One that is to go live. Raises CheckpointError when it is damaged or lies elsewhere."""
        self._name_of(folder)
        try:
            return self._load(folder, device)
        except (model_errors.ModelError, OSError) as error:
            raise CheckpointError(
                str(error), "The live checkpoint stays as it is; train again or choose another."
            ) from error

    def promote(self, folder: Path) -> None:
        """Point to `folder` from now on, across restarts; the one before becomes the fallback.

        Raises CheckpointError when that cannot be written; then nothing has changed.
        """
        name = self._name_of(folder)
        now = self._read_pointer([])
        previous = now.previous if name == now.live else now.live
        try:
            self._write_pointer(Pointer(name, previous))
        except OSError as error:
            raise CheckpointError(
                f"{self._pointer_path} cannot be written ({error.strerror}).",
                "Make room on the disk or mend its permissions, and promote the checkpoint again.",
            ) from error

    def _candidates(self, warnings: list[str]) -> Iterator[Name]:
        pointer = self._read_pointer(warnings)
        yield from dict.fromkeys((pointer.live, pointer.previous, None))

    def _name_of(self, folder: Path) -> Name:
        folder = folder.resolve()
        if folder == self._starter.resolve():
            return None
        if folder.parent != self._checkpoints_dir.resolve():
            raise CheckpointError(
                f"{folder} is neither the starter checkpoint nor in {self._checkpoints_dir}.",
                "Copy the checkpoint there first.",
            )
        return folder.name

    def _read_pointer(self, warnings: list[str]) -> Pointer:
        try:
            return _read(self._pointer_path)
        except (OSError, ValueError, KeyError, TypeError) as error:
            warnings.append(
                f"{self._pointer_path} cannot be read ({error}), so the live checkpoint is unknown;"
                " promote a checkpoint again to write it anew."
            )
            return Pointer()

    def _write_pointer(self, pointer: Pointer) -> None:
        self._checkpoints_dir.mkdir(parents=True, exist_ok=True)
        content = json.dumps({"live": pointer.live, "previous": pointer.previous}) + "\n"
        with tempfile.NamedTemporaryFile(
            "w", dir=self._checkpoints_dir, prefix=".live-", delete=False, encoding="utf-8"
        ) as file:
            try:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(self._pointer_path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        _sync_folder(self._checkpoints_dir)


def registry_of_verses(config: Config) -> CheckpointRegistry[Checkpoint]:
    return CheckpointRegistry(config.checkpoints_dir, config.starter_checkpoint, load_checkpoint)


def registry_of_beats(config: Config) -> CheckpointRegistry[BeatCheckpoint]:
    return CheckpointRegistry(
        config.beat_checkpoints_dir, config.starter_beats, load_beat_checkpoint, "beats"
    )


def live_name(checkpoints_dir: Path) -> Name:
    """Raises CheckpointError where the pointer cannot be read."""
    return read_pointer(checkpoints_dir).live


def read_pointer(checkpoints_dir: Path) -> Pointer:
    """Raises CheckpointError where it cannot be read."""
    path = checkpoints_dir / POINTER
    try:
        return _read(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(f"{path} cannot be read ({error}).") from error


def _read(path: Path) -> Pointer:
    try:
        values = json.loads(path.read_bytes())
    except FileNotFoundError:
        return Pointer()
    return Pointer(_checked_name(values["live"]), _checked_name(values["previous"]))


def _checked_name(value: object) -> Name:
    """A pointer names a folder beside it; anything else would be a path to somewhere."""
    if value is None:
        return None
    if not isinstance(value, str) or value in {"", ".", ".."} or Path(value).name != value:
        raise ValueError(f"{value!r} is not the name of a checkpoint")
    return value


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
