"""What every error has."""

from typing import ClassVar

from bot.locale import Sentence, Value


class CypherError(Exception):
    """Anything this bot raises on purpose."""


class UserError(CypherError):
    """A member's mistake or bad luck. Its text is safe to show: one sentence that says what to do.

    Where data came from a member (a name, a title), neutralise the text before it is displayed.
    """

    message: ClassVar[str]

    def __init__(self, message: str | None = None, /, **values: Value) -> None:
        """`message` is marked with N_; left out, it is that of the class."""
        self.sentence = Sentence(self.message if message is None else message, values)
        super().__init__(str(self.sentence))
