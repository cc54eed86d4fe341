"""Verses are judged by what they hold, and real ones by what they share with training songs."""

import pytest

from model.corpus.song import Song
from model.errors import CorpusError
from model.evaluation.verses import Judges, Piece

CAT = (
    "The cat that sat upon the mat\nIs fat and has a velvet hat\n"
    "It rolls upon the floor all day\nAnd never cares what others say"
)
SHIP = (
    "A ship sails over the open sea\nIt carries a cargo of salt and tea\n"
    "The captain sings of a distant shore\nAnd dreams of the land he left before"
)


def song(artist: str, text: str, number: int = 0) -> Song:
    return Song(artist, f"song {number}", text, "en")


@pytest.fixture(scope="module")
def judges() -> Judges:
    train = [song("Cat", CAT), song("Ship", SHIP)]
    held_out = song("Ship", "My lantern glows above the green harbour wall tonight", 1)
    return Judges(train, [*train, held_out])


def test_a_training_song_is_all_copied_and_recognised(judges: Judges) -> None:
    figures = judges.judge([Piece("Cat", CAT, "AABB")])
    assert figures.pieces == 1
    assert figures.longest_copied_run == len(CAT.split())
    assert figures.similarity == pytest.approx(1)
    assert figures.novel_share == 0
    assert figures.voice == 1
    assert figures.scheme_met == 1


def test_a_wrong_artist_is_not_recognised(judges: Judges) -> None:
    assert judges.judge([Piece("Ship", CAT)]).voice == 0


def test_held_out_songs_must_not_be_copied_but_are_no_copies_of_themselves(judges: Judges) -> None:
    piece = Piece("Ship", "My lantern glows above the green harbour wall tonight")
    assert judges.judge([piece]).longest_copied_run == 9
    assert judges.judge([piece], are_real=True).longest_copied_run < 3


def test_pieces_without_a_scheme_do_not_count_towards_it(judges: Judges) -> None:
    figures = judges.judge([Piece("Cat", CAT, "AABB"), Piece("Ship", "One line alone")])
    assert figures.scheme_met == 1
    assert judges.judge([Piece("Cat", CAT, "ABAB")]).scheme_met == 0


def test_the_highest_similarity_is_that_of_one_piece(judges: Judges) -> None:
    figures = judges.judge([Piece("Cat", CAT), Piece("Cat", "zebras xylophones")])
    assert figures.similarity == pytest.approx(1)
    assert figures.similarity_mean == pytest.approx(0.5)


def test_nothing_has_figures_of_nought(judges: Judges) -> None:
    figures = judges.judge([])
    assert (figures.pieces, figures.rhyme_density, figures.longest_copied_run) == (0, 0, 0)


def test_there_are_no_judges_without_songs() -> None:
    with pytest.raises(CorpusError):
        Judges([], [])
