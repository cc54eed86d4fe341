"""The picture of a roll: its size, its colours, and that everything that sounds is in it."""

import io
import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.image import imread
from numpy.typing import NDArray

from model.midi import picture
from model.midi.picture import draw_roll
from model.midi.picture_layout import WIDTH, Layout
from model.midi.roll import NUM_KEYS, PianoRoll
from model.midi.voices import Part

# What people see who lack the cones for red or for green, of linear light (Machado et al. 2009).
_SEEN = {
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
}


def random_roll(num_bars: int, density: float, keys: range = range(20, 70)) -> PianoRoll:
    """Blocks of a quarter note, so that there are notes and not dots."""
    rng = np.random.default_rng(num_bars)
    frames = np.zeros((num_bars * 16, NUM_KEYS), np.bool_)
    blocks = rng.random((num_bars * 4, len(keys))) < density
    frames[:, keys.start : keys.stop] = blocks.repeat(4, axis=0)
    return PianoRoll(frames)


def pixels(png: bytes) -> NDArray[np.uint8]:
    return (imread(io.BytesIO(png))[:, :, :3] * 255).round().astype(np.uint8)


def num_of(colour: str, image: NDArray[np.uint8]) -> int:
    wanted = (np.array(to_rgb(colour)) * 255).round()
    return int((np.abs(image - wanted).max(axis=2) <= 1).sum())


@pytest.mark.parametrize(
    "roll",
    [
        PianoRoll(np.zeros((0, NUM_KEYS), np.bool_)),
        PianoRoll(np.zeros((64, NUM_KEYS), np.bool_)),
        random_roll(8, 0.02),
        random_roll(8, 0.3, range(NUM_KEYS)),
        random_roll(32, 0.15, range(NUM_KEYS)),
        PianoRoll(random_roll(100, 0.05).frames[:-5]),
    ],
    ids=["nothing", "silence", "sparse", "dense", "long", "very long"],
)
def test_it_is_a_light_png_that_discord_shows_well(roll: PianoRoll) -> None:
    png = draw_roll(roll, num_prime_steps=24)
    assert png.startswith(b"\x89PNG\r\n")
    height, width, _ = pixels(png).shape
    assert width == WIDTH
    assert 0.3 < height / width < 1.9
    assert len(png) < 200_000


def test_what_was_given_is_pale_and_the_rest_is_not() -> None:
    roll = random_roll(2, 0.1)
    drawn = [
        num_of(picture._COLOURS[Part.INNER], pixels(draw_roll(roll, num_prime_steps=n)))
        for n in (0, 16, 32)
    ]
    assert drawn[0] > drawn[1] > drawn[2]


def test_the_same_roll_gives_the_same_bytes_from_any_thread() -> None:
    roll = random_roll(4, 0.1)
    with ThreadPoolExecutor(4) as pool:
        drawn = set(pool.map(lambda _: draw_roll(roll, num_prime_steps=8), range(8)))
    assert len(drawn) == 1


def test_a_note_over_the_end_of_a_row_is_in_both() -> None:
    frames = np.zeros((32 * 16, NUM_KEYS), np.bool_)
    frames[100:300, 40] = True
    layout = Layout.of(PianoRoll(frames))
    boxes = list(layout.boxes(40, 100, 300))
    assert layout.num_rows == 4
    assert [box[1] for box in boxes] == [layout.y(41, row) for row in (0, 1, 2)]
    step = layout.x(1, 0) - layout.x(0, 0)
    assert sum(right - left for left, _, right, _ in boxes) == pytest.approx(200 * step, abs=6)


@pytest.mark.parametrize("keys", [(0,), (87,), (0, 87), (40,), ()])
def test_the_keys_shown_hold_all_that_sound_and_some_around(keys: tuple[int, ...]) -> None:
    frames = np.zeros((16, NUM_KEYS), np.bool_)
    frames[:, list(keys)] = True
    shown = Layout.of(PianoRoll(frames)).keys
    assert set(keys) <= set(shown) <= set(range(NUM_KEYS))
    assert len(shown) >= 25


@pytest.mark.parametrize("sight", ["usual", *_SEEN])
def test_the_parts_differ_to_every_eye(sight: str) -> None:
    seen = np.array(_SEEN.get(sight, np.eye(3)))
    colours = [
        np.clip(seen @ np.power(to_rgb(colour), 2.2), 0, 1) ** (1 / 2.2)
        for colour in picture._COLOURS.values()
    ]
    for one, other in itertools.combinations(colours, 2):
        assert np.linalg.norm(one - other) > 0.3
