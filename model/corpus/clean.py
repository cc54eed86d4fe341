"""From text as lyric sites serve it to verse: what the singer sings, each stanza once."""

import hashlib
import re
from itertools import pairwise

from model.corpus.characters import normalise_characters
from model.corpus.tags import without_tags

_TITLE_LINE = re.compile(r"^.{0,200}\bLyrics$")
_HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_LETTER = re.compile(r"[^\W\d_]")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


def clean_lyrics(text: str) -> str:
    """Scraped text to verse; verse passes unchanged. Idempotent, and linear in time.

    Out go section tags ("[Verse 1: Name]", "(Chorus)", "Bridge 2:"), marks of repetition ("(x2)"),
    "Title Lyrics" lines at the top, what sites weave in ("12 Contributors", "You might also like",
    "See … Live", "123Embed"), and characters that nobody sees. A stanza of two or more lines that
    already came, letter for letter, is a chorus written out again and is dropped; a refrain of one
    line stays. Lines lose outer spaces, and one empty line parts stanzas.
    """
    lines = [without_tags(line.strip()) for line in normalise_characters(text).split("\n")]
    stanzas = _stanzas(_without_title(_without_broken_tags(lines)))
    return "\n\n".join("\n".join(stanza) for stanza in _without_repeats(stanzas))


def detect_language(text: str) -> str:
    """By script: "zh" (mostly Han), "en" (mostly Latin letters) or "und"."""
    if text.isascii():
        return "en" if _LATIN.search(text) else "und"
    num_letters = len(_LETTER.findall(text))
    num_latin, num_han = len(_LATIN.findall(text)), len(_HAN.findall(text))
    # A tenth in other letters is enough: Japanese is more Han than kana in places.
    if num_letters == 0 or 10 * (num_letters - num_latin - num_han) > num_letters:
        return "und"
    # A Han character says about as much as three Latin letters.
    return "zh" if 3 * num_han >= num_latin else "en"


def fingerprint(text: str) -> str:
    """Equal for texts that differ only in case, spaces and punctuation: sha256 in hexadecimal."""
    letters = _NOT_ALPHANUMERIC.sub("", normalise_characters(text.casefold()))
    return hashlib.sha256(letters.encode()).hexdigest()


def _without_broken_tags(lines: list[str]) -> list[str]:
    """Drop a tag that a line end has broken in two: "[Verse 1: One &" and "Other]"."""
    kept = list(lines)
    for index, (first, second) in enumerate(pairwise(lines)):
        opens = first.startswith("[") and second.endswith("]")
        if opens and len(first + second) <= 200 and not set("[]") & set(first[1:] + second[:-1]):
            kept[index] = kept[index + 1] = ""
    return kept


def _without_title(lines: list[str]) -> list[str]:
    start = 0
    while start < len(lines) and (not lines[start] or _TITLE_LINE.match(lines[start])):
        start += 1
    return lines[start:]


def _stanzas(lines: list[str]) -> list[tuple[str, ...]]:
    stanzas: list[tuple[str, ...]] = []
    current: list[str] = []
    for line in [*lines, ""]:
        if line:
            current.append(line)
        elif current:
            stanzas.append(tuple(current))
            current = []
    return stanzas


def _without_repeats(stanzas: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    seen: set[tuple[str, ...]] = set()
    kept = []
    for stanza in stanzas:
        if len(stanza) == 1 or stanza not in seen:
            kept.append(stanza)
        seen.add(stanza)
    return kept
