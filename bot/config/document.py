"""config.toml as parsed tables, with the line of each setting, and what keeps it from parsing."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.config.lines import Keys, key_lines
from bot.config.problems import Problem

_POSITION = re.compile(r" \(at line (\d+), column \d+\)$")


@dataclass(frozen=True, slots=True)
class Document:
    source: str
    tables: dict[str, Any] = field(default_factory=dict)
    lines: Mapping[Keys, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def line_of(self, keys: Keys) -> int | None:
        """The line of the setting, or of the nearest table around it."""
        wanted = (keys[:length] for length in range(len(keys), 0, -1))
        return next((self.lines[each] for each in wanted if each in self.lines), None)


def read_document(path: Path | None) -> Document:
    """Never raises: a file that cannot be used is an empty document with a problem."""
    if path is None:
        return Document("config.toml")
    source = str(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return _broken(
            source, None, f"cannot be read: {reason}; name a file that can with --config"
        )
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return _broken(source, line, "is not UTF-8 text; save the file as UTF-8")
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _syntax_error(source, text, str(error))
    return Document(source, tables, key_lines(text))


def _syntax_error(source: str, text: str, message: str) -> Document:
    position = _POSITION.search(message)
    line = int(position[1]) if position else text.rstrip("\n").count("\n") + 1
    reason = _POSITION.sub("", message).removesuffix(" (at end of document)")
    return _broken(
        source, line, f"is not TOML: {reason[:1].lower()}{reason[1:]}; correct this line"
    )


def _broken(source: str, line: int | None, text: str) -> Document:
    return Document(source, problems=(Problem(source, line, text),))
