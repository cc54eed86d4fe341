"""A piano roll as JSON, between the bot and the processes that work for it."""

from typing import Any

from model.midi.roll import PianoRoll


def as_order(roll: PianoRoll) -> dict[str, Any]:
    """What `PianoRoll.of_chords` takes."""
    return {
        "chords": roll.chords,
        "steps_per_beat": roll.steps_per_beat,
        "beats_per_bar": roll.beats_per_bar,
        "tempo": roll.tempo,
    }
