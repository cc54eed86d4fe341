"""A checkpoint of beats on disk: whole, or refused in a sentence."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.beats.checkpoint import load_beat_checkpoint, save_beat_checkpoint
from model.checkpoint import load_checkpoint
from model.errors import CheckpointError
from tests.factories import tiny_beat_checkpoint


def test_it_comes_back_as_it_was(tmp_path: Path) -> None:
    checkpoint = replace(tiny_beat_checkpoint(), parent="beats-0", figures={"nats_per_frame": 9.5})
    save_beat_checkpoint(checkpoint, tmp_path / "beats")
    loaded = load_beat_checkpoint(tmp_path / "beats")
    assert loaded.styles == checkpoint.styles
    assert (loaded.version, loaded.parent) == (checkpoint.version, "beats-0")
    assert loaded.figures == checkpoint.figures
    for name, value in checkpoint.model.state_dict().items():
        assert torch.equal(loaded.model.state_dict()[name], value.half().float())


@pytest.mark.parametrize("name", ["weights.safetensors", "config.json", "styles.json"])
def test_an_altered_file_is_noticed(tmp_path: Path, name: str) -> None:
    save_beat_checkpoint(tiny_beat_checkpoint(), tmp_path / "beats")
    with (tmp_path / "beats" / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(CheckpointError, match=f"cut or altered.*{name}"):
        load_beat_checkpoint(tmp_path / "beats")


def test_beats_are_no_lyrics_and_lyrics_no_beats(tmp_path: Path) -> None:
    save_beat_checkpoint(tiny_beat_checkpoint(), tmp_path / "beats")
    with pytest.raises(CheckpointError, match=r"no readable tokenizer\.json"):
        load_checkpoint(tmp_path / "beats")
    manifest = tmp_path / "beats" / "manifest.json"
    values = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**values, "kind": "drums"}))
    with pytest.raises(CheckpointError, match="one of drums"):
        load_beat_checkpoint(tmp_path / "beats")


def test_parts_that_do_not_belong_together_are_refused() -> None:
    checkpoint = tiny_beat_checkpoint()
    with pytest.raises(CheckpointError, match="knows 2 styles, and 1"):
        replace(checkpoint, styles=checkpoint.styles[:1])
    with pytest.raises(CheckpointError, match="bars of 16 steps"):
        replace(checkpoint, steps_per_beat=8)
