"""A locale of Discord's gets its language, and a sentence made earlier is read in it."""

import json
from typing import Any

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


@pytest.mark.parametrize(
    ("locale", "language", "name"),
    [("en-US", "zh", "Chinese"), ("zh-CN", "en", "英语"), ("zh-CN", "unheard-of", "unheard-of")],
)
def test_a_language_has_a_name_in_each_language(locale: str, language: str, name: str) -> None:
    assert translator(locale).name_of(language) == name


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


def test_a_sentence_is_the_same_after_json() -> None:
    inner = Sentence("review submissions")
    sentence = Sentence("{a} {b} {c:.2f} {d}", {"a": inner, "b": ("x", "y"), "c": 1.5, "d": "{a}"})
    again = Sentence.from_data(json.loads(json.dumps(sentence.as_data())))
    assert again == sentence
    assert translator("zh-CN").say(again) == "审核投稿 x、y 1.50 {a}"


@pytest.mark.parametrize("data", [{}, {"template": "x"}, {"template": "x", "values": {"a": None}}])
def test_what_is_no_sentence_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError)):
        Sentence.from_data(data)
