"""/rap: a card whose verse opens with the seed, or one clear sentence for the member alone."""

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.errors import DeadlineExceeded, EngineStopped, QueueFull, TooManyWaiting
from bot.generation import GeneratedVerse, SamplingParameters, VerseRequest, Waiting
from bot.generation.shares import most_at_once
from bot.views import performance, private
from tests.bot.conftest import ARTIST, Stage

Generate = Callable[..., Awaitable[GeneratedVerse]]


def only_text(result: Any) -> str:
    """What a member read who made a mistake: one ephemeral message, and nothing public."""
    messages = [each for each in (result.response, *result.followups) if each is not None]
    assert [message.ephemeral for message in messages] == [True]
    text: str = messages[0].content or messages[0].embeds[0].description
    return text


async def test_a_card_shows_the_verse_with_its_seed_in_bold_and_says_what_it_is(
    stage: Stage,
) -> None:
    result = await stage.rap("slim")
    (embed,) = result.response.embeds
    assert embed.title == f"🎤 {ARTIST}"
    assert embed.description.startswith("**slim**")
    for part in (f"machine-made in the style of {ARTIST}", "asked by Ben", "starter-1"):
        assert part in embed.footer.text
    assert not result.response.ephemeral
    assert result.response.content == ""


async def test_the_verse_is_stored_with_all_that_makes_it_again(stage: Stage) -> None:
    result = await stage.rap("slim", lines=4, temperature=0.5)
    verse = await stage.store.verses.get(1)
    assert verse is not None
    assert verse.text.startswith("slim")
    assert (verse.artist, verse.seed, verse.num_lines, verse.temperature) == (
        ARTIST,
        "slim",
        4,
        0.5,
    )
    assert (verse.user_id, verse.guild_id) == (stage.ben.id, stage.channel.guild.id)
    assert (verse.channel_id, verse.message_id) == (stage.channel.id, result.response.id)
    request = VerseRequest(
        user_id=1,
        artist=verse.artist,
        seed=verse.seed,
        lines=verse.num_lines,
        rng_seed=verse.rng_seed,
        sampling=SamplingParameters(
            temperature=verse.temperature,
            top_k=verse.top_k,
            top_p=verse.top_p,
            repetition_penalty=verse.repetition_penalty,
        ),
    )
    made_again = await stage.app.services.generation.generate(request)
    assert made_again.text == verse.text


async def test_where_discord_does_not_number_the_reply_at_first_its_number_is_stored_later(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def think_in_public(interaction: Any) -> None:
        await private.think_in_public(interaction)

    monkeypatch.setattr(performance, "think_in_public", think_in_public)
    result = await stage.rap("slim")
    verse = await stage.store.verses.get(1)
    assert verse is not None
    assert (verse.channel_id, verse.message_id) == (stage.channel.id, result.response.id)


async def test_an_artist_may_be_typed_carelessly(stage: Stage) -> None:
    result = await stage.rap(artist="mara  QUILL")
    assert result.response.embeds[0].title == f"🎤 {ARTIST}"


async def test_who_names_nobody_gets_somebody_who_writes_in_the_language_of_the_seed(
    stage: Stage,
) -> None:
    card = (await stage.rap(artist=ARTIST)).response
    await stage.ben.click(card, custom_id="cypher:1:vote:up:1")  # best-loved from now on
    (chinese,) = (await stage.ben.slash(stage.channel, "rap", seed="春风")).response.embeds
    (english,) = (await stage.ben.slash(stage.channel, "rap", seed="slim")).response.embeds
    assert "夜雨" in chinese.title
    assert ARTIST in english.title


async def test_a_chinese_seed_and_artist_work(stage: Stage) -> None:
    result = await stage.rap("春风", artist="夜雨")
    assert result.response.embeds[0].description.startswith("**春风**")


@pytest.mark.parametrize(
    ("typed", "opening"),
    [
        ("🔥🔥🔥", "🔥🔥🔥"),
        ("\u202eabc\u202c", "abc"),
        ("שלום", "שלום"),
        ("sl\u200bim", "slim"),
        ("@everyone", "@everyone"),
        ("`rm -rf /`", "`rm -rf /`"),
        ("'; DROP TABLE verses; --", "'; DROP TABLE verses; --"),
        ("**bold** ||spoiler||", "**bold** ||spoiler||"),
        ("two\nlines", "two lines"),
    ],
)
async def test_an_odd_seed_opens_the_verse_as_it_is_seen(
    stage: Stage, typed: str, opening: str
) -> None:
    result = await stage.rap(typed)
    verse = await stage.store.verses.get(1)
    assert verse is not None
    assert verse.text.startswith(opening)
    shown = result.response.embeds[0].description
    for live in ("@everyone", "<@", "||"):
        assert live not in shown


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "seed:slim"),
        (" \u200b\u3164 ", "seed:slim"),
        ("x" * 2000, "2,000 characters"),
        ("fuck this", "other words"),
    ],
)
async def test_a_seed_that_cannot_be_gets_one_sentence_and_no_verse(
    stage: Stage, typed: str, told: str
) -> None:
    assert told in only_text(await stage.rap(typed))
    assert await stage.store.verses.get(1) is None


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (QueueFull(7.4), "about 7 s"),
        (TooManyWaiting(3), "one may (3)"),
        (DeadlineExceeded(60), "60 s"),
        (EngineStopped(), "in a minute"),
    ],
)
async def test_what_goes_wrong_while_thinking_is_told_to_the_member_alone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    async def fail(request: VerseRequest, on_wait: Any = None) -> GeneratedVerse:
        raise error

    monkeypatch.setattr(stage.app.services.generation, "generate", fail)
    assert told in only_text(await stage.rap())


