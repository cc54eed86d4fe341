"""What every error has."""

from typing import ClassVar

from bot.locale import Sentence, Value

_MAX_VALUE = 100
_MAX_NAMES = 8


class CypherError(Exception):
    """Anything this bot raises on purpose."""


class UserError(CypherError):
    """A member's mistake or bad luck. Its text is safe to show: one sentence that says what to do.

    Where data came from a member (a name, a title), neutralise the text before it is displayed.
    It is quoted only so far that the sentence around it stays whole in one message.
    """

    message: ClassVar[str]

    def __init__(self, message: str | None = None, /, **values: Value) -> None:
        """`message` is marked with N_; left out, it is that of the class."""
        quoted = {name: _shortened(value) for name, value in values.items()}
        self.sentence = Sentence(self.message if message is None else message, quoted)
        super().__init__(str(self.sentence))


def _shortened(value: Value) -> Value:
    if isinstance(value, str) and len(value) > _MAX_VALUE:
        return f"{value[: _MAX_VALUE - 1]}…"
    if isinstance(value, tuple) and len(value) > _MAX_NAMES:
        return (*value[:_MAX_NAMES], "…")
    return value
