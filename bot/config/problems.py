"""Faults of a configuration as sentences: where, which setting, and what would be right."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails

from bot.config.lines import Keys
from bot.config.sections import Section

_WANTED: Mapping[str, str] = {
    "int_type": "must be a whole number, not {value}",
    "float_type": "must be a number, not {value}",
    "finite_number": "must be a finite number, not {value}",
    "bool_type": "must be true or false, not {value}",
    "string_type": "must be a text in quotes, not {value}",
    "tuple_type": "must be a list in square brackets, not {value}",
    "greater_than_equal": "must be at least {ge}, not {value}",
    "greater_than": "must be more than {gt}, not {value}",
    "less_than_equal": "must be at most {le}, not {value}",
    "less_than": "must be less than {lt}, not {value}",
    "literal_error": "must be {expected}, not {value}",
    "string_pattern_mismatch": 'must be "auto", "cpu", "cuda" or "cuda:0", not {value}',
    "string_too_short": "must not be empty",
    "model_type": "must be a section, written [{name}]; not {value}",
    "misfit": "{predicate}",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` is None where no line of the file can be blamed."""

    source: str
    line: int | None
    text: str

    def __str__(self) -> str:
        where = self.source if self.line is None else f"{self.source}:{self.line}"
        return f"{where}: {self.text}"


@dataclass(frozen=True, slots=True)
class Reporter:
    """Turns pydantic's errors into problems.

    `sections` are the known ones by name; `variables` names what came from the environment.
    """

    source: str
    lines: Mapping[Keys, int]
    sections: Mapping[str, type[Section]]
    variables: Mapping[Keys, str]

    def problem(self, error: ErrorDetails) -> Problem:
        keys = tuple(str(part) for part in error["loc"])
        if error["type"] == "extra_forbidden":
            return self.unknown(keys)
        context = {key: _plain(value) for key, value in (error.get("ctx") or {}).items()}
        template = _WANTED.get(error["type"], "is not usable")
        text = template.format_map({"value": shown(error["input"]), "name": keys[0], **context})
        if keys in self.variables:
            return Problem("environment", None, f"{self.variables[keys]} {text}")
        line = self.line_of(keys, context.get("other"))
        return Problem(self.source, line, f"{name(keys)} {text}")

    def unknown(self, keys: Keys) -> Problem:
        text = f"{name(keys)} is unknown; {self._hint(keys)}"
        return Problem(self.source, self.line_of(keys), text)

    def line_of(self, keys: Keys, other: str | None = None) -> int | None:
        """The setting's own line, else that of the other one concerned, else its section's."""
        wanted = [keys, keys[:2], (*keys[:1], other or ""), keys[:1]]
        return next((self.lines[each] for each in wanted if each in self.lines), None)

    def _hint(self, keys: Keys) -> str:
        homes = [
            f"[{title}]" for title, each in self.sections.items() if keys[-1] in settings(each)
        ]
        if homes:
            return f"move it under {' or '.join(homes)}"
        if len(keys) == 1:
            return _closest(keys[0], [f"[{title}]" for title in self.sections])
        return _closest(keys[1], settings(self.sections[keys[0]]))


def settings(section: type[Section]) -> list[str]:
    """The names of a section's settings that a file may give."""
    return [field for field in section.model_fields if field not in section.ENVIRONMENT]


def name(keys: Keys) -> str:
    """`queue`, `queue.max_waiting` or `discord.guild_ids (entry 2)`."""
    entry = f" (entry {int(keys[2]) + 1})" if len(keys) > 2 and keys[2].isdigit() else ""
    return ".".join(keys[:2]) + entry


def shown(value: Any) -> str:
    """A value as the file might write it, kept short."""
    if isinstance(value, bool):
        return str(value).lower()
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _closest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word.lower(), known, 1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else f"delete it; known here: {', '.join(known)}"
