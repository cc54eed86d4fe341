"""What people type or send as the beginning of a beat."""

import numpy as np
import pytest

from bot.errors import BadPrime
from bot.generation.chords import MAX_CHORDS, read_chords
from bot.generation.prime import prime_of_chords, prime_of_file
from bot.rendering import renderer
from bot.rendering.renderer import Renderer
from model.midi import LOWEST_PITCH, MidiFault, PianoRoll, write_midi


def pitch_classes(text: str) -> list[list[int]]:
    return [sorted({(key + LOWEST_PITCH) % 12 for key in chord}) for chord in read_chords(text)]


@pytest.mark.parametrize(
    ("text", "chords"),
    [
        ("C", [[0, 4, 7]]),
        ("C E G", [[0, 4, 7]]),
        ("C | E | G", [[0, 4, 7], [4, 8, 11], [2, 7, 11]]),
        ("Am F C G", [[0, 4, 9], [0, 5, 9], [0, 4, 7], [2, 7, 11]]),
        ("am, dm7", [[0, 4, 9], [0, 2, 5, 9]]),
        ("Bb F#dim", [[2, 5, 10], [0, 6, 9]]),
        ("C/E  Gmaj7", [[0, 4, 7], [2, 6, 7, 11]]),
        ("B♭ E♭ G", [[3, 7, 10]]),
        ("Cb", [[3, 6, 11]]),
    ],
)
def test_chords_are_read_as_musicians_write_them(text: str, chords: list[list[int]]) -> None:
    assert pitch_classes(text) == chords


def test_notes_are_stacked_in_the_order_in_which_they_are_named() -> None:
    (chord,) = read_chords("G C E")
    assert [key + LOWEST_PITCH for key in sorted(chord)] == [55, 60, 64]


def test_the_bass_of_a_chord_is_its_root_or_what_follows_the_slash() -> None:
    lowest = [(min(chord) + LOWEST_PITCH) % 12 for chord in read_chords("Am7 C/E")]
    assert lowest == [9, 4]


@pytest.mark.parametrize(
    "text", ["", "  ", "|", "H", "Am Xyz", "C//", "@everyone", "雨", "C" * 999]
)
def test_what_are_no_chords_is_told(text: str) -> None:
    with pytest.raises(BadPrime, match="C E G") as error:
        read_chords(text)
    assert len(str(error.value)) < 200


def test_there_is_a_bound_on_chords_and_no_key_beyond_the_piano() -> None:
    with pytest.raises(BadPrime, match="at most"):
        read_chords("Am " * (MAX_CHORDS + 1))
    (chord,) = read_chords("B A G F E D C B A G")
    assert all(0 <= key < 88 for key in chord)


def test_each_chord_lasts_a_bar_of_the_style() -> None:
    roll = prime_of_chords("Am F", steps_per_beat=4, beats_per_bar=3)
    assert len(roll) == 24
    assert len(set(roll.chords[:12])) == len(set(roll.chords[12:])) == 1


async def test_a_file_is_read_at_the_steps_of_the_model_without_its_silent_end() -> None:
    frames = np.zeros((32, 88), dtype=np.bool_)
    frames[4:10, 40] = True
    roll = await prime_of_file(write_midi(PianoRoll(frames)), 2, Renderer())
    assert len(roll) == 5
    assert roll.frames[2:, 40].all()


async def test_a_large_file_is_read_in_a_process_and_is_the_same_piece() -> None:
    frames = np.random.default_rng(3).random((300, 88)) < 0.05
    frames[-1, 40] = True
    data = write_midi(PianoRoll(frames, tempo=80.0))
    assert len(data) > 4096
    roll = await prime_of_file(data, 4, Renderer())
    assert (roll.frames == frames).all()
    assert roll.tempo == 80.0
    with pytest.raises(BadPrime, match="cut off"):
        await prime_of_file(data[:-1000], 4, Renderer())


async def test_a_reader_that_fails_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(renderer, "_TIMEOUT_S", 0.0)
    with pytest.raises(BadPrime, match="once more"):
        await prime_of_file(b"MThd" + bytes(9000), 4, Renderer())
    assert "a MIDI file was not read" in caplog.text


async def test_what_is_wrong_with_a_file_is_told_with_its_numbers() -> None:
    with pytest.raises(BadPrime, match="That is not a MIDI file") as error:
        await prime_of_file(b"RIFF", 4, Renderer())
    assert error.value.sentence.template == MidiFault.NOT_MIDI
    with pytest.raises(BadPrime, match="larger than 256 KB"):
        await prime_of_file(b"MThd" + bytes(300 * 1024), 4, Renderer())
