"""What can be wrong with a MIDI file, each with a sentence that says what to do."""

from enum import StrEnum


class MidiFault(StrEnum):
    """The sentences of MidiError. What stands in braces is among the error's values."""

    NOT_MIDI = "That is not a MIDI file. Send a piece that was saved as .mid."
    TOO_LARGE = "That MIDI file is larger than {limit} KB. Send a shorter piece."
    CUT_OFF = "That MIDI file is cut off before its end. Save it again, and send it whole."
    CORRUPT = "That MIDI file is damaged. Open it in a music program, save it again, and send that."
    PATTERNS = (
        "That MIDI file holds separate patterns, not one piece. "
        "Save it as a MIDI file of type 0 or 1."
    )
    CLOCK_TIME = (
        "That MIDI file counts seconds, not beats. Save it with ticks per quarter note instead."
    )
    NO_RESOLUTION = (
        "That MIDI file says that a beat has no length. "
        "Open it in a music program, save it again, and send that."
    )
    TOO_MANY_TRACKS = "That MIDI file has more than {limit} tracks. Merge them, or send fewer."
    TOO_MANY_NOTES = "That MIDI file has more than {limit} notes. Send a part of it."
    TOO_LONG = "That piece lasts longer than {limit} minutes. Send a part of it."
    TEMPO = (
        "The tempo of that MIDI file is not between {lowest} and {highest} beats per minute. "
        "Set another one, and save it again."
    )
    DRUMS_ONLY = "That MIDI file has drums and nothing else. Send a piece with melody or chords."
    NO_NOTES = "That MIDI file has no notes on a piano's 88 keys. Send a piece that has some."
