"""The files of a beat: the same of a stored one as of a new one, and a word for what is missing."""

from typing import Any, Literal

import pytest

from bot.errors import BeatTooLong
from bot.rendering.beat_files import BeatFiler, midi_of
from bot.rendering.renderer import Renderer
from model.midi import PianoRoll, read_midi


class Echo(Renderer):
    """Makes of a beat what it was told of it."""

    async def _make(self, what: Literal["picture", "audio"], *told: Any, **order: Any) -> bytes:
        (roll,) = told
        return repr((what, roll.chords, sorted(order.items()))).encode()


@pytest.fixture
def roll() -> PianoRoll:
    return PianoRoll.of_chords([1 << 40, 1 << 40, 0, 1 << 52 | 1 << 30] * 8, tempo=96.0)


async def test_a_stored_beat_has_the_same_files_as_a_new_one(roll: PianoRoll) -> None:
    filer = BeatFiler(Echo())
    new = await filer.of(roll, num_prime_steps=4)
    stored = await filer.again(new.midi, steps_per_beat=4, num_prime_steps=4)
    assert stored == new
    assert new.picture is not None
    assert b"('num_prime_steps', 4)" in new.picture
    assert str(new.description).startswith("Piano roll. Bars: 2, of which 0.2 were given")


async def test_what_is_too_long_to_hear_is_seen_and_kept(
    roll: PianoRoll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.midi.instruments.LONGEST_S", 1.0)
    files = await BeatFiler(Echo()).of(roll)
    assert files.picture is not None
    assert files.audio is None
    assert str(files.silence) == str(BeatTooLong(5, 1))


async def test_an_operator_may_want_no_sound(roll: PianoRoll) -> None:
    files = await BeatFiler(Echo(), makes_audio=False).of(roll)
    assert (files.audio, files.silence) == (None, None)


async def test_of_what_was_erased_or_is_silent_nothing_is_made() -> None:
    silent = midi_of(PianoRoll.of_chords([0] * 16))
    for midi in (b"", silent):
        files = await BeatFiler(Echo()).again(midi, steps_per_beat=4)
        assert (files.midi, files.picture, files.audio) == (midi, None, None)
        assert "could not make sound" in str(files.silence)


def test_the_beginning_can_be_kept_alone(roll: PianoRoll) -> None:
    first = read_midi(midi_of(roll, 8), steps_per_beat=4)
    assert first.chords == roll.chords[:8]
    assert read_midi(midi_of(roll), steps_per_beat=4).chords == roll.chords
