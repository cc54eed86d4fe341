"""What can be wrong with lyrics that are handed in, reviewed or withdrawn."""

from collections.abc import Mapping
from typing import ClassVar

from bot.errors.base import UserError
from bot.locale import N_, Value


class BadLyrics(UserError):
    def __init__(self, message: str, /, **values: Value) -> None:
        super().__init__(message, **values)


class DuplicateLyrics(UserError):
    """`state` is that of the lyrics already there: 'pending', 'approved' or 'refused'."""

    message = N_(
        "The words of “{title}” by {artist} are already known to me."
        " Submit a different song instead."
    )
    messages: ClassVar[Mapping[str, str]] = {
        "pending": N_(
            "The words of “{title}” by {artist} are already waiting for review."
            " Submit a different song instead."
        ),
        "approved": N_(
            "The words of “{title}” by {artist} are already in my songbook."
            " Submit a different song instead."
        ),
        "refused": N_(
            "The words of “{title}” by {artist} were refused by a reviewer before."
            " Submit a different song instead."
        ),
    }

    def __init__(self, artist: str, title: str, state: str) -> None:
        super().__init__(self.messages.get(state), artist=artist, title=title)
        self.artist = artist
        self.title = title
        self.state = state


class DuplicateBeat(DuplicateLyrics):
    """The same of a beat, whose style is in the artist's place."""

    message = N_(
        "The music of “{title}” ({artist}) is already known to me. Submit a different piece"
        " instead."
    )
    messages: ClassVar[Mapping[str, str]] = {
        "pending": N_(
            "The music of “{title}” ({artist}) is already waiting for review."
            " Submit a different piece instead."
        ),
        "approved": N_(
            "The music of “{title}” ({artist}) is already among what I learn from."
            " Submit a different piece instead."
        ),
        "refused": N_(
            "The music of “{title}” ({artist}) was refused by a reviewer before."
            " Submit a different piece instead."
        ),
    }


class BadMusic(UserError):
    """A MIDI file, or a style, that cannot be handed in."""

    def __init__(self, message: str, /, **values: Value) -> None:
        super().__init__(message, **values)


class TooManyPending(UserError):
    message = N_(
        "You already have {limit} submissions waiting for review."
        " Submit again when some of them are decided."
    )

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)
        self.limit = limit


class SubmissionsClosed(UserError):
    message = N_("Submissions are turned off here. An admin can turn them on again.")


class AlreadyReviewed(UserError):
    message = N_("Submission {lyrics_id} is decided already. See /submissions for what is left.")

    def __init__(self, lyrics_id: int, state: str) -> None:
        super().__init__(lyrics_id=lyrics_id)
        self.lyrics_id = lyrics_id
        self.state = state


class NoSuchLyrics(UserError):
    message = N_(
        "There is no submission {lyrics_id} (any more). See /submissions for what is waiting."
    )

    def __init__(self, lyrics_id: int) -> None:
        super().__init__(lyrics_id=lyrics_id)
        self.lyrics_id = lyrics_id
