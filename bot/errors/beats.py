"""What can go wrong with a beat, for members."""

from bot.errors.base import UserError
from bot.locale import N_, Value


class NoBeats(UserError):
    message = N_(
        "I have not learned to write beats: this bot has no model for them. Its operator can add"
        " one."
    )


class UnknownStyle(UserError):
    """`styles` are those that the live checkpoint knows."""

    message = N_("I write no beats in the style {name}. Choose among {styles}.")

    def __init__(self, name: str, styles: tuple[str, ...]) -> None:
        super().__init__(name=name, styles=styles)
        self.name = name
        self.styles = styles


class BadPrime(UserError):
    """A MIDI file or chords that a beat cannot go on from."""

    def __init__(self, message: str, /, **values: Value) -> None:
        super().__init__(message, **values)


class BeatTooLong(UserError):
    message = N_("This beat plays for {seconds} seconds; at most {limit} can be made into sound.")

    def __init__(self, seconds: int, limit: int) -> None:
        super().__init__(seconds=seconds, limit=limit)
        self.seconds, self.limit = seconds, limit


class NoSuchBeat(UserError):
    message = N_("That beat is gone. Make a new one with /beat.")

    def __init__(self, beat_id: int) -> None:
        super().__init__()
        self.beat_id = beat_id


class PrimeAndChord(UserError):
    message = N_("A beat goes on from one thing. Give me prime or chord, not both.")


class ArtistOfBeats(UserError):
    message = N_("A beat has a style and no artist. Give me style, or look at verses.")
