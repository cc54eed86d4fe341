"""What of a word's phonemes verse is made of: vowels, syllables, and the part that rhymes."""
# ruff: noqa: RUF001 - letters of the phonetic alphabet, some of which look like others

import re
from typing import NamedTuple

_VOWELS = "aeiouyæøœɐɑɒɔəɘɚɛɜɝɞɤɨɪɯɵʉʊʌʏɶᵻᵿ"
_SYLLABIC = "\u0329"
_STRESSES = "ˈˌ"
# A diphthong is one syllable; the ɚ of "fire" and the ə of "lion" are one more.
_SEGMENT = re.compile(rf"(?:[aeɔo][ɪʊ]|[{_VOWELS}])\u0303?|.{_SYLLABIC}|.")
_LANGUAGE_MARK = re.compile(r"\([^)]*\)")
_IGNORED = re.compile("[ː‿ʲˑ]")

# As Malmi's Raplyzer merges them: of diphthongs both parts count, schwa does not.
_MERGED = {
    **dict.fromkeys("aæɐ", "a"),
    **dict.fromkeys("ɑ", "A"),
    **dict.fromkeys("eɛ", "e"),
    **dict.fromkeys("iɪᵻ", "i"),
    **dict.fromkeys("oɔɒɵ", "o"),
    **dict.fromkeys("ʊᵿ", "U"),
    **dict.fromkeys("ɜɚɝ", "3"),
    **dict.fromkeys("əɘ", ""),
}
# What differs between two words only by what stands around the rhyme.
_SAME_IN_RHYME = {"ɾ": "t", "ʔ": "t", "ᵻ": "ɪ", "ɐ": "ə", "r": "ɹ"}


class Sounds(NamedTuple):
    """What `Pronunciation` says of the phonemes of one word."""

    vowels: str
    num_syllables: int
    rhyme: str
    ending: str
    assonance: str


def read_phonemes(transcription: str) -> Sounds | None:
    """Sounds of a transcription by `espeak.transcribe`; None if it has no vowel."""
    segments: list[str] = []
    nuclei: list[int] = []
    stressed: list[int] = []
    for phoneme in re.split("[_ ]+", _LANGUAGE_MARK.sub("", transcription)):
        has_stress = phoneme[:1] in _STRESSES and phoneme != ""
        for segment in _SEGMENT.findall(_IGNORED.sub("", phoneme.strip(_STRESSES))):
            if _is_nucleus(segment):
                nuclei.append(len(segments))
                if has_stress:
                    stressed.append(len(segments))
                    has_stress = False
            segments.append(segment)
    if not nuclei:
        return None
    rhyme_start = stressed[-1] if stressed else _last_full_vowel(segments, nuclei)
    letters = (letter for i in nuclei for letter in segments[i] if letter in _VOWELS)
    return Sounds(
        vowels="".join(_MERGED.get(letter, letter) for letter in letters),
        num_syllables=len(nuclei),
        rhyme=_joined(segments[rhyme_start:]),
        ending=_joined(segments[nuclei[-1] :]),
        assonance=_vowels_of([segments[i] for i in nuclei if i >= rhyme_start]),
    )


def _is_nucleus(segment: str) -> bool:
    return segment[0] in _VOWELS or segment.endswith(_SYLLABIC)


def _last_full_vowel(segments: list[str], nuclei: list[int]) -> int:
    """Where verse would put the stress of a word that has none by itself, such as "of"."""
    full = [index for index in nuclei if segments[index][0] not in "əɐɚ" + "mnlŋ"]
    return (full or nuclei)[-1]


def _joined(segments: list[str]) -> str:
    same = (_SAME_IN_RHYME.get(segment, segment) for segment in segments)
    return "".join(f"ə{each[0]}" if each.endswith(_SYLLABIC) else each for each in same)


def _vowels_of(nuclei: list[str]) -> str:
    return _joined(["ə" if each.endswith(_SYLLABIC) else each for each in nuclei])
