"""What a beat goes on from: a stranger's MIDI file or typed chords, as a piano roll."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bot.errors import BadPrime
from bot.generation.chords import read_chords
from bot.locale import N_
from bot.rendering.renderer import Renderer
from model.errors import MidiError
from model.midi import MAX_BYTES, MidiFault, PianoRoll
from model.midi.roll import chord_of


async def prime_of_file(data: bytes, steps_per_beat: int, reader: Renderer) -> PianoRoll:
    """The piece without the silence at its end. Raises BadPrime: what is wrong with the file."""
    try:
        roll = await reader.read(data, steps_per_beat)
    except MidiError as error:
        raise BadPrime(str(error.sentence), **error.values) from error
    if roll is None:
        raise BadPrime(N_("I could not read that file this time. Send it once more."))
    last = int(np.flatnonzero(roll.frames.any(axis=1))[-1])
    return replace(roll, frames=roll.frames[: last + 1])


def require_size(num_bytes: int) -> None:
    """Of a file that is not fetched yet. Raises BadPrime."""
    if num_bytes > MAX_BYTES:
        raise BadPrime(str(MidiFault.TOO_LARGE), limit=MAX_BYTES // 1024)


def prime_of_chords(text: str, steps_per_beat: int, beats_per_bar: int) -> PianoRoll:
    """A bar for each chord. Raises BadPrime where it cannot be read."""
    chords = [chord_of(keys) for keys in read_chords(text)]
    steps = [chord for chord in chords for _ in range(steps_per_beat * beats_per_bar)]
    return PianoRoll.of_chords(steps, steps_per_beat=steps_per_beat, beats_per_bar=beats_per_bar)


def texts_of_faults() -> Iterator[tuple[None, str]]:
    """For the catalogues of languages: the model's sentences are not marked where they stand."""
    for fault in MidiFault:
        yield None, str(fault)
