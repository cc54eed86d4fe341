"""A sentence that is made now and read later, in the language of whoever reads it then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

# A tuple is a list of names. A sentence among the values is translated as well.
Value: TypeAlias = "str | int | float | tuple[str, ...] | Sentence"


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Marks a text that is translated later; the text itself."""
    return message


def _same(message: str) -> str:
    return message


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English template, marked with `N_`, and what fills its braces."""

    template: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.read(_same, ", ")

    def read(self, translate: Callable[[str], str], between_names: str) -> str:
        """By `translate`, from the template to the sentence in some language."""

        def shown(value: Value) -> str | int | float:
            if isinstance(value, Sentence):
                return value.read(translate, between_names)
            return between_names.join(value) if isinstance(value, tuple) else value

        filled = {name: shown(value) for name, value in self.values.items()}
        return translate(self.template).format(**filled)
