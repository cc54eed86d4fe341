"""From phonemes to what verse is made of, on transcriptions written by hand."""

import pytest

from model.phonetics.ipa import Sounds, read_phonemes


@pytest.mark.parametrize(
    ("phonemes", "sounds"),
    [
        # A diphthong is two vowels of one syllable.
        ("d_ˈeɪ", Sounds("ei", 1, "eɪ", "eɪ", "eɪ")),
        # Schwa is a syllable, and no vowel that counts.
        ("n_ˈeɪ_ʃ_ə_n", Sounds("ei", 2, "eɪʃən", "ən", "eɪə")),
        ("ð_ə", Sounds("", 1, "ə", "ə", "ə")),
        # A syllabic consonant is schwa and the consonant; a glottal stop is a t.
        ("s_ˈɜː_ʔ_n̩", Sounds("3", 2, "ɜtən", "ən", "ɜə")),
        # One phoneme of two syllables.
        ("f_ˈaɪɚ", Sounds("ai3", 2, "aɪɚ", "ɚ", "aɪɚ")),
        # The last stress of several begins the rhyme, be it the weaker.
        ("b_ˈʌ_ɾ_ɚ_f_l_ˌaɪ", Sounds("ʌ3ai", 3, "aɪ", "aɪ", "aɪ")),
        # Without any stress it is the last vowel but schwa.
        ("ʌ_v", Sounds("ʌ", 1, "ʌv", "ʌv", "ʌ")),
        # Near-equal vowels are one; length does not count.
        ("s_ˈiː_ɪ_ŋ", Sounds("ii", 2, "iɪŋ", "ɪŋ", "iɪ")),
        # What eSpeak says of the language of a foreign word is no sound.
        ("(fr)_b_l_ˈɑ̃_(en)", Sounds("A", 1, "ɑ̃", "ɑ̃", "ɑ̃")),
        # Several words.
        ("θ_ˈɜː_ɾ_i f_ˈaɪ_v", Sounds("3iai", 3, "aɪv", "aɪv", "aɪ")),
    ],
)
def test_phonemes_are_read(phonemes: str, sounds: Sounds) -> None:
    assert read_phonemes(phonemes) == sounds


@pytest.mark.parametrize("phonemes", ["", " ", "_", "ʃ", "b_r", "ˈ", "(en)_(fr)"])
def test_without_a_vowel_there_is_nothing_to_say(phonemes: str) -> None:
    assert read_phonemes(phonemes) is None
