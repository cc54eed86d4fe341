"""A server's own artist begins as the shared one of that name, if there is one."""

from bot.retraining.kin import kin_of
from model.corpus.song import Song
from model.training.finetune import grow
from tests.factories import tiny_checkpoint

OWN = "server:7/roof-fox"


def song(artist: str) -> Song:
    return Song(artist, "A Title", "some words", "en")


def test_only_new_artists_of_servers_have_kin() -> None:
    known = ("Roof Fox", "Mara Quill", "server:7/Mara Quill", "server:8/Nova")
    songs = [song(each) for each in (OWN, "server:7/Mara Quill", "server:7/Nova", "Roof Fox", "A")]
    assert kin_of(songs, known) == {OWN: "Roof Fox"}


def test_the_first_row_of_such_an_artist_is_that_of_its_kin() -> None:
    live = tiny_checkpoint()
    songs = [song(OWN), song("server:7/Nova")]
    grown = grow(live, songs, "next", kin_of(songs, live.artists))
    assert grown.artists[3:] == (OWN, "server:7/Nova")
    rows = grown.model.artist_embedding.weight
    assert rows[3].equal(rows[1])
    assert not rows[4].equal(rows[1])
