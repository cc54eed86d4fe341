"""The shipped starter of beats: small, and music in every style."""

from pathlib import Path

import numpy as np
import pytest

from model.beats.checkpoint import load_beat_checkpoint
from model.beats.plan import plan_beat
from model.beats.writer import write_beats
from model.evaluation.harmony import share_in_key
from model.evaluation.texture import notes_per_bar, rest_share

FOLDER = Path("checkpoints/beats")
STARTER = load_beat_checkpoint(FOLDER)


def test_it_is_small_and_has_a_card() -> None:
    sizes = {path.name: path.stat().st_size for path in FOLDER.iterdir()}
    assert sum(sizes.values()) < 4_000_000
    assert {"README.md", "curve.png"} <= set(sizes)
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert f"`{STARTER.version}`" in card
    assert all(style.name in card for style in STARTER.styles)


def test_its_beats_are_in_key_and_neither_empty_nor_crowded() -> None:
    styles = [style.name for style in STARTER.styles]
    plans = [plan_beat(STARTER, style, 8, seed) for style in styles for seed in range(2)]
    rolls = [beat.roll for beat in write_beats(STARTER, plans)]
    assert np.mean([share_in_key(roll) for roll in rolls if roll]) > 0.9
    for roll in rolls:
        assert roll is not None
        assert 3 < notes_per_bar(roll) < 30
        assert rest_share(roll) < 0.5


@pytest.mark.parametrize("style", ["boombap", "lofi", "trap"])
def test_a_beat_under_a_verse_comes_back_to_what_it_was(style: str) -> None:
    limits = STARTER.styles[STARTER.row_of(style)].limits
    assert (limits.loop_steps, limits.loop_weight > 0) == (32, True)
