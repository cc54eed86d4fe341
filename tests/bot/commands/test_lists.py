"""/artists, /top, /help and /about."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.store import NewVerse
from tests.bot.commands.test_rap import only_text
from tests.bot.conftest import ARTIST, Stage


async def test_artists_lists_everybody_in_columns(stage: Stage) -> None:
    result = await stage.ben.slash(stage.channel, "artists")
    (embed,) = result.response.embeds
    assert result.ephemeral
    assert embed.title == "3 artists whose voices I have learned"
    assert [field.value for field in embed.fields] == [ARTIST, "Roof Fox", "夜雨"]


async def test_many_artists_come_in_pages_that_outlive_a_restart(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = tuple(f"Artist_{number:03}" for number in range(75))
    monkeypatch.setattr(stage.app.services.generation, "artists", lambda guild_id: many)
    result = await stage.ben.slash(stage.channel, "artists")
    shown: list[str] = []
    for page in range(3):
        (embed,) = result.response.embeds
        assert embed.footer.text == f"page {page + 1} of 3"
        shown += [name for field in embed.fields for name in str(field.value).splitlines()]
        if page < 2:
            await stage.restart()
            result = await stage.ben.click(
                result.response, custom_id=f"cypher:1:artists:{page + 1}"
            )
    assert [name.replace("\\", "") for name in shown] == list(many)
    buttons = result.response.components[0]["components"]
    assert [each.get("disabled", False) for each in buttons] == [False, True]


async def add_verse(stage: Stage, votes: int, **changes: Any) -> int:
    values: dict[str, Any] = {
        "artist": ARTIST,
        "seed": "slim",
        "text": "slim *one*\ntwo\nthree\nfour\nfive",
        "num_lines": 5,
        "temperature": 0.8,
        "top_k": 0,
        "top_p": 0.9,
        "repetition_penalty": 1.1,
        "rng_seed": 1,
        "checkpoint": "starter-1",
        "user_id": 1,
        "guild_id": stage.channel.guild.id,
    }
    verse = await stage.store.verses.add(NewVerse(**values | changes))
    for user in range(votes):
        await stage.store.votes.cast(verse.id, user, 1)
    return verse.id


async def top(stage: Stage, **options: Any) -> Any:
    (embed,) = (await stage.ben.slash(stage.channel, "top", **options)).response.embeds
    return embed


async def test_top_ranks_by_votes_and_links_to_the_card(stage: Stage) -> None:
    await add_verse(stage, votes=1)
    best = await add_verse(stage, votes=3, artist="Roof Fox", channel_id=5, message_id=6)
    embed = await top(stage)
    assert [field.name for field in embed.fields] == [
        "1. Roof Fox · 👍 3 👎 0",
        f"2. {ARTIST} · 👍 1 👎 0",
    ]
    guild = stage.channel.guild.id
    assert embed.fields[0].value == (
        f"slim \\*one\\*\ntwo\nthree\nfour\n[see the card](https://discord.com/channels/{guild}/5/6)"
    )
    assert best == 2


async def test_top_can_be_narrowed_to_an_artist_and_a_time(stage: Stage) -> None:
    await add_verse(stage, votes=1)
    await add_verse(stage, votes=2, artist="Roof Fox")
    embed = await top(stage, artist="roof fox", period="week")
    assert embed.title == "Best-loved verses in the style of Roof Fox of the last week"
    assert len(embed.fields) == 1
    since = datetime.now(UTC) + timedelta(seconds=1)
    assert await stage.store.verses.top(since=since) == []


async def test_top_keeps_servers_apart(stage: Stage) -> None:
    await add_verse(stage, votes=4, guild_id=42)
    embed = await top(stage)
    assert "No verse has more" in embed.description


async def test_top_of_an_unknown_artist_says_so(stage: Stage) -> None:
    told = await stage.ben.slash(stage.channel, "top", artist="Eminem")
    assert "have not learned Eminem" in only_text(told)


async def test_help_names_every_command(stage: Stage) -> None:
    assert stage.app.bot is not None
    told = only_text(await stage.ben.slash(stage.channel, "help"))
    names = {command.name for command in stage.app.bot.tree.get_commands()} - {"help"}
    assert {name for name in names if f"`/{name}" not in told} == set()


async def test_about_says_what_is_kept_and_how_to_take_it_back(stage: Stage) -> None:
    told = only_text(await stage.ben.slash(stage.channel, "about"))
    for part in ("Submissions train the model", "/withdraw", "never read messages"):
        assert part in told
