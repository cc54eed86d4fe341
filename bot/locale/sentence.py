"""A sentence that is made now and read later, in the language of whoever reads it then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, TypeAlias

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

    @classmethod
    def verbatim(cls, text: str) -> Self:
        """What is the same in every language."""
        return cls("{text}", {"text": text})

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

    def as_data(self) -> dict[str, Any]:
        """Ready for JSON."""
        values = {
            name: value.as_data() if isinstance(value, Sentence) else value
            for name, value in self.values.items()
        }
        return {"template": self.template, "values": values}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """What `as_data` gave, after JSON too. Raises KeyError or TypeError for anything else."""
        return cls(data["template"], {name: _value(each) for name, each in data["values"].items()})


def _value(data: Any) -> Value:
    if isinstance(data, Mapping):
        return Sentence.from_data(data)
    if isinstance(data, list | tuple):
        return tuple(data)
    if isinstance(data, str | int | float):
        return data
    raise TypeError(f"A sentence has no value like {data!r}.")
