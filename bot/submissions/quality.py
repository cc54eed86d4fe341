"""Whether a text is lyrics at all: grave faults refuse it, doubts become flags for the reviewer.

The bounds were set on the starter's training text: of 7,222 poems no English one is refused, and of
the Chinese ones those that are printed in one line; nineteen in twenty have no flag.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable

from bot.errors import BadLyrics
from bot.locale import N_
from bot.submissions.findings import Flag, FlagKind
from bot.submissions.languages import NO_LANGUAGE, identify
from model.copyguard.words import folded_words
from model.corpus.clean import detect_language

_LINK = re.compile(
    r"https?:/|www\.\w|discord(?:app)?\.(?:gg|com|me|io)\b|\b[\w-]+\.(?:com|net|org|gg|io|tv)/\w",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"</?[a-z][^<>]*>|<[@#:][^<>]*>|&#?\w+;|\*\*|```|^#{1,6} |\[[^\]]*\]\(|[{}]")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
# As in "xkcd", "sdfghj", "aaaah": hardly a word, though "hmm" and "lengths" are.
_ODD = re.compile(r"[bcdfghjklmnpqrstvwxz]{5}|^[bcdfghjklmnpqrstvwxz]{4,}$|(.)\1{3}|.{25}")

_MIN_DISTINCT = 5  # words, or Chinese characters
_MIN_LINES_TO_COUNT = 5
_MOSTLY, _OFTEN = 0.7, 0.4  # of the lines are one and the same
_MIN_WORDS_TO_COUNT = 10
_GIBBERISH, _ODDLY = 0.4, 0.12  # of the words are odd
_LONG_LINE = 120
_HAN_WIDTH = 3  # a Chinese character says as much as three letters
_SURE, _VERY_SURE = 0.5, 0.9
_MINORITY = 0.15  # of the lines in another script
_MIN_STANZA = 100  # characters, to tell its language
_NUM_LINES_KEPT = 100


def examine(
    text: str, known_languages: Collection[str] = ()
) -> tuple[tuple[Flag, ...], str, float]:
    """The doubts, the language, and how sure that is. Raises BadLyrics for what is no lyrics.

    `known_languages` are those that the model has read; takes a millisecond for a page.
    """
    lines = _numbered(text)
    _refuse_links(lines)
    _refuse_few_words(text, lines)
    language, confidence = identify(text)
    flags = [
        _flag("markup", (number for number, line in lines if _MARKUP.search(line))),
        _flag("long_lines", (number for number, line in lines if _width(line) > _LONG_LINE)),
        _repeated(lines),
        _odd_words(text, lines),
        _mixed(text, lines, language),
        _strange(text, language, confidence, known_languages),
    ]
    return tuple(flag for flag in flags if flag is not None), language, confidence


_Lines = list[tuple[int, str]]


def _numbered(text: str) -> _Lines:
    return [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def _flag(kind: FlagKind, lines: Iterable[int]) -> Flag | None:
    found = tuple(lines)
    return Flag(kind=kind, lines=found[:_NUM_LINES_KEPT]) if found else None


def _refuse_links(lines: _Lines) -> None:
    for number, line in lines:
        if _LINK.search(line):
            raise BadLyrics(
                N_("Line {number} has a link or an invitation in it. Hand in the words alone."),
                number=number,
            )


def _refuse_few_words(text: str, lines: _Lines) -> None:
    distinct = len(set(folded_words(text)))
    if distinct < _MIN_DISTINCT:
        raise BadLyrics(
            N_("These lyrics have only {count} different words. Hand in the whole song."),
            count=distinct,
        )
    if len(lines) < 2:
        raise BadLyrics(
            N_("These lyrics are all in one line. Put every line of the song on a row of its own.")
        )


def _repeated(lines: _Lines) -> Flag | None:
    words = {number: " ".join(folded_words(line)) for number, line in lines}
    line, count = Counter(words.values()).most_common(1)[0]
    if len(lines) < _MIN_LINES_TO_COUNT or count <= _OFTEN * len(lines):
        return None
    if count > _MOSTLY * len(lines):
        raise BadLyrics(
            N_(
                "{percent} % of these lines are one and the same. Hand in the song with each"
                " refrain written once."
            ),
            percent=round(100 * count / len(lines)),
        )
    return _flag("repeated_line", (number for number, each in words.items() if each == line))


def _odd_words(text: str, lines: _Lines) -> Flag | None:
    words = [word for word in folded_words(text) if word.isascii() and word.isalpha()]
    if len(words) < _MIN_WORDS_TO_COUNT:
        return None
    odd = {word for word in words if _ODD.search(word)}
    share = sum(word in odd for word in words) / len(words)
    if share > _GIBBERISH:
        raise BadLyrics(
            N_("Most of these letters make no words that I could learn. Hand in a song.")
        )
    if share <= _ODDLY:
        return None
    return _flag("odd_words", (n for n, line in lines if odd & set(folded_words(line))))


def _mixed(text: str, lines: _Lines, language: str) -> Flag | None:
    """Lines in another script than most, and stanzas that are surely in another language."""
    han = [number for number, line in lines if 2 * len(_HAN.findall(line)) > len(line.split())]
    latin = [number for number, line in lines if len(_LATIN.findall(line)) > 3]
    fewer = min((set(han) - set(latin)), (set(latin) - set(han)), key=len)
    found = set(fewer) if len(fewer) > _MINORITY * len(lines) else set()
    first = 1
    for stanza in text.split("\n\n"):
        num_lines = stanza.count("\n") + 1
        if len(stanza) >= _MIN_STANZA:
            theirs, confidence = identify(stanza)
            if theirs not in {language, NO_LANGUAGE} and confidence > _VERY_SURE:
                found |= set(range(first, first + num_lines))
        first += num_lines + 1
    return _flag("mixed_languages", sorted(found))


def _strange(text: str, language: str, confidence: float, known: Collection[str]) -> Flag | None:
    is_han = language == detect_language(text) == "zh"  # the script says so, however old the words
    if language == NO_LANGUAGE or (confidence < _SURE and not is_han):
        return Flag(kind="unsure_language")
    return Flag(kind="unknown_language") if known and language not in known else None


def _width(line: str) -> int:
    return len(line) + (_HAN_WIDTH - 1) * len(_HAN.findall(line))
