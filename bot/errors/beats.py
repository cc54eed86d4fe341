"""What can go wrong with a beat, for members."""

from bot.errors.base import UserError
from bot.locale import N_


class BeatTooLong(UserError):
    message = N_("This beat plays for {seconds} seconds; at most {limit} can be made into sound.")

    def __init__(self, seconds: int, limit: int) -> None:
        super().__init__(seconds=seconds, limit=limit)
        self.seconds, self.limit = seconds, limit
