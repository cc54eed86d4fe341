"""Lyrics with slurs are never learned; what else is blocked here is shown to the reviewer."""

import pytest

from bot.errors import BadLyrics
from bot.store import GuildSettings
from bot.submissions.findings import Flag
from bot.submissions.wording import check_names, check_words

HERE = GuildSettings(guild_id=1, blocked_words=("slime",))


@pytest.mark.parametrize("line", ["a n1gger", "黑 鬼"])
def test_a_slur_keeps_lyrics_out(line: str) -> None:
    with pytest.raises(BadLyrics, match="Line 3"):
        check_words(f"one\n\n{line}", HERE)


def test_explicit_lines_are_flagged_where_they_are_not_said() -> None:
    text = "one\nfuck it\nthree"
    assert check_words(f"{text}\nS L I M E", HERE) == (Flag(kind="blocked_words", lines=(2, 4)),)
    assert check_words(text, GuildSettings(guild_id=1, content="unfiltered")) == ()
    assert check_words("a quiet line", HERE) == ()


def test_names_are_judged_too() -> None:
    check_names("Mara Quill", "Rooftop", HERE)
    for artist, title in (("Slime", "x"), ("x", "fuck you")):
        with pytest.raises(BadLyrics):
            check_names(artist, title, HERE)
