"""A checkpoint of beats: a model of piano rolls, its styles and what is usual in each of them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

import torch
from safetensors import SafetensorError

from model.checkpoint_folder import (
    REMEDY,
    read_verified,
    to_json,
    weights_from_bytes,
    weights_to_bytes,
    write_folder,
)
from model.config import FrameModelConfig
from model.engine.sequence import FrameLimits
from model.errors import CheckpointError, ModelError
from model.network.frame_model import FrameModel

KIND = "beats"
_FILES = ("weights.safetensors", "config.json", "styles.json")


@dataclass(frozen=True, slots=True)
class Style:
    """What is usual in the pieces of a style: how fast they are, how long a bar is, and what their
    frames keep to. There are `steps_per_beat` frames to a quarter note. `temperature` is how bold
    its beats are where nobody says.
    """

    name: str
    tempo: float
    beats_per_bar: int
    limits: FrameLimits
    temperature: float = 1.0

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The style that `asdict` has taken apart."""
        return cls(**{**values, "limits": FrameLimits(**values["limits"])})


@dataclass(frozen=True, slots=True, eq=False)
class BeatCheckpoint:
    """A model with everything needed to write beats.

    `styles` are in the order of the embedding's rows, and every roll that it has learned from had
    `steps_per_beat`. Raises CheckpointError when the parts do not belong together.
    """

    version: str
    model: FrameModel
    styles: tuple[Style, ...]
    steps_per_beat: int
    parent: str | None = None
    figures: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        config = self.model.config
        if config.num_artists != len(self.styles):
            raise CheckpointError(
                f"The network knows {config.num_artists} styles, and {len(self.styles)} are given."
            )
        longest = max(style.beats_per_bar for style in self.styles) * self.steps_per_beat
        if config.grid_steps and longest > config.grid_steps:
            raise CheckpointError(
                f"The network knows bars of {config.grid_steps} steps, and a style has {longest}."
            )

    def row_of(self, style: str) -> int:
        """Which row of the embedding is that style. Raises KeyError."""
        rows = {each.name: row for row, each in enumerate(self.styles)}
        return rows[style]


def save_beat_checkpoint(checkpoint: BeatCheckpoint, folder: Path) -> None:
    """Write or replace `folder` atomically; weights are stored in half precision."""
    styles: Sequence[dict[str, Any]] = [asdict(style) for style in checkpoint.styles]
    contents = {
        "weights.safetensors": weights_to_bytes(checkpoint.model),
        "config.json": to_json(asdict(checkpoint.model.config)),
        "styles.json": to_json(styles),
    }
    facts = {
        "kind": KIND,
        "version": checkpoint.version,
        "parent": checkpoint.parent,
        "steps_per_beat": checkpoint.steps_per_beat,
        "figures": checkpoint.figures,
    }
    write_folder(folder, contents, facts)


def load_beat_checkpoint(folder: Path, device: str | torch.device = "cpu") -> BeatCheckpoint:
    """Verify and load a checkpoint, in single precision; raises CheckpointError."""
    manifest, contents = read_verified(folder, _FILES)
    try:
        if manifest["kind"] != KIND:
            raise CheckpointError(f"it is one of {manifest['kind']}")
        model = FrameModel(FrameModelConfig.from_dict(json.loads(contents["config.json"])))
        model.load_state_dict(weights_from_bytes(contents["weights.safetensors"]))
        styles = json.loads(contents["styles.json"])
        return BeatCheckpoint(
            version=manifest["version"],
            model=model.to(device).eval(),
            styles=tuple(Style.from_dict(values) for values in styles),
            steps_per_beat=manifest["steps_per_beat"],
            parent=manifest["parent"],
            figures=manifest["figures"],
        )
    except (KeyError, TypeError, ValueError, RuntimeError, SafetensorError, ModelError) as error:
        raise CheckpointError(
            f"The checkpoint of beats in {folder} does not fit this program ({error}). {REMEDY}"
        ) from error
