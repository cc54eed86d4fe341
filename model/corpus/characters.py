"""The characters that a song may hold: plain line ends and spaces, and nothing unseen."""

import re
import unicodedata

MAX_STACKED_MARKS = 8

_LINE_END = re.compile("\r{1,3}\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls, bidi and zero-width marks, blank "letters", half surrogates, private use, no characters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_ODD_SPACE = re.compile("[^\\S\n \u3000]")
_SPACE_RUN = re.compile(" {2,}|\u3000{2,}")
_MARK_RUN = re.compile(r"[^\w\s\x00-\x7f]{32,}")


def normalise_characters(text: str) -> str:
    """NFC, "\\n" line ends, single spaces; unseen characters go. Idempotent, linear time.

    The ideographic space stays: Chinese verse parts its half-lines with it.
    """
    text = _LINE_END.sub("\n", text)
    text = _UNSEEN.sub("", text)
    text = _ODD_SPACE.sub(" ", text)
    text = _SPACE_RUN.sub(lambda run: run[0][0], text)
    if text.isascii():
        return text
    # Sorting a run of n combining marks takes n² steps, so a hostile run is thinned first.
    return unicodedata.normalize("NFC", _MARK_RUN.sub(lambda run: _thin_marks(run[0]), text))


def clean_name(text: str) -> str:
    """An artist or a title on one line, without outer spaces."""
    return " ".join(normalise_characters(text).split())


def _thin_marks(run: str) -> str:
    kept: list[str] = []
    num_stacked = 0
    for character in run:
        if unicodedata.combining(character):
            num_stacked += len(unicodedata.normalize("NFD", character))
        else:
            num_stacked = 0
        if num_stacked <= MAX_STACKED_MARKS:
            kept.append(character)
    return "".join(kept)
