"""An artist whom nobody taught: a sentence, others one press away, the same seed."""

from typing import Any

import discord
import pytest

from tests.bot.commands.test_rap import only_text
from tests.bot.conftest import ARTIST, Stage


def labels(result: Any) -> list[str]:
    return [each["label"] for row in result.response.components for each in row["components"]]


async def test_the_member_alone_reads_how_to_go_on(stage: Stage) -> None:
    result = await stage.rap("slim", artist="Eminem")
    told = only_text(result)
    assert "have not learned Eminem yet" in told
    assert "/submit" in told
    assert await stage.store.verses.get(1) is None


async def test_the_nearest_come_first_and_the_best_loved_follow(stage: Stage) -> None:
    for _ in range(2):
        await stage.rap(artist="Roof Fox")
    await stage.store.votes.cast(1, 5, 1)
    assert labels(await stage.rap(artist="Mara Kwill"))[0] == ARTIST
    assert labels(await stage.rap(artist="Zzyzx"))[0] == "Roof Fox"


async def test_a_seed_in_chinese_is_offered_to_those_who_write_chinese(stage: Stage) -> None:
    assert labels(await stage.rap("春风", artist="李白"))[0] == "夜雨"
    assert labels(await stage.rap("slim", artist="Zzyzx"))[-1] == "夜雨"


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_one_press_raps_the_same_seed_as_asked_for(stage: Stage, is_restarted: bool) -> None:
    seed = "a *long* seed: " + "词" * 90
    asked: dict[str, Any] = {"rhyme": "ABBA", "mix": "roof fox", "share": 30}
    offer = await stage.rap(seed, artist="Mara Kwill", lines=4, temperature=0.25, **asked)
    if is_restarted:
        await stage.restart()
    result = await stage.ben.click(offer.response, label=ARTIST)
    assert result.response.embeds[0].title == f"🎤 70 % {ARTIST} · 30 % Roof Fox"
    verse = await stage.store.verses.get(1)
    assert verse is not None
    assert verse.text.startswith(seed)
    assert (verse.num_lines, verse.temperature) == (4, 0.25)
    assert (verse.scheme, verse.mix_artist, verse.mix_share) == ("ABBA", "Roof Fox", 30)


async def test_where_the_second_artist_is_unknown_too_the_first_raps_alone(stage: Stage) -> None:
    offer = await stage.rap(artist="Mara Kwill", mix="Eminem")
    result = await stage.ben.click(offer.response, label=ARTIST)
    assert result.response.embeds[0].title == f"🎤 {ARTIST}"


async def test_a_button_from_before_there_were_schemes_still_raps(stage: Stage) -> None:
    offer = await stage.rap(artist="Mara Kwill")
    stored = stage.world.env.backend.get_message(stage.channel.id, offer.response.id)
    button = stored.components[0]["components"][0]
    old = ":".join(button["custom_id"].split(":")[:4]) + ":4:0.25"
    button["custom_id"] = old
    await stage.ben.click(offer.response, custom_id=old)
    verse = await stage.store.verses.get(1)
    assert verse is not None
    assert (verse.artist, verse.num_lines, verse.temperature) == (ARTIST, 4, 0.25)


async def test_an_offer_that_the_live_checkpoint_cannot_keep_says_so(stage: Stage) -> None:
    offer = await stage.rap(artist="Mara Kwill")
    stored = stage.world.env.backend.get_message(stage.channel.id, offer.response.id)
    stored.components[0]["components"][0]["custom_id"] = "cypher:1:voice:0123456789abcdef::"
    told = await stage.ben.click(offer.response, custom_id="cypher:1:voice:0123456789abcdef::")
    assert "no longer know" in only_text(told)


@pytest.mark.parametrize("artist", ["@everyone", "<@1>", "`x`", "[a](https://b.c)"])
async def test_a_hostile_name_is_shown_and_not_obeyed(stage: Stage, artist: str) -> None:
    told = only_text(await stage.rap(artist=artist))
    assert artist not in told
    assert "have not learned" in told


async def test_a_footer_holds_the_longest_seed(stage: Stage) -> None:
    limit = stage.app.services.config.moderation.max_seed_characters
    result = await stage.rap("x" * limit, artist="Eminem")
    assert discord.Embed.from_dict(result.response.embeds[0].to_dict()).footer.text == (
        "🌱 " + "x" * limit
    )
