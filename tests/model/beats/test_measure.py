"""What is usual in a style: nearly all of its pieces keep to it, and odd notes do not count."""

import numpy as np

from model.beats.measure import measure_style
from model.midi import NUM_KEYS, PianoRoll


def _roll(*notes: tuple[int, int, int], tempo: float = 100.0, length: int = 64) -> PianoRoll:
    """Notes of (key, start, end): of a chord of C, so that nothing is moved."""
    frames = np.zeros((length, NUM_KEYS), dtype=np.bool_)
    for key, start, end in notes:
        frames[start:end, key] = True
    return PianoRoll(frames, tempo=tempo)


def test_limits_are_those_of_the_pieces() -> None:
    rolls = [
        _roll((15, 0, 8), (19, 0, 4), (22, 0, 4), (27, 4, 8), tempo=90),
        _roll((27, 8, 14), (31, 8, 10), (34, 8, 10), (51, 8, 10), tempo=96),
        _roll((27, 2, 6), (31, 2, 6), (34, 2, 6), tempo=120),
    ]
    style = measure_style("march", rolls)
    assert (style.name, style.tempo, style.beats_per_bar) == ("march", 96, 4)
    limits = style.limits
    assert (limits.lowest_key, limits.highest_key) == (15, 51)
    assert (limits.max_keys, limits.max_held, limits.steps_per_change) == (4, 8, 2)


def test_one_odd_note_among_a_thousand_changes_nothing() -> None:
    usual = [((27, 31, 34, 39)[step % 4], 4 * step, 4 * step + 4) for step in range(1000)]
    odd = (80, 1, 200)
    style = measure_style("march", [_roll(*usual, odd, length=4000)])
    assert (style.limits.highest_key, style.limits.max_held) == (39, 4)
    assert style.limits.steps_per_change == 4


def test_the_key_of_a_piece_makes_no_difference() -> None:
    here = _roll((27, 0, 8), (31, 8, 10), (34, 8, 10), (39, 8, 10))
    higher = PianoRoll(np.roll(here.frames, 3, axis=1), tempo=100.0)
    assert measure_style("march", [here]) == measure_style("march", [higher])


def test_a_style_of_loops_leans_towards_two_bars_before() -> None:
    bars = [(key, 16 * bar, 16 * bar + 8) for bar, key in enumerate((27, 31, 27, 31, 27, 34))]
    looped = measure_style("march", [_roll(*bars, length=96)]).limits
    assert (looped.loop_steps, looped.loop_weight > 0) == (32, True)
    ever_new = [(15 + bar, 16 * bar, 16 * bar + 8) for bar in range(6)]
    assert measure_style("march", [_roll(*ever_new, length=96)]).limits.loop_steps == 0
