"""What can be wrong with a report, a ban or a blocked word."""

from bot.errors.base import UserError
from bot.locale import N_, Value


class Banned(UserError):
    message = N_(
        "A moderator of this server has told me not to serve you here. Ask them if you think that"
        " this is wrong."
    )


class HiddenVerse(UserError):
    message = N_("A moderator has hidden that verse. Make a new one with /rap.")


class HiddenBattle(UserError):
    message = N_("A moderator has hidden that battle. Start another with /battle.")


class HiddenBeat(UserError):
    message = N_("A moderator has hidden that beat. Make a new one with /beat.")


class AlreadyReported(UserError):
    message = N_("You have reported this already. The moderators will see it.")


class TooManyReports(UserError):
    message = N_("You have reported {limit} times within a day, and that is as many as I pass on.")

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)
        self.limit = limit


class BadWord(UserError):
    def __init__(self, message: str, /, **values: Value) -> None:
        super().__init__(message, **values)
