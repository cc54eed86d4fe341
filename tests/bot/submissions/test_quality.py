"""Verse passes without a flag, what is no song is refused, and doubts name their lines."""

import random
import string

import pytest

from bot.errors import BadLyrics
from bot.submissions.quality import examine
from tests.factories import songs

VERSE = """I keep the tide inside a jar of glass
And let it out when all the tourists pass
The gulls are loud, the harbour wall is long
And every rope is singing half a song"""
OTHER_VERSE = VERSE.replace("tide", "wind")
CHINESE = """雨落在旧城的屋檐
我在灯下写你的名
风把昨天吹得很远
只剩一句没有说清"""
GERMAN = """Der Mond ist aufgegangen, die goldnen Sternlein prangen
Am Himmel hell und klar, der Wald steht schwarz und schweiget
Und aus den Wiesen steiget der weiße Nebel wunderbar
Wie ist die Welt so stille und in der Dämmrung Hülle"""


def kinds(text: str, known: tuple[str, ...] = ("en", "zh")) -> dict[str, tuple[int, ...]]:
    flags, _, _ = examine(text, known)
    return {flag.kind: flag.lines for flag in flags}


@pytest.mark.parametrize("text", [VERSE, CHINESE, *(song.text for song in songs(2))])
def test_verse_has_no_flag(text: str) -> None:
    assert kinds(text) == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"{VERSE}\nsee https://example.com/x", "Line 5 has a link"),
        (f"join discord.gg/abcdef\n{VERSE}", "Line 1 has a link"),
        (f"{VERSE}\n\nwww.best-lyrics.example now", "Line 6 has a link"),
        ("la la la\n" * 20, "only 1 different"),
        ("哈哈哈哈\n" * 20, "only 1 different"),
        (VERSE.replace("\n", ", "), "one line"),
        (CHINESE.replace("\n", "，"), "one line"),
        (f"{VERSE}\n" + "Salt on the window\n" * 16, "80 % of these lines"),
    ],
)
def test_what_is_no_song_is_refused_with_its_own_sentence(text: str, told: str) -> None:
    with pytest.raises(BadLyrics, match=told):
        examine(text)


def test_random_letters_are_refused_and_some_of_them_are_flagged() -> None:
    letters = random.Random(3)

    def line() -> str:
        words = ("".join(letters.choices(string.ascii_lowercase, k=9)) for _ in range(6))
        return " ".join(words)

    with pytest.raises(BadLyrics, match="make no words"):
        examine("\n".join(line() for _ in range(12)))
    assert kinds(f"{VERSE}\n{line()}\n{line()}")["odd_words"] == (5, 6)


@pytest.mark.parametrize(
    ("text", "kind", "lines"),
    [
        (f"{VERSE}\n<b>bold words</b>", "markup", (5,)),
        (f"```\n{VERSE}", "markup", (1,)),
        (f"{VERSE}\n{'and then she went on to say that ' * 5}", "long_lines", (5,)),
        (
            f"{VERSE}\n" + "\n".join(["Salt on the window"] * 6),
            "repeated_line",
            (5, 6, 7, 8, 9, 10),
        ),
        (f"{VERSE}\n\n{CHINESE}", "mixed_languages", (6, 7, 8, 9)),
        (f"{VERSE}\n\n{OTHER_VERSE}\n\n{GERMAN}", "mixed_languages", (11, 12, 13, 14)),
        (GERMAN, "unknown_language", ()),
        ("君が代は\n千代に八千代に\nさざれ石の\nいわおとなりて", "unknown_language", ()),
    ],
)
def test_a_doubt_names_its_lines(text: str, kind: str, lines: tuple[int, ...]) -> None:
    assert kinds(text)[kind] == lines


def test_the_language_is_told_with_how_sure_it_is() -> None:
    _, language, confidence = examine(GERMAN)
    assert (language, confidence > 0.9) == ("de", True)
    assert kinds(GERMAN, known=("de",)) == {}


def test_flags_of_a_long_text_stay_few() -> None:
    text = "\n".join(f"<i>{n} {'and so on and on ' * 9}</i>" for n in range(500))
    assert all(len(lines) <= 100 for lines in kinds(text).values())
