"""A checkpoint is a folder: weights, config, tokenizer, artists, what verses need, and hashes.

How it is written and verified stands in `checkpoint_folder`. Nothing in it is a pickle.
"""

import json
import logging
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from model.checkpoint_folder import (
    REMEDY,
    read_verified,
    replace_files,
    to_json,
    weights_from_bytes,
    weights_to_bytes,
    write_folder,
)
from model.config import ModelConfig
from model.copyguard import CopyIndex
from model.corpus.tokenizer import Tokenizer
from model.craft import Craft
from model.errors import CheckpointError, ModelError
from model.network.lyric_model import LyricModel

logger = logging.getLogger(__name__)

_FILES = ("weights.safetensors", "config.json", "tokenizer.json", "artists.json")
COPY_INDEX, CRAFT = "copy_index.safetensors", "craft.json"
_LATER_FILES = (COPY_INDEX, CRAFT)  # not in checkpoints of before they existed
# What a config.json meant that was written before these were settings.
_SETTINGS_BEFORE = {"layer_norm": False, "residual": False}


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
    artists = [
        {"name": name, "language": language}
        for name, language in zip(checkpoint.artists, checkpoint.languages, strict=True)
    ]
    contents = {
        "weights.safetensors": weights_to_bytes(checkpoint.model),
        "config.json": to_json(asdict(checkpoint.model.config)),
        "tokenizer.json": checkpoint.tokenizer.to_json().encode(),
        "artists.json": to_json(artists),
        COPY_INDEX: checkpoint.copy_index.to_bytes(),
        CRAFT: checkpoint.craft.to_json().encode(),
    }
    facts = {
        "version": checkpoint.version,
        "parent": checkpoint.parent,
        "figures": checkpoint.figures,
    }
    write_folder(folder, contents, facts)


def load_checkpoint(folder: Path, device: str | torch.device = "cpu") -> Checkpoint:
    """Verify and load a checkpoint, in single precision; raises CheckpointError.

    What one from before there was an index or a craft lacks is empty, and the log says so.
    """
    manifest, contents = read_verified(folder, _FILES, _LATER_FILES)
    try:
        config = {**_SETTINGS_BEFORE, **json.loads(contents["config.json"])}
        model = LyricModel(ModelConfig.from_dict(config))
        model.load_state_dict(weights_from_bytes(contents["weights.safetensors"]))
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
            f"The checkpoint in {folder} does not fit this program ({error}). {REMEDY}"
        ) from error


def replace_knowledge(folder: Path, index: CopyIndex, craft: Craft) -> None:
    """Give a checkpoint another index and craft; every other file stays as it is.

    Raises CheckpointError.
    """
    read_verified(folder, _FILES, _LATER_FILES)
    replace_files(folder, {COPY_INDEX: index.to_bytes(), CRAFT: craft.to_json().encode()})


def verify_checkpoint(folder: Path) -> dict[str, Any]:
    """Check that every file is there and unaltered, and return the manifest."""
    return read_verified(folder, _FILES, _LATER_FILES)[0]


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
