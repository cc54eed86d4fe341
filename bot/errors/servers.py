"""What a server has settled that stands in the way."""

from bot.errors.base import UserError
from bot.locale import N_

_MINUTES_FROM = 120.0


class WrongChannel(UserError):
    """`channels` are the names of those where it may be."""

    message = N_("I am to be used elsewhere in this server. Ask me in: {channels}.")

    def __init__(self, channels: tuple[str, ...]) -> None:
        super().__init__(channels=channels)
        self.channels = channels


class TooSoon(UserError):
    message = N_("Give the others a turn. You can ask again in {seconds} s.")
    in_minutes = N_("Give the others a turn. You can ask again in {minutes} min.")

    def __init__(self, retry_after_s: float) -> None:
        seconds = max(1, round(retry_after_s))
        message = self.message if retry_after_s < _MINUTES_FROM else self.in_minutes
        super().__init__(message, seconds=seconds, minutes=-(-seconds // 60))
        self.retry_after_s = retry_after_s
