"""What keeps a member's submission out, or a reviewer's decision from being made."""

from bot.errors.base import UserError
from bot.locale import N_, Sentence

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86_400.0


class AccountTooYoung(UserError):
    message = N_(
        "Submissions are taken from accounts that are {min_days} days old. Yours will be {when}."
    )

    def __init__(self, min_days: int, seconds: float) -> None:
        super().__init__(min_days=min_days, when=_from_now(seconds))
        self.min_days = min_days


class TooManySubmissions(UserError):
    """`days` is how long each submission counts."""

    message = N_("You handed in {limit} pieces within {hours} h, which is the most. Go on {when}.")

    def __init__(self, limit: int, days: int, seconds: float) -> None:
        super().__init__(limit=limit, hours=24 * days, when=_from_now(seconds))
        self.limit = limit
        self.days = days


class ReviewQueueFull(UserError):
    message = N_(
        "{limit} submissions wait for review on this server, which is the most."
        " Submit again when the reviewers have decided on some."
    )

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)
        self.limit = limit


class ServerQuotaReached(UserError):
    message = N_(
        "This server handed in {limit} pieces within {hours} h, which is the most. Go on {when}."
    )

    def __init__(self, limit: int, days: int, seconds: float) -> None:
        super().__init__(limit=limit, hours=24 * days, when=_from_now(seconds))
        self.limit = limit
        self.days = days


class NearDuplicate(UserError):
    """`share`, 0 to 1, of the words are those of lyrics that the member may know of."""

    message = N_(
        "These words are {percent} % those of “{title}” by {artist}, which is there already."
        " Submit a different song instead."
    )
    of_their_own = N_(
        "These words are {percent} % those of your “{title}” by {artist}, which is there already."
        " Withdraw that one first (/withdraw) if this is the better one."
    )

    def __init__(self, artist: str, title: str, share: float, *, is_own: bool) -> None:
        super().__init__(
            self.of_their_own if is_own else self.message,
            artist=artist,
            title=title,
            percent=round(100 * share),
        )
        self.artist = artist
        self.title = title
        self.share = share
        self.is_own = is_own


class NearDuplicateBeat(NearDuplicate):
    """The same of a beat, in whatever key; its style is in the artist's place."""

    message = N_(
        "This music is {percent} % that of “{title}” ({artist}), which is there already."
        " Submit a different piece instead."
    )
    of_their_own = N_(
        "This music is {percent} % that of your “{title}” ({artist}), which is there already."
        " Withdraw that one first (/withdraw) if this is the better one."
    )


class OwnSubmission(UserError):
    message = N_("That one is yours. Somebody else who reviews here has to decide on it.")


class ReviewQueueChanged(UserError):
    """What was confirmed is not what there is now, so nothing was done."""

    message = N_(
        "The queue has changed: it would be {found} submissions now, not {expected}."
        " Nothing was decided. Look again, and choose once more."
    )

    def __init__(self, expected: int, found: int) -> None:
        super().__init__(expected=expected, found=found)
        self.expected = expected
        self.found = found


class CannotTakeBack(UserError):
    message = N_(
        "That decision stands: a training has used it, somebody decided anew, or it was withdrawn."
    )


def _from_now(seconds: float) -> Sentence:
    """A moment in the future, rounded up."""
    for unit, template in (
        (_DAY, N_("in about {count} days")),
        (_HOUR, N_("in about {count} h")),
        (_MINUTE, N_("in about {count} min")),
    ):
        if seconds > 1.5 * unit or unit == _MINUTE:
            return Sentence(template, {"count": max(1, -int(-seconds // unit))})
    raise AssertionError("the last unit takes everything")
