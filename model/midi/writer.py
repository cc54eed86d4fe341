"""Piano rolls to MIDI files, as a pianist would play them."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import mido

from model.midi.roll import LOWEST_PITCH, PianoRoll, Span

PIANO = 0  # the acoustic grand of General MIDI
MAX_NAME_CHARACTERS = 100

_TICKS_PER_BEAT = 480  # or somewhat more, so that a step is a whole number of ticks
_VELOCITY = 64
_ON_THE_BAR = 16  # louder by this
_ON_THE_BEAT = 8
_MELODY = 14  # the highest key that sounds


@dataclass(frozen=True, slots=True)
class Strike(Span):
    """One key, pressed at one step and let go at another, and how hard."""

    velocity: int


def write_midi(roll: PianoRoll, *, name: str | None = None) -> bytes:
    """A file of one track: `name`, tempo, time signature and a piano.

    It lasts as long as the roll, with the silence at its end. Raises ValueError when MIDI has no
    number for its tempo, its bar or its step.
    """
    ticks_per_step = -(-_TICKS_PER_BEAT // roll.steps_per_beat)
    track = mido.MidiTrack(_heading(roll, name))
    now = 0
    for step, message in sorted(_messages(roll), key=_in_order):
        message.time = (step - now) * ticks_per_step
        track.append(message)
        now = step
    rest = (len(roll) - now) * ticks_per_step
    track.append(mido.MetaMessage("end_of_track", time=rest))
    file = BytesIO()
    ticks_per_beat = ticks_per_step * roll.steps_per_beat
    if ticks_per_beat > 0x7FFF:
        raise ValueError(f"MIDI has no step of a {roll.steps_per_beat}th of a beat.")
    mido.MidiFile(type=0, ticks_per_beat=ticks_per_beat, tracks=[track]).save(file=file)
    return file.getvalue()


def strikes(roll: PianoRoll) -> Iterator[Strike]:
    """Every time a key is struck, key by key.

    A key that sounds in neighbouring frames is held, as far as a piano's tone carries: once it has
    sounded for a whole bar, it is struck again at each bar line. The frames are the same.
    """
    melody = roll.frames.shape[1] - 1 - roll.frames[:, ::-1].argmax(axis=1)
    bar = roll.steps_per_bar
    for held in roll.spans:
        key, bar_line = held.key, -(-(held.start + bar) // bar) * bar
        starts = [held.start, *range(bar_line, held.end, bar)]
        for start, end in zip(starts, [*starts[1:], held.end], strict=True):
            velocity = _VELOCITY + _accent(start, roll) + (_MELODY if melody[start] == key else 0)
            yield Strike(key, start, end, velocity)


def _accent(step: int, roll: PianoRoll) -> int:
    if step % roll.steps_per_bar == 0:
        return _ON_THE_BAR
    return _ON_THE_BEAT if step % roll.steps_per_beat == 0 else 0


def _heading(roll: PianoRoll, name: str | None) -> list[mido.Message | mido.MetaMessage]:
    heading: list[mido.Message | mido.MetaMessage] = [
        mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(roll.tempo)),
        mido.MetaMessage("time_signature", numerator=roll.beats_per_bar, denominator=4),
        mido.Message("program_change", program=PIANO),
    ]
    if name:
        # mido writes Latin-1, by a variable of the whole process. These are the bytes of UTF-8.
        text = name[:MAX_NAME_CHARACTERS].encode(errors="replace").decode("latin-1")
        heading.insert(0, mido.MetaMessage("track_name", name=text))
    return heading


def _messages(roll: PianoRoll) -> Iterator[tuple[int, mido.Message]]:
    for each in strikes(roll):
        pitch = each.key + LOWEST_PITCH
        yield each.start, mido.Message("note_on", note=pitch, velocity=each.velocity)
        yield each.end, mido.Message("note_off", note=pitch, velocity=0)


def _in_order(timed: tuple[int, mido.Message]) -> tuple[int, bool, int]:
    """Keys are let go before others, or they themselves, are struck."""
    step, message = timed
    return step, message.type == "note_on", message.note
