"""What is heard of a roll: long enough, loud enough, on pitch, without clipping or clicks."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import libsonare
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from model.errors import AudioError, SoundfontError, TooLongToHear
from model.midi import audio
from model.midi.audio import MAX_BYTES, SAMPLE_RATE, TAIL_S, render_audio
from model.midi.instruments import LONGEST_S, Instrument, check_length
from model.midi.roll import LOWEST_PITCH, NUM_KEYS, PianoRoll

A4 = 69 - LOWEST_PITCH


def roll_of(*keys: int, num_steps: int = 12, rest: int = 4, tempo: float = 120.0) -> PianoRoll:
    frames = np.zeros((num_steps + rest, NUM_KEYS), np.bool_)
    frames[:num_steps, list(keys)] = True
    return PianoRoll(frames, tempo=tempo)


def heard(mp3: bytes) -> NDArray[np.float64]:
    sound, rate = soundfile.read(io.BytesIO(mp3))
    assert rate == SAMPLE_RATE
    return np.asarray(sound, np.float64)


def loudness(sound: NDArray[np.float64]) -> float:
    return float(np.sqrt((sound**2).mean()))


@pytest.fixture(scope="module", params=Instrument, ids=lambda instrument: instrument.name)
def a_second(request: pytest.FixtureRequest) -> NDArray[np.float64]:
    """One A4 for a second, two of silence, and the tail."""
    return heard(render_audio(roll_of(A4, num_steps=8, rest=16), request.param))


def test_a_note_sounds_at_its_pitch_and_without_clipping(a_second: NDArray[np.float64]) -> None:
    assert loudness(a_second[:SAMPLE_RATE]) > 0.05
    assert 0.7 < np.abs(a_second).max() <= 1.0
    spectrum = np.abs(np.fft.rfft(a_second.mean(axis=1) * np.hanning(len(a_second))))
    frequency = np.fft.rfftfreq(len(a_second), 1 / SAMPLE_RATE)
    strongest = frequency[spectrum.argmax()] / 440
    assert strongest == pytest.approx(max(1, round(strongest)), rel=0.015)
    fundamental = spectrum[np.abs(frequency - 440) < 6].max()
    assert fundamental > 20 * spectrum[np.abs(frequency - 466.2) < 6].max()


def test_a_note_dies_away_when_it_has_ended(a_second: NDArray[np.float64]) -> None:
    silence = a_second[int(2.5 * SAMPLE_RATE) : 3 * SAMPLE_RATE]
    assert loudness(silence) < 0.2 * loudness(a_second[:SAMPLE_RATE])


def test_it_lasts_as_long_as_the_roll_and_a_tail_that_ends_in_silence() -> None:
    roll = roll_of(A4, num_steps=16, rest=0)
    sound = heard(render_audio(roll, Instrument.CHURCH_ORGAN))
    assert len(sound) / SAMPLE_RATE == pytest.approx(roll.seconds + TAIL_S, abs=0.05)
    assert np.abs(sound[-100:]).max() < 1e-3
    end = round(roll.seconds * SAMPLE_RATE)
    assert loudness(sound[end - 3200 : end]) > 0.05


def test_two_threads_make_the_same_bytes_as_one() -> None:
    roll = roll_of(A4, A4 + 4, num_steps=4)
    alone = render_audio(roll)
    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(lambda _: render_audio(roll), range(4))) == {alone}


def test_many_keys_at_once_do_not_clip() -> None:
    sound = heard(render_audio(roll_of(*range(0, NUM_KEYS, 2), num_steps=4)))
    assert 0.7 < np.abs(sound).max() <= 1.0


@pytest.mark.parametrize("num_steps", [0, 8])
def test_silence_stays_silent(num_steps: int) -> None:
    sound = heard(render_audio(roll_of(num_steps=num_steps)))
    assert np.abs(sound).max() < 1e-3
    assert len(sound) >= TAIL_S * SAMPLE_RATE


def test_what_is_too_long_is_refused_before_anything_is_made() -> None:
    roll = roll_of(A4, num_steps=round(LONGEST_S * 8) + 8)
    with pytest.raises(TooLongToHear, match="at most 240 can be made into sound"):
        render_audio(roll)
    check_length(roll_of(A4, num_steps=round(LONGEST_S * 8) - 4))


def test_the_longest_at_the_usual_rate_is_small_enough_to_send() -> None:
    mp3 = render_audio(roll_of(20, A4, num_steps=60))
    assert len(mp3) / (7.5 + TAIL_S) * (LONGEST_S + TAIL_S) < MAX_BYTES


def test_a_missing_soundfont_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Instrument, "soundfont", tmp_path / "gone.sf3")
    with pytest.raises(SoundfontError, match="Install Cypher again"):
        render_audio(roll_of(A4))


def test_a_fault_of_the_synthesiser_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise libsonare.SonareValueError("no voice")

    monkeypatch.setattr(libsonare.Project, "load_soundfont", fail)
    with pytest.raises(AudioError, match="The synthesiser cannot play this"):
        render_audio(roll_of(A4))


def test_the_soundfont_is_unpacked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    audio._soundfont.cache_clear()
    for _ in range(2):
        render_audio(roll_of(A4, num_steps=1, rest=0))
    assert audio._soundfont.cache_info().misses == 1
