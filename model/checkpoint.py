"""A checkpoint is a folder: weights, config, tokenizer, artists, what verses need, and hashes.

It is written beside its final place, flushed to disk and renamed, so that a crash leaves the old
folder or the new one, never a half of either. Nothing in it is a pickle.
"""

import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from model.config import ModelConfig
from model.copyguard import CopyIndex
from model.corpus.tokenizer import Tokenizer
from model.craft import Craft
from model.errors import CheckpointError, ModelError
from model.network.lyric_model import LyricModel

logger = logging.getLogger(__name__)

FORMAT = 1
MANIFEST = "manifest.json"
_FILES = ("weights.safetensors", "config.json", "tokenizer.json", "artists.json")
COPY_INDEX, CRAFT = "copy_index.safetensors", "craft.json"
_LATER_FILES = (COPY_INDEX, CRAFT)  # not in checkpoints of before they existed
# What a config.json meant that was written before these were settings.
_SETTINGS_BEFORE = {"layer_norm": False, "residual": False}
_REMEDY = "Restore the folder from a backup or from the repository."


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A model with everything needed to use it.

    `artists` and `languages` are in the order of the embedding's rows. `copy_index` knows every
    lyric that the model, or one that it came from, was trained or measured on; `craft` is how
    its artists make lines. Raises CheckpointError when the parts do not belong together.
    """

    version: str
    model: LyricModel
    tokenizer: Tokenizer
    artists: tuple[str, ...]
    languages: tuple[str, ...]
    parent: str | None = None
    figures: dict[str, Any] = field(default_factory=dict)
    copy_index: CopyIndex = field(default_factory=CopyIndex.empty)
    craft: Craft = field(default_factory=Craft)

    def __post_init__(self) -> None:
        config, tokenizer = self.model.config, self.tokenizer
        if config.vocab_size != tokenizer.vocab_size:
            raise CheckpointError(
                f"The network knows {config.vocab_size} tokens and the tokenizer "
                f"{tokenizer.vocab_size}; use the tokenizer that the network was trained with."
            )
        if not config.num_artists == len(self.artists) == len(self.languages):
            raise CheckpointError(
                f"The network knows {config.num_artists} artists, and {len(self.artists)} names "
                f"with {len(self.languages)} languages are given; each artist needs one of each."
            )


def save_checkpoint(checkpoint: Checkpoint, folder: Path) -> None:
    """Write or replace `folder` atomically; weights are stored in half precision."""
    weights = {
        name: value.detach().cpu().half().contiguous()
        for name, value in checkpoint.model.state_dict().items()
    }
    artists = [
        {"name": name, "language": language}
        for name, language in zip(checkpoint.artists, checkpoint.languages, strict=True)
    ]
    contents = {
        "weights.safetensors": save(weights),
        "config.json": _json(asdict(checkpoint.model.config)),
        "tokenizer.json": checkpoint.tokenizer.to_json().encode(),
        "artists.json": _json(artists),
        COPY_INDEX: checkpoint.copy_index.to_bytes(),
        CRAFT: checkpoint.craft.to_json().encode(),
    }
    manifest = {
        "format": FORMAT,
        "version": checkpoint.version,
        "parent": checkpoint.parent,
        "sha256": {name: _sha256(content) for name, content in contents.items()},
        "figures": checkpoint.figures,
    }
    contents[MANIFEST] = _json(manifest)
    _replace_folder(folder, contents)


def load_checkpoint(folder: Path, device: str | torch.device = "cpu") -> Checkpoint:
    """Verify and load a checkpoint, in single precision; raises CheckpointError.

    What one from before there was an index or a craft lacks is empty, and the log says so.
    """
    manifest, contents = _read_verified(folder)
    try:
        config = {**_SETTINGS_BEFORE, **json.loads(contents["config.json"])}
        model = LyricModel(ModelConfig.from_dict(config))
        weights = {
            name: value.float() for name, value in load(contents["weights.safetensors"]).items()
        }
        model.load_state_dict(weights)
        artists = json.loads(contents["artists.json"])
        return Checkpoint(
            version=manifest["version"],
            parent=manifest["parent"],
            model=model.to(device).eval(),
            tokenizer=Tokenizer.from_json(contents["tokenizer.json"].decode()),
            artists=tuple(artist["name"] for artist in artists),
            languages=tuple(artist["language"] for artist in artists),
            figures=manifest["figures"],
            copy_index=_copy_index(contents, folder),
            craft=_craft(contents, folder),
        )
    except (KeyError, TypeError, ValueError, RuntimeError, SafetensorError, ModelError) as error:
        raise CheckpointError(
            f"The checkpoint in {folder} does not fit this program ({error}). {_REMEDY}"
        ) from error


def replace_knowledge(folder: Path, index: CopyIndex, craft: Craft) -> None:
    """Give a checkpoint another index and craft; every other file stays as it is.

    Raises CheckpointError.
    """
    manifest, _ = _read_verified(folder)
    contents = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for name, content in ((COPY_INDEX, index.to_bytes()), (CRAFT, craft.to_json().encode())):
        contents[name] = content
        manifest["sha256"][name] = _sha256(content)
    contents[MANIFEST] = _json(manifest)
    _replace_folder(folder, contents)


def verify_checkpoint(folder: Path) -> dict[str, Any]:
    """Check that every file is there and unaltered, and return the manifest."""
    return _read_verified(folder)[0]


def _read_verified(folder: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        expected: dict[str, str] = manifest["sha256"]
        names = (*_FILES, *(name for name in _LATER_FILES if name in expected))
        contents = {name: (folder / name).read_bytes() for name in names}
        written_format = manifest["format"]
    except OSError as error:
        missing = Path(error.filename or folder).name
        raise CheckpointError(
            f"The checkpoint in {folder} has no readable {missing}. {_REMEDY}"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise CheckpointError(
            f"The manifest of the checkpoint in {folder} is damaged. {_REMEDY}"
        ) from error
    if written_format != FORMAT:
        raise CheckpointError(
            f"The checkpoint in {folder} has format {written_format}; this program reads {FORMAT}."
        )
    altered = [name for name in names if _sha256(contents[name]) != expected.get(name)]
    if altered:
        raise CheckpointError(
            f"The checkpoint in {folder} was cut or altered ({', '.join(altered)}). {_REMEDY}"
        )
    return manifest, contents


def _copy_index(contents: dict[str, bytes], folder: Path) -> CopyIndex:
    if COPY_INDEX in contents:
        return CopyIndex.from_bytes(contents[COPY_INDEX])
    _warn_of_want("copy index, so nothing keeps its verses from repeating lyrics", folder)
    return CopyIndex.empty()


def _craft(contents: dict[str, bytes], folder: Path) -> Craft:
    if CRAFT in contents:
        return Craft.from_json(contents[CRAFT].decode())
    _warn_of_want("words to rhyme with, so its verses rhyme by chance only", folder)
    return Craft()


def _warn_of_want(what: str, folder: Path) -> None:
    logger.warning(
        "The checkpoint in %s has no %s; mend it with: python -m model index --checkpoint %s"
        " --corpus …",
        folder,
        what,
        folder,
    )


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


def _json(value: dict[str, Any] | Sequence[Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
