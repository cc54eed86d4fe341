"""/battle: a card that fills by turns, one vote a member, and a result that outlives a restart."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from bot.errors import BattleOver, DeadlineExceeded, EngineStopped
from bot.generation import GeneratedVerse, SamplingParameters, VerseRequest, Waiting
from bot.views import battle_performance
from tests.bot.commands.test_rap import only_text
from tests.bot.conftest import ARTIST, Stage

OTHER = "Roof Fox"


async def battle(stage: Stage, **changes: Any) -> Any:
    """As Ben, /battle."""
    options = {"artist_a": ARTIST, "artist_b": OTHER, "seed": "slim", "rounds": 2, **changes}
    return await stage.ben.slash(stage.channel, "battle", **options)


def card(stage: Stage, result: Any) -> Any:
    """The embed as everybody sees it now."""
    stored = stage.world.env.backend.get_message(stage.channel.id, result.response.id)
    return stored.embeds[0]


def counts(stage: Stage, result: Any) -> tuple[str, str]:
    stored = stage.world.env.backend.get_message(stage.channel.id, result.response.id)
    first, second = stored.components[0]["components"]
    return first["label"], second["label"]


async def vote(stage: Stage, who: Any, result: Any, side: str) -> Any:
    return await who.click(result.response, custom_id=f"cypher:1:battle:{side}:1")


async def shown(stage: Stage, result: Any, words: str) -> None:
    """Waits until the card says so."""
    async with asyncio.timeout(5):
        while words not in card(stage, result)["description"]:
            await asyncio.sleep(0.005)


@asynccontextmanager
async def after(stage: Stage, **time: float) -> AsyncIterator[None]:
    """So much later, by the clock."""
    with time_machine.travel(datetime.now(UTC) + timedelta(**time)):
        stage.app.services.referee.note_news()
        yield


def failing_after(stage: Stage, monkeypatch: pytest.MonkeyPatch, turns: int, error: Any) -> None:
    generation = stage.app.services.generation
    generate, requests = generation.generate, list[VerseRequest]()

    async def fail(request: VerseRequest, on_wait: Any = None) -> GeneratedVerse:
        if len(requests) == turns:
            raise error
        requests.append(request)
        return await generate(request, on_wait)

    monkeypatch.setattr(generation, "generate", fail)


async def test_the_card_shows_both_by_turns_and_both_open_with_the_theme(stage: Stage) -> None:
    result = await battle(stage, rounds=3)
    (embed,) = result.response.embeds
    assert embed.title == f"⚔️ {ARTIST} against {OTHER}"
    assert [field.name for field in embed.fields] == [
        f"{side} {artist} · round {number}"
        for number in (1, 2, 3)
        for side, artist in (("🅰️", ARTIST), ("🅱️", OTHER))
    ]
    assert [field.value.startswith("**slim**") for field in embed.fields[:2]] == [True, True]
    assert "Who wins?" in embed.description
    assert counts(stage, result) == ("0", "0")
    assert not result.response.ephemeral


async def test_the_battle_is_stored_with_all_that_makes_it_again(stage: Stage) -> None:
    before = datetime.now(UTC)
    result = await battle(stage, minutes=7)
    stored = await stage.store.battles.get(1)
    assert stored is not None
    assert (stored.artist_a, stored.artist_b, stored.seed) == (ARTIST, OTHER, "slim")
    assert (stored.user_id, stored.guild_id) == (stage.ben.id, stage.channel.guild.id)
    assert (stored.channel_id, stored.message_id) == (stage.channel.id, result.response.id)
    assert stored.ends_at is not None
    assert timedelta(0) <= stored.ends_at - before - timedelta(minutes=7) < timedelta(minutes=1)
    assert [part.checkpoint for part in stored.parts] == ["starter-1"] * 4
    first = stored.parts[0]
    request = VerseRequest(
        user_id=1,
        artist=ARTIST,
        seed="slim",
        lines=first.num_lines,
        rng_seed=first.rng_seed,
        scheme="AABB",
        sampling=SamplingParameters(
            temperature=stored.temperature,
            top_k=stored.top_k,
            top_p=stored.top_p,
            repetition_penalty=stored.repetition_penalty,
        ),
    )
    assert (await stage.app.services.generation.generate(request)).text == first.text


async def test_the_vote_lasts_as_long_as_the_configuration_says(stage: Stage) -> None:
    await battle(stage)
    stored = await stage.store.battles.get(1)
    assert stored is not None
    assert stored.ends_at is not None
    minutes = (stored.ends_at - datetime.now(UTC)).total_seconds() / 60
    assert minutes == pytest.approx(stage.app.services.config.battles.minutes, abs=0.5)


async def test_the_card_fills_and_says_whose_turn_it_is(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = stage.app.services.generation
    generate, seen = generation.generate, list[tuple[str, int]]()

    async def noting(request: VerseRequest, on_wait: Any = None) -> GeneratedVerse:
        if not seen:
            await on_wait(Waiting(12, 30.4))
            seen.append((str(stage.channel.last_message.embeds[0].description), 0))
            await on_wait(Waiting(0, 0.2))
        embed = stage.channel.last_message.embeds[0]
        seen.append((str(embed.description), len(embed.fields)))
        return await generate(request, on_wait)

    monkeypatch.setattr(generation, "generate", noting)
    await battle(stage)
    assert f"Round 1 of 2: {ARTIST} is number 12 in the queue, about 30 s" in seen[0][0]
    for position, (described, num_parts) in enumerate(seen[1:]):
        artist = (ARTIST, OTHER)[position % 2]
        assert f"Round {position // 2 + 1} of 2: {artist} is writing" in described
        assert num_parts == position


async def test_each_member_has_one_vote_that_can_be_changed_and_withdrawn(stage: Stage) -> None:
    result = await battle(stage)
    for who, side, expected in (
        (stage.ben, "a", ("1", "0")),
        (stage.chen, "a", ("2", "0")),
        (stage.chen, "b", ("1", "1")),
        (stage.ben, "a", ("0", "1")),
    ):
        await vote(stage, who, result, side)
        assert counts(stage, result) == expected


async def test_the_winner_is_shown_when_the_time_is_up_also_after_a_restart(stage: Stage) -> None:
    result = await battle(stage, minutes=60)
    await vote(stage, stage.ben, result, "b")
    await stage.restart()
    await vote(stage, stage.chen, result, "b")
    async with after(stage, minutes=59):
        await vote(stage, stage.admin, result, "a")
        assert "Who wins?" in card(stage, result)["description"]
    async with after(stage, minutes=60, seconds=2):
        await shown(stage, result, f"**{OTHER}** wins, 2 to 1")
    assert counts(stage, result) == ("1", "2")
    assert len(card(stage, result)["fields"]) == 4


async def test_a_press_after_the_end_is_told_so_and_changes_nothing(stage: Stage) -> None:
    result = await battle(stage)
    await vote(stage, stage.ben, result, "a")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5)):
        told = only_text(await vote(stage, stage.chen, result, "b"))
    assert told == f"🏆 **{ARTIST}** wins, 1 to 0.\n{BattleOver(1)}"
    assert (await stage.store.battles.count(1)).b == 0


async def test_a_press_on_a_battle_that_is_unknown_is_told_so(stage: Stage) -> None:
    result = await battle(stage)
    async with stage.store.database.writer() as session:
        await (await session.connection()).exec_driver_sql("DELETE FROM battles")
    assert "no such battle" in only_text(await vote(stage, stage.ben, result, "a"))


async def test_one_against_themself_is_refused(stage: Stage) -> None:
    told = only_text(await battle(stage, artist_b="mara  QUILL"))
    assert f"{ARTIST} against {ARTIST}" in told
    assert await stage.store.battles.get(1) is None


@pytest.mark.parametrize("side", ["artist_a", "artist_b"])
async def test_an_unknown_artist_is_told_with_who_comes_near(stage: Stage, side: str) -> None:
    told = only_text(await battle(stage, **{side: "Rooof Fxo"}))
    assert "have not learned Rooof Fxo" in told
    assert await stage.store.battles.get(1) is None


@pytest.mark.parametrize(("side", "other"), [("artist_a", ARTIST), ("artist_b", OTHER)])
async def test_one_press_begins_the_same_battle_with_somebody_who_is_known(
    stage: Stage, side: str, other: str
) -> None:
    seed = "a *long* seed: " + "词" * 90
    offer = await battle(stage, **{side: "Nobody"}, seed=seed, rounds=3, minutes=9)
    labels = [each["label"] for each in offer.response.components[0]["components"]]
    assert other in labels
    assert len(labels) == 2  # the third whom the bot knows is in the battle already
    await stage.restart()
    before = datetime.now(UTC)
    result = await stage.ben.click(offer.response, label=other)
    assert result.response.embeds[0].title == f"⚔️ {ARTIST} against {OTHER}"
    stored = await stage.store.battles.get(1)
    assert stored is not None
    assert (stored.seed, stored.num_rounds) == (seed, 3)
    assert stored.ends_at is not None
    assert stored.ends_at - before > timedelta(minutes=8)


async def test_where_neither_is_known_only_the_sentence_comes(stage: Stage) -> None:
    told = await battle(stage, artist_a="Nobody", artist_b="Nobody Else")
    assert "have not learned Nobody yet" in only_text(told)
    assert told.response.components == []


async def test_an_offer_that_the_live_checkpoint_cannot_keep_says_so(stage: Stage) -> None:
    offer = await battle(stage, artist_a="Nobody")
    stored = stage.world.env.backend.get_message(stage.channel.id, offer.response.id)
    custom_id = f"cypher:1:opponent:{'0' * 16}:{'1' * 16}:2:5"
    stored.components[0]["components"][0]["custom_id"] = custom_id
    told = await stage.ben.click(offer.response, custom_id=custom_id)
    assert "no longer know" in only_text(told)


@pytest.mark.parametrize("option", ["artist_a", "artist_b"])
async def test_artists_are_suggested(stage: Stage, option: str) -> None:
    choices = await stage.ben.autocomplete(stage.channel, "battle", option, "roof")
    assert choices[0]["value"] == OTHER


@pytest.mark.parametrize(
    ("typed", "told"), [("", "seed:slim"), ("x" * 2000, "2,000"), ("fuck this", "other words")]
)
async def test_a_seed_that_cannot_be_gets_one_sentence_and_no_battle(
    stage: Stage, typed: str, told: str
) -> None:
    assert told in only_text(await battle(stage, seed=typed))
    assert await stage.store.battles.get(1) is None


async def test_what_fails_before_anything_is_written_leaves_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_after(stage, monkeypatch, 0, EngineStopped())
    assert "in a minute" in only_text(await battle(stage))
    assert await stage.store.battles.get(1) is None


@pytest.mark.parametrize(
    ("error", "told"), [(DeadlineExceeded(60), "60 s"), (EngineStopped(), "in a minute")]
)
async def test_what_fails_half_way_is_told_and_the_card_says_that_it_broke_off(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    failing_after(stage, monkeypatch, 3, error)
    result = await battle(stage)
    (followup,) = result.followups
    assert followup.ephemeral
    assert told in followup.content
    await shown(stage, result, "broke off")
    assert "fields" not in card(stage, result) or card(stage, result)["fields"] == []
    stored = await stage.store.battles.get(1)
    assert stored is not None
    assert (stored.state, stored.parts) == ("cancelled", ())
    assert stage.app.services.generation.num_waiting == 0


async def test_a_battle_that_takes_too_long_is_given_up(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(battle_performance, "_TIME_S", 0.0)
    assert "That took longer" in only_text(await battle(stage))


async def test_a_full_house_refuses_a_battle_at_once(stage: Stage) -> None:
    config, generation = stage.app.services.config, stage.app.services.generation
    num_places = config.generation.num_slots // 2 + config.queue.max_waiting
    places = [generation.place() for _ in range(num_places)]
    for place in places:
        place.__enter__()
    try:
        assert "Too many requests" in only_text(await battle(stage))
    finally:
        for place in places:
            place.__exit__(None, None, None)
    assert (await battle(stage)).response.embeds


async def test_a_battle_speaks_the_language_of_its_server_to_the_end(stage: Stage) -> None:
    await stage.store.guilds.set(stage.channel.guild.id, language="zh-CN")
    result = await battle(stage, artist_a="夜雨", seed="春风")
    embed = card(stage, result)
    assert embed["title"] == f"⚔️ 夜雨 对 {OTHER}"
    assert embed["fields"][0]["name"] == "🅰️ 夜雨 · 第 1 回合"
    async with after(stage, minutes=6):
        await shown(stage, result, "没有人投票")
