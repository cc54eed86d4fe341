"""A locale of Discord's gets its language, and a sentence made earlier is read in it."""

import pytest

from bot.errors import UnknownArtist
from bot.locale import Sentence, translator


@pytest.mark.parametrize(
    ("locale", "said"), [("en-GB", "Again"), ("zh-CN", "再来"), ("zh-TW", "再来"), ("fi", "Again")]
)
def test_a_locale_gets_its_language_and_else_english(locale: str, said: str) -> None:
    assert translator(locale)("Again") == said


def test_a_count_chooses_the_form() -> None:
    one, many = "{count} try at each line", "{count} tries at each line"
    for count, english in ((1, one), (2, many)):
        assert translator("en-US").ngettext(one, many, count) == english
        assert translator("zh-CN").ngettext(one, many, count) == "每行试写 {count} 次"


def test_a_context_tells_one_meaning_from_another() -> None:
    chinese = translator("zh-CN")
    assert chinese.pgettext("command name", "artists") == "作者"
    assert chinese.pgettext("no such context", "artists") == "artists"


def test_a_sentence_is_filled_in_after_it_is_translated() -> None:
    sentence = Sentence(
        UnknownArtist.message_with_nearest,
        {"name": "{nearest}", "nearest": ("A", "B")},
    )
    assert "learned {nearest} yet. Did you mean A, B?" in str(sentence)
    assert "没学过{nearest}。你是不是要找：A、B？" in translator("zh-CN").say(sentence)


def test_a_sentence_within_a_sentence_is_translated_too() -> None:
    action = Sentence("review submissions")
    sentence = Sentence(
        "Only admins of this server may {action}. Ask one of them.", {"action": action}
    )
    assert "管理员可以审核投稿" in translator("zh-CN").say(sentence)
