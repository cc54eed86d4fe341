"""Headings that part the songs of one text file, in any of the five forms below.

hash         # Title                 also with ## and deeper, and with closing #
equals       == Title ==             two or more = on both sides
underlined   Title, and below it a line of three or more - or =
lyrics       Title Lyrics            as sites have it, "12 ContributorsTitle Lyrics[Intro]" too
bracket      [Song: Title]           also [Title: …] and [Track: …]

An underlined title and a "Title Lyrics" line begin the file or follow an empty line. The form that
heads most songs of a file is the form of that file, and the others are text in it. A heading that
names a part of a song ("# Chorus") parts nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, pairwise

from model.corpus.readers.records import MAX_RAW_CHARACTERS, MAX_TITLE_CHARACTERS
from model.corpus.tags import without_tags

_FORMS = {
    "hash": re.compile(r"#{1,6} +(?P<title>[^# ].*?)[ #]*"),
    "equals": re.compile(r"={2,} *(?P<title>[^= ].*?) *={2,}"),
    "bracket": re.compile(r"\[(?:song|title|track) ?: *(?P<title>[^\]]+)\]", re.IGNORECASE),
    "lyrics": re.compile(r"(?:\d{1,4} Contributors?)?(?P<title>\S.*?) Lyrics(?P<rest>\[.*)?"),
}
_UNDERLINE = re.compile(r"-{3,}|={3,}")
_MAX_HEADING_CHARACTERS = MAX_TITLE_CHARACTERS + 60


@dataclass(slots=True)
class Section:
    """What stands under one heading; `title` is None before the first. `line` is the heading's."""

    line: int
    title: str | None
    lines: list[str] = field(default_factory=list)
    num_characters: int = 0

    def add(self, line: str) -> None:
        """Keep a line, up to just over what a song may have: the check will refuse the song."""
        if self.num_characters <= MAX_RAW_CHARACTERS:
            self.lines.append(line)
            self.num_characters += len(line) + 1

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class _Heading:
    title: str
    rest: str = ""


def form_of_headings(lines: Iterable[str]) -> tuple[str | None, int]:
    """The form of most headings, and how many there are of it; (None, 0) for a plain text."""
    counts = Counter(chain.from_iterable(headings for _, headings in _with_headings(lines)))
    return max(counts.items(), key=lambda count: count[1], default=(None, 0))


def sections(lines: Iterable[str], form: str | None) -> Iterator[Section]:
    """The text up to the first heading of that form, then what stands under each."""
    current = Section(1, None)
    is_underline = False
    for number, (line, headings) in enumerate(_with_headings(lines), start=1):
        heading = headings.get(form) if form else None
        if heading:
            yield current
            current = Section(number, heading.title, [heading.rest])
        elif not is_underline:
            current.add(line)
        is_underline = heading is not None and form == "underlined"
    yield current


def _with_headings(lines: Iterable[str]) -> Iterator[tuple[str, dict[str, _Heading]]]:
    """Each line, without its end, and the headings that it could be, by their form."""
    previous = ""
    for line, following in pairwise(chain((line.strip() for line in lines), [""])):
        yield line, _headings(line, follows_blank=not previous, following=following)
        previous = line


def _headings(line: str, *, follows_blank: bool, following: str) -> dict[str, _Heading]:
    if not line or len(line) > _MAX_HEADING_CHARACTERS or _UNDERLINE.fullmatch(line):
        return {}
    found = {}
    if follows_blank and _UNDERLINE.fullmatch(following):
        found["underlined"] = _Heading(line.removesuffix(" Lyrics"))
    for form, pattern in _FORMS.items():
        match = pattern.fullmatch(line)
        if match and (follows_blank or form != "lyrics"):
            found[form] = _Heading(match["title"].strip(), match.groupdict().get("rest") or "")
    return {form: heading for form, heading in found.items() if without_tags(heading.title)}
