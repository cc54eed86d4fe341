"""The card of a battle: both told apart, every word letter by letter, never too long."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.locale import translator
from bot.moderation import ContentLevel, rules_for
from bot.store import Battle, BattleCount, BattlePart
from bot.views.battle_card import broken_off_card, result_card, vote_card, writing_card

ENGLISH, CHINESE = translator("en-GB"), translator("zh-CN")
CLEAN = rules_for(ContentLevel.CLEAN)


def battle(texts: list[str], **changes: Any) -> Battle:
    parts = [
        BattlePart(text=each, num_lines=4, num_candidates=8, rng_seed=1, checkpoint="starter-1")
        for each in texts
    ]
    values: dict[str, Any] = {
        "id": 7,
        "state": "voting",
        "artist_a": "Mara Quill",
        "artist_b": "Roof Fox",
        "seed": "slim",
        "num_rounds": 2,
        "parts": tuple(parts),
        "temperature": 0.8,
        "top_k": 0,
        "top_p": 0.9,
        "repetition_penalty": 1.2,
        "locale": "en-GB",
        "user_id": 1,
        "application_id": 2,
        "guild_id": 3,
        "channel_id": 4,
        "message_id": 5,
        "created_at": datetime(2026, 5, 1, tzinfo=UTC),
        "ends_at": datetime(2026, 5, 1, 0, 5, tzinfo=UTC),
    }
    return Battle(**{**values, **changes})


async def test_each_part_is_under_its_artist_and_round() -> None:
    card = vote_card(battle(["slim *one*", "slim two", "@here", "four"]), COUNT, CLEAN, ENGLISH)
    assert card.embed.title == "⚔️ Mara Quill against Roof Fox"
    assert [(field.name, field.value) for field in card.embed.fields] == [
        ("🅰️ Mara Quill · round 1", "**slim** \\*one\\*"),
        ("🅱️ Roof Fox · round 1", "**slim** two"),
        ("🅰️ Mara Quill · round 2", "@\u200bhere"),
        ("🅱️ Roof Fox · round 2", "four"),
    ]
    assert "<t:1777593900:R>" in (card.embed.description or "")
    assert (
        card.embed.footer.text
    ) == "machine-made in the styles of Mara Quill and Roof Fox · starter-1"


COUNT = BattleCount(a=0, b=0)


@pytest.mark.parametrize(
    ("a", "b", "english", "chinese"),
    [
        (3, 1, "**Mara Quill** wins, 3 to 1", "**Mara Quill** 胜，3 比 1"),
        (0, 2, "**Roof Fox** wins, 2 to 0", "**Roof Fox** 胜，2 比 0"),
        (2, 2, "A draw, 2 to 2", "平局，2 比 2"),
        (0, 0, "Nobody voted", "没有人投票"),
    ],
)
async def test_the_result_names_the_winner_and_its_buttons_are_closed(
    a: int, b: int, english: str, chinese: str
) -> None:
    for texts, said in ((ENGLISH, english), (CHINESE, chinese)):
        card = result_card(battle(["slim"]), BattleCount(a=a, b=b), CLEAN, texts)
        assert said in (card.embed.description or "")
        buttons = [each.item for each in card.view.children]  # type: ignore[attr-defined]
        assert [(each.label, each.emoji.name, each.disabled) for each in buttons] == [
            (str(a), "🅰️", True),
            (str(b), "🅱️", True),
            (None, "🚩", False),
        ]


async def test_the_longest_battle_fits_into_an_embed() -> None:
    endless = battle(["slim" + "*" * 9000] * 8, artist_a="*" * 300, artist_b="名" * 300)
    for card in (
        vote_card(endless, COUNT, CLEAN, ENGLISH),
        result_card(endless, BattleCount(a=99999, b=0), CLEAN, CHINESE),
    ):
        assert len(card.embed) <= 6000
        assert len(card.embed.title or "") <= 256
        assert all(len(each.value or "") <= 1024 for each in card.embed.fields)
        assert all(len(each.name or "") <= 256 for each in card.embed.fields)


async def test_a_forbidden_word_is_masked_in_parts_and_theme() -> None:
    card = writing_card(
        battle([], seed="fucking"), battle(["fucking hell"]).parts, "…", CLEAN, ENGLISH
    )
    assert "fuck" not in f"{card.embed.description} {card.embed.fields[0].value}"


async def test_what_broke_off_shows_no_words_and_no_buttons() -> None:
    card = broken_off_card(battle(["slim"], state="cancelled"), CLEAN, ENGLISH)
    assert "broke off" in (card.embed.description or "")
    assert card.embed.fields == []
    assert card.view.children == []
