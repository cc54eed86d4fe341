"""What beats are played on, and for how long at most."""

from enum import Enum
from pathlib import Path

from model.errors import TooLongToHear
from model.midi.roll import PianoRoll

LONGEST_S = 240.0
_SOUNDS = Path(__file__).with_name("sounds")


class Instrument(Enum):
    """By its number in General MIDI, from 0; each has a soundfont of its own."""

    PIANO = 0
    ELECTRIC_PIANO = 4
    CHURCH_ORGAN = 19
    STRINGS = 48

    @property
    def program(self) -> int:
        return self.value

    @property
    def soundfont(self) -> Path:
        return _SOUNDS / f"{self.name.lower()}.sf3"


def check_length(roll: PianoRoll) -> None:
    """Raises TooLongToHear."""
    if roll.seconds > LONGEST_S:
        raise TooLongToHear(roll.seconds, LONGEST_S)
