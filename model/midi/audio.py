"""A piano roll as sound: played by a soundfont's instrument, encoded as MP3.

MP3 because every Discord client plays it, and because the same music gives the same bytes (an OGG
carries a random number).
"""

import functools
import io
import math
from pathlib import Path

import libsonare
import numpy as np
import soundfile
from numpy.typing import NDArray

from model.errors import AudioError
from model.midi.instruments import Instrument, check_length
from model.midi.roll import LOWEST_PITCH, PianoRoll
from model.midi.soundfont import read_soundfont
from model.midi.writer import strikes

SAMPLE_RATE = 32_000
MAX_BYTES = 8_000_000
TAIL_S = 2.0  # what still sounds after the last step
_FADE_S = 1.2  # at its end
_PEAK = 0.89  # one decibel below full scale: encoding adds a little
_FAINTEST = 1e-5  # what is below is silence, and is not made louder
_POLYPHONY = 32
_BLOCK = 32_768  # frames encoded at once: one huge write overflows the stack of some encoders

Sound = NDArray[np.float32]


def render_audio(roll: PianoRoll, instrument: Instrument = Instrument.PIANO) -> bytes:
    """An MP3 in stereo of the roll and TAIL_S more. Raises AudioError.

    Safe from any thread; touches no audio device. A minute takes 65 MB and some 6 s of one core,
    most of them without Python's lock.
    """
    check_length(roll)
    mp3 = _encode(_finish(play(roll, instrument)))
    if len(mp3) > MAX_BYTES:
        raise AudioError(f"This would be {len(mp3):,} bytes; at most {MAX_BYTES:,} can be sent.")
    return mp3


def play(roll: PianoRoll, instrument: Instrument) -> Sound:
    """Frames of two channels as the synthesiser gives them."""
    num_frames = math.ceil((roll.seconds + TAIL_S) * SAMPLE_RATE)
    soundfont = _soundfont(instrument.soundfont)
    try:
        with libsonare.Project() as project:
            project.set_sample_rate(SAMPLE_RATE)
            project.set_tempo_segments([(0.0, roll.tempo)])
            project.load_soundfont(soundfont)
            _, clip = project.add_midi_clip(0.0, len(roll) / roll.steps_per_beat + 1)
            project.set_midi_events(clip, _events(roll, instrument))
            sound = project.bounce_with_sf2_instrument(
                libsonare.Sf2InstrumentConfig(polyphony=_POLYPHONY),
                total_frames=num_frames,
                num_channels=2,
                sample_rate=SAMPLE_RATE,
            )
    except libsonare.SonareError as error:
        raise AudioError(f"The synthesiser cannot play this ({error}).") from error
    return np.asarray(sound, np.float32)


@functools.cache
def _soundfont(path: Path) -> bytes:
    """Unpacked once in a process."""
    return read_soundfont(path)


def _events(roll: PianoRoll, instrument: Instrument) -> list[tuple[float, int, int]]:
    """In beats; keys are let go before others are struck at the same moment."""
    project = libsonare.Project
    events = [(0.0, 0, project.midi_program(0.0, 0, 0, instrument.program))]
    for strike in strikes(roll):
        pitch = strike.key + LOWEST_PITCH
        start, end = strike.start / roll.steps_per_beat, strike.end / roll.steps_per_beat
        events.append((start, 2, project.midi_note_on(start, 0, 0, pitch, strike.velocity)))
        events.append((end, 1, project.midi_note_off(end, 0, 0, pitch)))
    events.sort(key=lambda event: event[:2])
    return [event for _, _, event in events]


def _finish(sound: Sound) -> Sound:
    """As loud as it may be, and gone at the end without a click."""
    peak = float(np.abs(sound).max(initial=0.0))
    if not np.isfinite(peak):
        raise AudioError("The synthesiser gave no sound that can be played.")
    if peak > _FAINTEST:
        sound *= np.float32(_PEAK / peak)
    num_faded = min(len(sound), round(_FADE_S * SAMPLE_RATE))
    fade = np.cos(np.linspace(0, np.pi / 2, num_faded, dtype=np.float32)) ** 2
    sound[len(sound) - num_faded :] *= fade[:, None]
    return sound


def _encode(sound: Sound) -> bytes:
    file = io.BytesIO()
    try:
        with soundfile.SoundFile(
            file, "w", SAMPLE_RATE, sound.shape[1], format="MP3", subtype="MPEG_LAYER_III"
        ) as mp3:
            for start in range(0, len(sound), _BLOCK):
                mp3.write(sound[start : start + _BLOCK])
    except soundfile.LibsndfileError as error:
        raise AudioError(f"The sound cannot be encoded ({error}).") from error
    return file.getvalue()
