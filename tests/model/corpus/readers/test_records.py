"""The checks that stand between a raw song and the corpus."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.corpus.readers import MAX_CHARACTERS, MIN_CHARACTERS, Refusal
from model.corpus.readers.records import RawSong, checked, refuse
from model.corpus.song import Song

TEXT = "the gutters hum a copper tune\nand nobody is counting"
QUATRAIN = "灯照江心石，\n风吹岸上花。\n渡船人不见，\n夜半听琵琶。"


def raw(text: str = TEXT, artist: str | None = "Ada Quill", title: str | None = "Rain") -> RawSong:
    return RawSong("songs.csv", 7, artist, title, text)


def refusal(song: RawSong) -> Refusal:
    answer = checked(song)
    assert isinstance(answer, Refusal)
    return answer


def test_a_song_is_cleaned_and_its_names_too() -> None:
    song = checked(raw(f"[Chorus]\r\n{TEXT}", "  Ada\u202e Quill\n", "Copper\tRain "))

    assert song == Song("Ada Quill", "Copper Rain", TEXT, "en")


@pytest.mark.parametrize(
    ("song", "word"),
    [
        (raw(artist=None), "--artist"),
        (raw(artist=" \u200b "), "--artist"),
        (raw(artist="A" * 81), "80 characters"),
        (raw(title=None), "title"),
        (raw("too short"), "too short"),
        (raw("x" * MIN_CHARACTERS + "[Chorus]" * 3000), "too long"),
        (raw("la " * 7000), "too long"),
        (raw("lamp\n" * 100_000), "own record"),
        (raw("- " * 50), "No words"),
        (raw(""), "No words"),
        (raw(TEXT + "\x00"), "binary"),
        (raw("\x01\x02\x03" + TEXT), "binary"),
        (raw(TEXT + "\udce9"), "UTF-8"),
        (raw("Caf\ufffd\n" + TEXT), "UTF-8"),
        (raw(title="Caf\ufffd"), "UTF-8"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_faulty_song_is_refused_with_the_reason(song: RawSong, word: str) -> None:
    answer = refusal(song)

    assert word in answer.reason
    assert answer.reason.endswith(".")
    assert (answer.source, answer.line) == ("songs.csv", 7)


def test_a_refusal_names_the_artist_where_it_is_known() -> None:
    assert refusal(raw("too short")).artist == "Ada Quill"
    assert refusal(raw(artist=None)).artist is None
    assert refuse("songs.csv", 1, "Ada\x1b Quill" * 40, "No.").artist == ("Ada Quill" * 40)[:80]


def test_the_shortest_and_the_longest_song_are_taken() -> None:
    assert isinstance(checked(raw("x" * MIN_CHARACTERS)), Song)
    assert isinstance(checked(raw("x" * (MIN_CHARACTERS - 1))), Refusal)
    assert isinstance(checked(raw("x" * MAX_CHARACTERS)), Song)
    assert isinstance(checked(raw("x" * (MAX_CHARACTERS + 1))), Refusal)


def test_a_chinese_quatrain_is_long_enough() -> None:
    song = checked(raw(QUATRAIN, "阿木", "江上"))

    assert song == Song("阿木", "江上", QUATRAIN, "zh")


def test_a_long_title_is_cut() -> None:
    song = checked(raw(title="Rain " * 80))

    assert isinstance(song, Song)
    assert len(song.title) <= 200
    assert song.title.startswith("Rain Rain")
    assert song.title.endswith("…")


@pytest.mark.parametrize(
    ("given_language", "language"),
    [("en", "en"), ("EN-us", "en"), ("zh_TW", "zh"), ("fr", "und"), ("", "en"), (None, "en")],
)
def test_a_given_language_goes_before_the_script(given_language: str | None, language: str) -> None:
    song = checked(RawSong("songs.csv", 7, "Ada Quill", "Rain", TEXT, given_language))

    assert isinstance(song, Song)
    assert song.language == language


@given(st.text(st.characters()), st.text(st.characters()), st.text(st.characters(), max_size=400))
def test_any_text_gives_a_storable_song_or_a_refusal(artist: str, title: str, text: str) -> None:
    answer = checked(raw(text, artist, title))

    if isinstance(answer, Song):
        assert f"{answer.artist}{answer.title}{answer.text}".encode()
