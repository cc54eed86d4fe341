"""Beats from a checkpoint: as many bars as were asked for, after the prime, in its style."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from model.beats.plan import MAX_BARS, MAX_PRIME_BARS, plan_beat
from model.beats.writer import BeatWriter, write_beats
from model.engine import FrameLimits
from model.midi import NUM_KEYS, PianoRoll
from tests.factories import march, tiny_beat_checkpoint

CHORD = 1 << 39 | 1 << 43 | 1 << 46
CHECKPOINT = tiny_beat_checkpoint()


@pytest.mark.parametrize("num_bars", [1, 3])
def test_a_beat_has_its_bars(num_bars: int) -> None:
    (beat,) = write_beats(CHECKPOINT, [plan_beat(CHECKPOINT, "waltz", num_bars, 7)])
    assert beat.roll is not None
    assert len(beat.roll) == num_bars * 12
    assert (beat.roll.beats_per_bar, beat.roll.tempo) == (3, 140.0)
    assert beat.num_prime_steps == 0


@pytest.mark.parametrize("num_steps", [4, 16, 20, 400])
def test_it_opens_with_the_prime_and_ends_on_a_bar(num_steps: int) -> None:
    prime = PianoRoll.of_chords([CHORD] * num_steps)
    (beat,) = write_beats(CHECKPOINT, [plan_beat(CHECKPOINT, "march", 2, 7, prime=prime)])
    assert beat.roll is not None
    assert beat.num_prime_steps == min(num_steps, (MAX_PRIME_BARS - 1) * 16 + num_steps % 16)
    assert set(beat.roll.chords[: beat.num_prime_steps]) == {CHORD}
    assert len(beat.roll) % 16 == 0
    assert 16 <= len(beat.roll) - beat.num_prime_steps <= 32


def test_the_same_seed_gives_the_same_beat_whoever_else_asks() -> None:
    plans = [plan_beat(CHECKPOINT, "march", 2, seed) for seed in range(5)]
    together = write_beats(CHECKPOINT, plans)
    (alone,) = write_beats(CHECKPOINT, [plans[3]])
    assert alone.roll is not None
    assert together[3].roll is not None
    assert alone.roll.chords == together[3].roll.chords
    assert len({each.roll.chords for each in together if each.roll}) == 5


def test_of_a_long_prime_only_the_end_counts() -> None:
    """For the key too, so that the beat comes again from the part that is kept."""
    sharp, flat = 0b10010001 << 40, 0b10010001 << 43
    whole = PianoRoll.of_chords([sharp] * 3008 + [flat] * (7 * 16 + 4))
    plan = plan_beat(CHECKPOINT, "march", 2, 7, prime=whole)
    kept = PianoRoll.of_chords(plan.prime)
    assert plan_beat(CHECKPOINT, "march", 2, 7, prime=kept) == plan
    assert set(plan.prime) == {flat}


def test_a_prime_may_lie_outside_of_the_style() -> None:
    low = PianoRoll.of_chords([1 << 2] * 4)
    plan = plan_beat(CHECKPOINT, "march", 1, 0, prime=low)
    assert plan.limits.lowest_key + plan.shift == 2
    assert plan_beat(CHECKPOINT, "march", 1, 0).limits.lowest_key > 4


def test_a_beat_is_in_any_key_by_its_seed() -> None:
    shifts = Counter(plan_beat(CHECKPOINT, "march", 1, seed).shift for seed in range(200))
    assert sorted(shifts) == list(range(-6, 6))
    assert max(shifts.values()) < 40


def test_the_same_prime_in_another_key_gives_the_same_beat_in_that_key() -> None:
    # Between these two keys there is no jump back by an octave.
    primes = [PianoRoll(np.roll(march().frames, each, axis=1)) for each in (8, 10)]
    plans = [plan_beat(CHECKPOINT, "march", 2, 7, prime=prime) for prime in primes]
    assert plans[0].request.prompt == plans[1].request.prompt
    here, higher = (beat.roll for beat in write_beats(CHECKPOINT, plans))
    assert here is not None
    assert higher is not None
    assert np.array_equal(np.roll(here.frames, 2, axis=1), higher.frames)


def test_no_key_leaves_the_keyboard_when_a_beat_is_moved() -> None:
    everywhere = FrameLimits(lowest_key=0, highest_key=87)
    styles = tuple(replace(style, limits=everywhere) for style in CHECKPOINT.styles)
    checkpoint = replace(CHECKPOINT, styles=styles)
    for seed in range(20):
        plan = plan_beat(checkpoint, "march", 1, seed)
        assert plan.limits.lowest_key + plan.shift >= 0
        assert plan.limits.highest_key + plan.shift < NUM_KEYS
        assert (plan.limits.lowest_key == 0) or (plan.limits.highest_key == NUM_KEYS - 1)


def test_impossible_beats_are_refused() -> None:
    with pytest.raises(KeyError):
        plan_beat(CHECKPOINT, "polka", 4, 0)
    with pytest.raises(ValueError, match=f"between 1 and {MAX_BARS}"):
        plan_beat(CHECKPOINT, "march", MAX_BARS + 1, 0)


def test_a_beat_that_is_ended_says_so() -> None:
    writer = BeatWriter.of(CHECKPOINT, num_slots=4)
    beat_id = writer.add(plan_beat(CHECKPOINT, "march", 4, 0))
    writer.step()
    writer.abort(beat_id)
    (finished,) = writer.step()
    assert (finished.work_id, finished.work.reason, finished.work.roll) == (
        beat_id,
        "aborted",
        None,
    )
    assert not writer.has_work
