"""A reply in plain text, the way a person sees it in Discord."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bot.moderation.text import ZERO_WIDTH_SPACE

_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
_MOMENT = re.compile(r"(?<!\\)<t:(\d+)(?::[A-Za-z])?>")
_MARKS = re.compile(r"(?<!\\)(?:\*\*|`)")


def as_seen(said: dict[str, Any]) -> str:
    reply = said["reply"]
    if reply is None:
        return str(said["error"])
    lines = (*_lines(reply), *(f"[file {path}]" for path in said["files"]))
    return "\n".join(lines).strip("\n")


def _lines(reply: dict[str, Any]) -> Iterator[str]:
    if reply["ephemeral"]:
        yield "(only you can see this)"
    yield _shown(reply["text"])
    for embed in reply["embeds"]:
        yield from _embed_lines(embed)
    if reply["buttons"]:
        yield ""
        yield " ".join(f"[{label}]" for label in reply["buttons"])


def _embed_lines(embed: dict[str, Any]) -> Iterator[str]:
    for text in (embed.get("title"), embed.get("description")):
        if text:
            yield _shown(text)
            yield ""
    for field in embed.get("fields", []):
        yield _shown(field["name"])
        yield _shown(field["value"])
    if footer := embed.get("footer", {}).get("text"):
        yield f"– {footer}"


def _shown(text: str) -> str:
    timed = _MOMENT.sub(_moment, text)
    return _ESCAPED.sub(r"\1", _MARKS.sub("", timed)).replace(ZERO_WIDTH_SPACE, "")


def _moment(match: re.Match[str]) -> str:
    return f"{datetime.fromtimestamp(int(match[1]), UTC):%H:%M} UTC"
