"""What is usual in a style: nearly all of its pieces keep to it, and odd notes do not count."""

import numpy as np

from model.beats.measure import measure_style
from model.midi import NUM_KEYS, PianoRoll


def _roll(*notes: tuple[int, int, int], tempo: float = 100.0, length: int = 64) -> PianoRoll:
    """Notes of (key, start, end)."""
    frames = np.zeros((length, NUM_KEYS), dtype=np.bool_)
    for key, start, end in notes:
        frames[start:end, key] = True
    return PianoRoll(frames, tempo=tempo)


def test_limits_are_those_of_the_pieces() -> None:
    rolls = [
        _roll((20, 0, 8), (30, 4, 8), tempo=90),
        _roll((25, 0, 4), (40, 8, 14), (44, 8, 10), (50, 8, 10), tempo=96),
        _roll((22, 2, 6), tempo=120),
    ]
    style = measure_style("march", rolls)
    assert (style.name, style.tempo, style.beats_per_bar) == ("march", 96, 4)
    limits = style.limits
    assert (limits.lowest_key, limits.highest_key) == (20, 50)
    assert (limits.max_keys, limits.max_held, limits.steps_per_change) == (3, 8, 2)


def test_one_odd_note_among_a_thousand_changes_nothing() -> None:
    usual = [(40 + step % 5, 4 * step, 4 * step + 4) for step in range(1000)]
    odd = (80, 1, 200)
    style = measure_style("march", [_roll(*usual, odd, length=4000)])
    assert (style.limits.highest_key, style.limits.max_held) == (44, 4)
    assert style.limits.steps_per_change == 4
