"""The picture of a run is a PNG that Discord shows well, whatever there was to draw."""

import struct
from pathlib import Path

import pytest

from bot.retraining.curve import write_curve
from model.training.finetune import Comparison
from model.training.progress import FinetunePoint

_USUAL = [
    FinetunePoint("artists", 2.0, None, 2.9, 2.2),
    FinetunePoint("artists", 5.0, 4.4, 2.8, 2.2),
    FinetunePoint("training", 6.0, None, 2.8, 2.2),
    FinetunePoint("training", 9.0, 4.2, 2.5, 2.21),
    FinetunePoint("training", 12.0, 4.0, 2.6, 2.22),
]


@pytest.mark.parametrize(
    "points",
    [_USUAL, _USUAL[:1], [], [FinetunePoint("training", 1.0, float("nan"), 2.0, 2.0)]],
    ids=["usual", "one point", "none", "a loss that is no number"],
)
def test_it_is_a_light_png_at_least_as_wide_as_discord_shows(
    points: list[FinetunePoint], tmp_path: Path
) -> None:
    write_curve(points, Comparison(2.9, 2.5), tmp_path / "curve.png", "Training run 7")
    content = (tmp_path / "curve.png").read_bytes()
    assert content.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", content[16:24])
    assert width >= 550
    assert 1.5 < width / height < 2
    assert len(content) < 100_000
