"""A classifier by words names the artist, by the mathematics of naive Bayes."""

import math

import pytest

from model.corpus.song import Song
from model.errors import ConfigError, CorpusError
from model.evaluation.pieces import cut_into_pieces
from model.evaluation.vocabulary import plain_words, words_and_marks
from model.evaluation.voice import VoiceClassifier
from tests.factories import songs

TWO = [Song("A", "1", "red red blue", "en"), Song("B", "1", "blue green", "en")]


def test_the_artists_of_verses_are_named_in_both_scripts() -> None:
    known = songs(4)
    new = [(song.artist, piece) for song in songs(6) for piece in cut_into_pieces(song.text)]
    classifier = VoiceClassifier(known)
    assert {artist for artist, _ in new} == set(classifier.artists)
    assert classifier.recognised_share(new) == 1
    assert classifier.artist_of("灯下的猫") == "夜雨"


def test_the_chances_are_worked_by_hand() -> None:
    classifier = VoiceClassifier(TWO, own_share=0.5, split=plain_words)
    # Of five words two are red, two blue, one green; half of each chance comes from there.
    red, blue = 0.5 * 2 / 3 + 0.5 * 2 / 5, 0.5 * 1 / 3 + 0.5 * 2 / 5
    heard = classifier.log_probabilities("Red blue unheard")
    assert heard["A"] == pytest.approx(math.log(red) + math.log(blue), rel=1e-5)
    red, blue = 0.5 * 0 + 0.5 * 2 / 5, 0.5 * 1 / 2 + 0.5 * 2 / 5
    assert heard["B"] == pytest.approx(math.log(red) + math.log(blue), rel=1e-5)


def test_the_share_is_of_those_named_rightly() -> None:
    classifier = VoiceClassifier(TWO)
    assert classifier.recognised_share([("A", "red"), ("A", "green")]) == pytest.approx(1 / 2)
    assert classifier.recognised_share([]) == 0


def test_an_artist_without_words_and_a_text_without_known_words_are_no_trouble() -> None:
    classifier = VoiceClassifier([*TWO, Song("C", "1", "", "en")])
    assert classifier.artist_of("red") == "A"
    assert classifier.artist_of("unheard") == "A"


def test_punctuation_is_part_of_a_voice_unless_it_is_left_out() -> None:
    assert words_and_marks("Don’t “go” – 我!") == ["don't", "go", "我", "'", '"', '"', "–", "!"]
    assert plain_words("Don’t “go” – 我!") == ["don't", "go", "我"]


def test_impossible_settings_are_refused() -> None:
    with pytest.raises(CorpusError):
        VoiceClassifier([])
    for share in (0.0, 1.0, 1.5):
        with pytest.raises(ConfigError, match="own_share"):
            VoiceClassifier(TWO, own_share=share)
