"""A folder of files with their hashes, written beside its final place, flushed and renamed.

So a crash leaves the old folder or the new one, never a half of either.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load, save
from torch import Tensor, nn

from model.errors import CheckpointError

FORMAT = 1
MANIFEST = "manifest.json"
REMEDY = "Restore the folder from a backup or from the repository."


def write_folder(folder: Path, contents: Mapping[str, bytes], facts: Mapping[str, Any]) -> None:
    """Write or replace `folder` with files of these `contents`; its manifest tells the `facts`."""
    manifest = {
        "format": FORMAT,
        **facts,
        "sha256": {name: _sha256(content) for name, content in contents.items()},
    }
    _replace_folder(folder, {**contents, MANIFEST: to_json(manifest)})


def read_verified(
    folder: Path, required: Sequence[str], later: Sequence[str] = ()
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The manifest, and the `required` files and those of `later` that were written.

    Raises CheckpointError when one of them is missing or altered.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        expected: dict[str, str] = manifest["sha256"]
        names = (*required, *(name for name in later if name in expected))
        contents = {name: (folder / name).read_bytes() for name in names}
        written_format = manifest["format"]
    except OSError as error:
        missing = Path(error.filename or folder).name
        raise CheckpointError(
            f"The checkpoint in {folder} has no readable {missing}. {REMEDY}"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise CheckpointError(
            f"The manifest of the checkpoint in {folder} is damaged. {REMEDY}"
        ) from error
    if written_format != FORMAT:
        raise CheckpointError(
            f"The checkpoint in {folder} has format {written_format}; this program reads {FORMAT}."
        )
    altered = [name for name in names if _sha256(contents[name]) != expected.get(name)]
    if altered:
        raise CheckpointError(
            f"The checkpoint in {folder} was cut or altered ({', '.join(altered)}). {REMEDY}"
        )
    return manifest, contents


def replace_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Give a whole folder, verified before, other files of these names, or more of them."""
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    manifest = json.loads(files[MANIFEST])
    manifest["sha256"] |= {name: _sha256(content) for name, content in contents.items()}
    _replace_folder(folder, {**files, **contents, MANIFEST: to_json(manifest)})


def weights_to_bytes(model: nn.Module) -> bytes:
    """In half precision."""
    weights = model.state_dict().items()
    return save({name: value.detach().cpu().half().contiguous() for name, value in weights})


def weights_from_bytes(content: bytes) -> dict[str, Tensor]:
    """In single precision."""
    return {name: value.to(torch.float32) for name, value in load(content).items()}


def to_json(value: dict[str, Any] | Sequence[Any]) -> bytes:
    """As the files of a checkpoint have it."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _replace_folder(folder: Path, contents: dict[str, bytes]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        staging.chmod(0o755)
        for name, content in contents.items():
            _write_synced(staging / name, content)
        if folder.exists():
            retired = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
            folder.replace(retired)
            staging.replace(folder)
            shutil.rmtree(retired)
        else:
            staging.replace(folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    _sync_directory(folder.parent)


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_directory(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
