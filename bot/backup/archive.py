"""The file of a backup: a compressed tar that ends with a manifest of what must be in it."""

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from bot.errors import BackupError

FORMAT = 1
MANIFEST = "manifest.json"
_PIECE = 1 << 20
_REMEDY = "Take another backup: this one is cut or damaged."
_COMPRESSION = 3  # weights hardly shrink, and text shrinks anyway
_BROKEN = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError)


class ArchiveWriter:
    """Adds files by name, and at last the manifest with their hashes."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive
        self._sha256: dict[str, str] = {}

    def add(self, name: str, file: IO[bytes]) -> None:
        info = self._archive.gettarinfo(arcname=name, fileobj=file)
        info.mode, info.uid, info.gid, info.uname, info.gname = 0o600, 0, 0, "", ""
        reading = _Hashing(file)
        self._archive.addfile(info, reading)
        self._sha256[name] = reading.hexdigest()

    def add_path(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            self.add(name, file)

    def close(self, told: dict[str, Any]) -> None:
        """`told` is what the manifest says beside the hashes."""
        manifest = {"format": FORMAT, **told, "sha256": self._sha256}
        content = (json.dumps(manifest, ensure_ascii=False, indent=1) + "\n").encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(content), 0o600
        self._archive.addfile(info, io.BytesIO(content))


@contextmanager
def writing(target: Path) -> Iterator[ArchiveWriter]:
    """`target` appears when all is written and on the disk, and not before."""
    part = target.with_name(f".{target.name}.part")
    try:
        with part.open("wb") as file:
            os.fchmod(file.fileno(), 0o600)  # it holds what members have said
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=_COMPRESSION) as archive:
                yield ArchiveWriter(archive)
            file.flush()
            os.fsync(file.fileno())
        read_archive(part)
        part.replace(target)
        sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)


def read_archive(path: Path, into: Path | None = None) -> dict[str, Any]:
    """The manifest, once every file was read and is as it says; unpacked, if `into` is given.

    Only plain files with plain names are taken, so nothing is written outside of `into`. Raises
    BackupError.
    """
    if not path.is_file():
        raise BackupError(f"There is no file {path}.")
    found: dict[str, str] = {}
    manifest: bytes | None = None
    try:
        with tarfile.open(path, mode="r:gz") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isreg() else None
                if content is None:
                    raise BackupError(f"{path} holds {member.name}, which is no plain file.")
                if member.name == MANIFEST:
                    manifest = content.read()
                else:
                    place = None if into is None else into / _safe(member.name)
                    found[member.name] = _copy(content, place)
    except _BROKEN as error:
        raise BackupError(f"{path} cannot be read: {error}.", _REMEDY) from error
    return _checked(path, manifest, found)


@dataclass(slots=True)
class _Hashing:
    """A file whose content is hashed as it is read."""

    file: IO[bytes]
    _hash: Any = field(default_factory=hashlib.sha256)

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self._hash.update(piece)
        return piece

    def hexdigest(self) -> str:
        return str(self._hash.hexdigest())


def _safe(name: str) -> PurePosixPath:
    """Raises ValueError for a name that might lead out of the folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or not path.parts or ".." in path.parts or "\\" in name:
        raise ValueError(f"{name} is not a name of a file in a backup")
    return path


def _copy(content: IO[bytes], place: Path | None) -> str:
    hashing = _Hashing(content)
    if place is None:
        while hashing.read(_PIECE):
            pass
        return hashing.hexdigest()
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("xb") as file:
        while piece := hashing.read(_PIECE):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return hashing.hexdigest()


def _checked(path: Path, manifest: bytes | None, found: dict[str, str]) -> dict[str, Any]:
    if manifest is None:
        raise BackupError(f"{path} is no backup of Cypher's, or was cut: no manifest.", _REMEDY)
    try:
        told: dict[str, Any] = json.loads(manifest)
        written_format, expected = told["format"], dict(told["sha256"])
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"The manifest of {path} is damaged: {error!r}.", _REMEDY) from error
    if written_format != FORMAT:
        raise BackupError(
            f"{path} has format {written_format}, and this Cypher reads {FORMAT}.",
            "Restore it with the Cypher that wrote it, and upgrade then.",
        )
    if wrong := sorted(
        name for name in {*expected, *found} if expected.get(name) != found.get(name)
    ):
        raise BackupError(f"In {path}, {', '.join(wrong)} is missing or altered.", _REMEDY)
    return told


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
