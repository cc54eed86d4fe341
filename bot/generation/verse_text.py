"""The last touch to a verse: the seed exactly as typed, and as many lines as were asked for."""

import re

# Unicode's category Cc less the line end.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def finish_verse(text: str, seed: str, num_lines: int) -> str:
    """`text` opens with `seed` less its trailing spaces; the result opens with all of `seed`.

    Of the rest it keeps what belongs to the first `num_lines` lines that hold something, with at
    most one blank line in a row.
    """
    written = visible(text.removeprefix(seed.rstrip()))
    first, *rest = written.split("\n")
    if not seed or seed[-1].isspace():
        first = first.lstrip()
    lines = [seed + first.rstrip()]
    num_written = 1 if lines[0].strip() else 0
    for line in map(str.strip, rest):
        if num_written == num_lines:
            break
        if line or lines[-1]:
            lines.append(line)
        num_written += bool(line)
    return "\n".join(lines if lines[0] else lines[1:]).rstrip("\n")


def visible(text: str) -> str:
    """`text` without broken bytes, and with spaces for control characters; line ends stay."""
    return _CONTROL.sub(" ", text.replace("\ufffd", ""))


def last_lines(text: str, num_lines: int) -> str:
    """The end of `text`, for going on from there."""
    return "\n".join(text.strip().split("\n")[-num_lines:])
