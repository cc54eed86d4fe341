"""What can be wrong with a request for a verse or a battle."""

from bot.errors.base import UserError
from bot.locale import N_, Value


class UnknownArtist(UserError):
    message = N_("I have not learned {name} yet. Teach me with /submit, or see /artists.")
    message_with_nearest = N_(
        "I have not learned {name} yet. Did you mean {nearest}?"
        " Teach me with /submit, or see /artists."
    )

    def __init__(self, name: str, nearest: tuple[str, ...] = ()) -> None:
        if nearest:
            super().__init__(self.message_with_nearest, name=name, nearest=nearest)
        else:
            super().__init__(name=name)
        self.name = name
        self.nearest = nearest


class ForgottenArtist(UserError):
    message = N_("I no longer know that artist. See /artists for those I know.")


class RemovedArtist(UserError):
    message = N_("{name} was removed on request, so I write nothing in that style. See /artists.")

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.name = name


class BadSeed(UserError):
    def __init__(self, message: str, /, **values: Value) -> None:
        super().__init__(message, **values)


class NotSayable(UserError):
    message = N_(
        "All that I wrote to this breaks the rules of this channel, so I show none of it."
        " Try another seed."
    )


class MoodAndTemperature(UserError):
    message = N_("A mood is a temperature by name. Give me mood or temperature, not both.")


class ShareWithoutMix(UserError):
    message = N_("share is how much of a second artist there is. Name one with mix.")


class QueueFull(UserError):
    message = N_("Too many requests are waiting. Try again in about {seconds} s.")

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(seconds=max(1, round(retry_after_s)))
        self.retry_after_s = retry_after_s


class TooManyWaiting(UserError):
    message = N_(
        "You already have as many requests waiting as one may ({limit})."
        " Ask again when one of them is done."
    )

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)
        self.limit = limit


class DeadlineExceeded(UserError):
    message = N_("That took longer than {seconds:g} s, so I gave it up. Try again shortly.")

    def __init__(self, deadline_s: float) -> None:
        super().__init__(seconds=deadline_s)
        self.deadline_s = deadline_s


class Restarting(UserError):
    message = N_("I am restarting. Ask me again in a minute.")


class EngineStopped(UserError):
    message = N_("I cannot write anything right now. Try again in a minute.")


class NoSuchVerse(UserError):
    message = N_("That verse is gone. Make a new one with /rap.")

    def __init__(self, verse_id: int) -> None:
        super().__init__()
        self.verse_id = verse_id


class SameArtist(UserError):
    message = N_(
        "A battle takes two, and {name} against {name} is only one. Name another opponent."
    )

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.name = name


class NoSuchBattle(UserError):
    message = N_("There is no such battle to vote on. Start one with /battle.")

    def __init__(self, battle_id: int) -> None:
        super().__init__()
        self.battle_id = battle_id


class BattleOver(UserError):
    message = N_("The vote on this battle is over. Start another with /battle.")

    def __init__(self, battle_id: int) -> None:
        super().__init__()
        self.battle_id = battle_id
