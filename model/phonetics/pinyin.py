"""Finals of Chinese characters, and the rhymes that they make in modern Mandarin.

Readings are pypinyin's first for each character by itself: on the starter corpus its dictionary of
phrases changes the rhyme of 2 characters in 1,000, and costs 44 MB.
"""

import functools
import os
from collections.abc import Callable
from typing import NamedTuple

# 中华新韵, the fourteen rhymes of the Chinese Poetry Society (2004), by the final as it is sung.
_RHYMES = {
    **dict.fromkeys(("a", "ia", "ua"), "麻"),
    **dict.fromkeys(("o", "e", "uo"), "波"),
    **dict.fromkeys(("ie", "ve", "ê"), "皆"),
    **dict.fromkeys(("ai", "uai"), "开"),
    **dict.fromkeys(("ei", "uei"), "微"),
    **dict.fromkeys(("ao", "iao"), "豪"),
    **dict.fromkeys(("ou", "iou"), "尤"),
    **dict.fromkeys(("an", "ian", "uan", "van"), "寒"),
    **dict.fromkeys(("en", "in", "uen", "vn"), "文"),
    **dict.fromkeys(("ang", "iang", "uang"), "唐"),
    **dict.fromkeys(("eng", "ing", "ueng", "ong", "iong"), "庚"),
    **dict.fromkeys(("i", "er", "v"), "齐"),
    "-i": "支",
    "u": "姑",
}
_BUZZING = ("zh", "ch", "sh", "r", "z", "c", "s")  # after these, pinyin's i is another vowel


class Final(NamedTuple):
    """The rhyme of one character."""

    rhyme: str
    """One of the fourteen, called by its character."""
    loose_rhyme: str
    """The same for finals that differ in n and ng alone, which many speakers do not tell apart."""
    tone: str
    """"1" to "4"; "" for the neutral tone."""


def final_of(character: str) -> Final | None:
    """The final of a Han character; None for one without a known reading."""
    syllable, final = _reader()(character)
    if final == "i" and syllable.startswith(_BUZZING):
        final = "-i"
    rhyme = _RHYMES.get(final)
    if rhyme is None:
        return None
    tone = syllable[-1] if syllable[-1].isdigit() else ""
    return Final(rhyme, _without_nasal(final, rhyme), tone)


def _without_nasal(final: str, rhyme: str) -> str:
    if rhyme in "寒唐":
        return "an"
    if rhyme in "文庚" and not final.endswith("ong"):
        return "in" if final in ("in", "vn", "ing") else "en"
    return rhyme


@functools.cache
def _reader() -> Callable[[str], tuple[str, str]]:
    """From a character to its syllable and final, or twice "".

    pypinyin loads its phrases when it is imported, unless the environment says otherwise.
    """
    settings = ("PYPINYIN_NO_PHRASES", "PYPINYIN_NO_DICT_COPY")
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(dict.fromkeys(settings, "1"))
    try:
        from pypinyin import Style, lazy_pinyin
        from pypinyin.contrib.tone_convert import to_finals
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value

    def read(character: str) -> tuple[str, str]:
        syllables = lazy_pinyin(character, style=Style.TONE3, errors="ignore")
        return (syllables[0], to_finals(syllables[0])) if syllables else ("", "")

    return read
