"""Makes a picture or a sound of a beat, or reads one from a stranger's MIDI file: JSON from
standard input, the file (or JSON) to standard output.

A process of its own: matplotlib and the synthesiser take much memory, and minutes of music take
seconds of a core. It loads only what it needs, and others come first. What goes
wrong is told by the last line of its traceback: a fault of a roll, a missing or broken library.
"""

import json
import os
import sys
from base64 import b64decode
from typing import Any

from bot.rendering.orders import as_order
from model.errors import MidiError
from model.midi.instruments import Instrument
from model.midi.roll import PianoRoll

_NICENESS = 10


def main() -> None:
    os.nice(_NICENESS)
    order = json.load(sys.stdin)
    if sys.argv[1] == "read":
        sys.stdout.write(json.dumps(_read(order)))
        return
    roll = PianoRoll.of_chords(**order["roll"])
    make = {"picture": _picture, "audio": _audio}[sys.argv[1]]
    sys.stdout.buffer.write(make(roll, order))


def _picture(roll: PianoRoll, order: dict[str, Any]) -> bytes:
    from model.midi.picture import draw_roll

    return draw_roll(roll, num_prime_steps=order["num_prime_steps"])


def _audio(roll: PianoRoll, order: dict[str, Any]) -> bytes:
    from model.midi.audio import render_audio

    return render_audio(roll, Instrument[order["instrument"]])


def _read(order: dict[str, Any]) -> dict[str, Any]:
    """The roll, or what is wrong with the file."""
    from model.midi.reader import read_midi

    try:
        roll = read_midi(b64decode(order["data"]), steps_per_beat=order["steps_per_beat"])
    except MidiError as error:
        return {"sentence": str(error.sentence), "values": error.values}
    return {"roll": as_order(roll)}


if __name__ == "__main__":
    main()
