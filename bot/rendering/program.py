"""Makes a picture or a sound of a beat: JSON from standard input, the file to standard output.

A process of its own: matplotlib and the synthesiser take much memory, and minutes of music take
seconds of a core. It loads only what it needs, and others come first. What goes
wrong is told by the last line of its traceback: a fault of a roll, a missing or broken library.
"""

import json
import os
import sys
from typing import Any

from model.midi.instruments import Instrument
from model.midi.roll import PianoRoll

_NICENESS = 10


def main() -> None:
    os.nice(_NICENESS)
    order = json.load(sys.stdin)
    roll = PianoRoll.of_chords(**order["roll"])
    make = {"picture": _picture, "audio": _audio}[sys.argv[1]]
    sys.stdout.buffer.write(make(roll, order))


def _picture(roll: PianoRoll, order: dict[str, Any]) -> bytes:
    from model.midi.picture import draw_roll

    return draw_roll(roll, num_prime_steps=order["num_prime_steps"])


def _audio(roll: PianoRoll, order: dict[str, Any]) -> bytes:
    from model.midi.audio import render_audio

    return render_audio(roll, Instrument[order["instrument"]])


if __name__ == "__main__":
    main()