async def test_a_crowd_beyond_slots_and_queue_is_refused_before_it_waits_for_anything(
    stage: Stage,
) -> None:
    config, generation = stage.app.services.config, stage.app.services.generation
    with contextlib.ExitStack() as crowd:
        at_once = most_at_once(config.generation.num_slots, config.generation.candidates)
        for _ in range(at_once + config.queue.max_waiting - 1):
            crowd.enter_context(generation.place())
        assert (await stage.rap()).response.embeds
        crowd.enter_context(generation.place())
        num_requests = len(stage.world.env.http_requests)
        assert "Too many requests" in only_text(await stage.rap())
        assert len(stage.world.env.http_requests) == num_requests + 1
    assert (await stage.rap()).response.embeds


async def test_a_failure_of_ours_is_logged_and_the_member_gets_its_reference(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(request: VerseRequest, on_wait: Any = None) -> GeneratedVerse:
        raise RuntimeError("the roof is on fire")

    stage.may_log_errors = True
    monkeypatch.setattr(stage.app.services.generation, "generate", fail)
    told = only_text(await stage.rap())
    (logged,) = [each for each in caplog.records if "reference" in each.getMessage()]
    reference = logged.getMessage().split()[-1]
    assert reference in told
    assert "roof" not in told
    assert logged.exc_info


async def test_a_long_wait_shows_position_and_estimate_until_the_card_comes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate = stage.app.services.generation.generate
    notes: list[str] = []

    async def wait_first(request: VerseRequest, on_wait: Any = None) -> GeneratedVerse:
        for waiting in (Waiting(12, 30.4), Waiting(0, 0.2)):
            await on_wait(waiting)
            notes.append(str(stage.channel.last_message.content))
        return await generate(request)

    monkeypatch.setattr(stage.app.services.generation, "generate", wait_first)
    result = await stage.rap()
    assert "number 12" in notes[0]
    assert "30 s" in notes[0]
    assert "being written" in notes[1]
    assert result.response.content == ""


async def test_the_servers_own_number_of_lines_is_the_default(stage: Stage) -> None:
    await stage.store.guilds.set(stage.channel.guild.id, default_lines=3)
    await stage.rap()
    verse = await stage.store.verses.get(1)
    assert verse is not None
    assert verse.num_lines == 3


async def test_more_artists_than_a_menu_holds_are_found_by_typing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [f"Artist {number:02}" for number in range(40)]
    search = stage.app.services.generation.search_artists
    monkeypatch.setattr(
        stage.app.services.generation,
        "search_artists",
        lambda text, limit, guild_id: (
            [name for name in many if text in name][:limit] or search(text, limit, guild_id)
        ),
    )
    assert len(await stage.ben.autocomplete(stage.channel, "rap", "artist", "")) == 25
    (only,) = await stage.ben.autocomplete(stage.channel, "rap", "artist", "39")
    assert only["value"] == "Artist 39"
