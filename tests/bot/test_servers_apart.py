"""Two servers, one bot: whatever somebody does in one, nothing of the other can be seen.

Server A, that of the stage, has an artist of its own, verses, votes, a battle, submissions and a
training run. Then every command, every suggestion and every button is tried in server B, and all
that the bot sends there is searched.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands

from bot.locale import Sentence
from bot.store import Verdict, voice_of
from bot.views.actions import ACTIONS
from bot.views.buttons import button, view_of
from model.checkpoint import save_checkpoint
from model.corpus.song import Song
from model.training.finetune import grow
from tests.bot.commands.test_beat import piece
from tests.bot.commands.test_rap import only_text
from tests.bot.commands.test_submit import LYRICS, OTHER_LYRICS, submit
from tests.bot.conftest import ARTIST, Stage
from tests.factories import short_lined_checkpoint

OWN = "Nova Brine"
SHARED_TOO = "Roof Fox"  # of A's own as well
SEED = "zanzibar"
TITLE = "Jar of Glass"
VERDICT: Verdict = "promoted"


@dataclass
class Second:
    """Server B, beside that of the stage, and what A has that B must not see."""

    stage: Stage
    channel: Any
    admin: Any
    secrets: set[str] = field(default_factory=set)
    custom_ids: list[str] = field(default_factory=list)

    @property
    def id(self) -> int:
        number: int = self.channel.guild.id
        return number

    def sent(self, since: int) -> list[str]:
        requests = self.stage.world.env.http_requests[since:]
        return [json.dumps(each.json, ensure_ascii=False) for each in requests]

    def told(self, since: int) -> set[str]:
        """The secrets that the bot has sent since then."""
        sent = self.sent(since)
        return {secret for secret in self.secrets if any(secret in text for text in sent)}


@pytest.fixture
async def second(stage: Stage) -> Second:
    env = stage.world.env
    owner = stage.chen.user  # whose account is old enough to submit
    guild = env.create_guild("Another", owner=owner)
    channel = guild.create_text_channel("another")
    await env.settle()
    second = Second(stage, channel, simcord.MemberActor(env, guild, owner))
    await teach_a_voice_of_its_own(stage)
    since = len(env.http_requests)
    await live_in_a(stage)
    second.secrets = await secrets_of_a(stage)
    second.custom_ids = list(custom_ids_in(second.sent(since)))
    return second


async def teach_a_voice_of_its_own(stage: Stage) -> None:
    generation = stage.app.services.generation
    voices = [voice_of(name, stage.channel.guild.id) for name in (OWN, SHARED_TOO)]
    songs = [Song(voice, "", "", "en") for voice in voices]
    taught = grow(short_lined_checkpoint("starter-1"), songs, "taught-1")
    folder = stage.app.services.config.checkpoints_dir / "taught-1"
    save_checkpoint(taught, folder)
    await generation.swap(folder)
    await stage.store.artists.ensure(generation.voices())


async def live_in_a(stage: Stage) -> None:
    card = await stage.rap(SEED, OWN, mix=SHARED_TOO)
    await stage.chen.click(card.response, custom_id="cypher:1:vote:up:1")
    await stage.rap(SEED, "Nobody At All")
    beat = await stage.ben.slash(stage.channel, "beat", style="waltz", bars=2)
    await stage.chen.click(beat.response, custom_id="cypher:1:vote:up:1:beat")
    versus = {"artist_a": OWN, "artist_b": ARTIST, "seed": SEED, "rounds": 2}
    await stage.ben.slash(stage.channel, "battle", **versus)
    await stage.ben.slash(stage.channel, "battle", **{**versus, "artist_b": "Nobody At All"})
    await submit(stage)
    await submit(stage, title=f"{TITLE} II", lyrics=OTHER_LYRICS)
    queue = await stage.admin.slash(stage.channel, "submissions")
    await stage.admin.click(queue.response, label="Approve")
    await stage.ben.slash(stage.channel, "withdraw")
    run = await stage.store.training_runs.start(
        trigger="command",
        requested_by=stage.admin.id,
        parent_checkpoint="starter-1",
        lyrics_ids=[1],
    )
    figures = {"artists": {voice_of(OWN, stage.channel.guild.id): {"live": 2.0, "candidate": 1.0}}}
    await stage.store.training_runs.finish(
        run.id,
        VERDICT,
        candidate="taught-1",
        reason=Sentence.verbatim("It reads better."),
        figures=figures,
    )


async def secrets_of_a(stage: Stage) -> set[str]:
    verse = await stage.store.verses.get(1)
    battle = await stage.store.battles.get(1)
    assert verse is not None
    assert battle is not None
    texts = [verse.text, LYRICS, OTHER_LYRICS, *(part.text for part in battle.parts)]
    lines = {line for text in texts for line in text.splitlines() if len(line) > 12}
    people = {str(each.id) for each in (stage.admin, stage.ben)}
    return {OWN, TITLE, SEED, "server:", str(stage.channel.guild.id), *people, *lines}


def custom_ids_in(sent: list[str]) -> Iterator[str]:
    def found(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if isinstance(each := value.get("custom_id"), str) and each.startswith("cypher:"):
                yield each
            value = list(value.values())
        if isinstance(value, list):
            for each in value:
                yield from found(each)

    yield from dict.fromkeys(each for text in sent for each in found(json.loads(text)))


def commands(stage: Stage) -> Iterator[app_commands.Command[Any, Any, Any]]:
    assert stage.app.bot is not None
    for command in stage.app.bot.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            yield command


def options_of(
    command: app_commands.Command[Any, Any, Any], artist: str, member: Any
) -> dict[str, Any]:
    """Something for each option: a name where names are offered, else what fits."""
    kinds = discord.AppCommandOptionType
    filled: dict[str, Any] = {}
    for option in command.parameters:
        if option.autocomplete:
            filled[option.name] = artist
        elif option.required and option.type is kinds.string:
            filled[option.name] = option.choices[0].value if option.choices else "slim"
        elif option.required and option.type is kinds.integer:
            filled[option.name] = option.min_value or 1
        elif option.required and option.type is kinds.user:
            filled[option.name] = member
        elif option.required and option.type is kinds.attachment:
            filled[option.name] = ("a.mid", piece())
    if command.name == "battle":
        filled["artist_b"] = "夜雨"
    return filled


async def test_server_a_sees_what_is_its_own(second: Second) -> None:
    stage, since = second.stage, len(second.stage.world.env.http_requests)
    offered = await stage.ben.autocomplete(stage.channel, "rap", "artist", "")
    assert [each["name"] for each in offered] == [OWN, SHARED_TOO, ARTIST, "夜雨"]
    shown = await stage.ben.slash(stage.channel, "artists")
    assert shown.response.embeds[0].title == "4 artists whose voices I have learned"
    verse = await stage.store.verses.get(1)
    assert verse is not None
    assert verse.voice == voice_of(OWN, stage.channel.guild.id)
    assert verse.mix_voice == voice_of(SHARED_TOO, stage.channel.guild.id)
    top = await stage.ben.slash(stage.channel, "top", artist="nova brine")
    assert len(top.response.embeds[0].fields) == 1
    assert OWN in second.told(since)
    assert "server:" not in second.told(0)


async def test_another_verse_is_in_the_voice_of_the_first(second: Second) -> None:
    stage = second.stage
    card = await stage.rap("slim", SHARED_TOO)
    for label in ("Again", "Continue"):
        await stage.ben.click(card.response, label=label)
    voices = [await stage.store.verses.get(number) for number in (2, 3, 4)]
    own = voice_of(SHARED_TOO, stage.channel.guild.id)
    assert [verse.voice if verse else None for verse in voices] == [own] * 3


@pytest.mark.parametrize("artist", [OWN, SHARED_TOO, f"server:{{a}}/{OWN}"])
async def test_no_command_in_server_b_tells_of_server_a(second: Second, artist: str) -> None:
    stage, since = second.stage, len(second.stage.world.env.http_requests)
    number = str(stage.channel.guild.id)
    artist = artist.format(a=number)
    second.secrets = {each for each in second.secrets if each not in artist}  # given back as typed
    for command in commands(stage):
        name, options = command.qualified_name, options_of(command, artist, second.admin)
        if command.name == "retrain":
            continue  # its run is told of by /training
        await second.admin.slash(second.channel, name, **options)
        assert second.told(since) == set(), name


async def test_no_suggestion_in_server_b_tells_of_server_a(second: Second) -> None:
    stage, since = second.stage, len(second.stage.world.env.http_requests)
    number = stage.channel.guild.id
    second.secrets -= {str(number), "server:"}  # typed below, and given back as typed
    num_tried = 0
    for command in commands(stage):
        for option in command.parameters:
            for typed in ("", "n", "nov", "brine", f"server:{number}/N") * option.autocomplete:
                await second.admin.autocomplete(
                    second.channel, command.qualified_name, option.name, typed
                )
                num_tried += 1
                assert second.told(since) == set(), (command.name, option.name, typed)
    assert num_tried > 25


async def test_no_button_of_server_a_works_in_server_b(second: Second) -> None:
    stage = second.stage
    assert stage.app.bot is not None
    tried = {each.split(":")[2] for each in second.custom_ids}
    assert tried >= {"vote", "again", "continue", "why", "voice", "battle", "opponent"}
    assert tried >= {"review", "withdraw", "beat", "beatagain", "beatmore"}
    assert tried <= set(ACTIONS)
    channel = stage.app.bot.get_partial_messageable(second.channel.id)
    before = await stage.store.votes.count(1), await stage.store.battles.count(1)
    for custom_id in second.custom_ids:
        pressed = button(*custom_id.split(":")[2:], label="?")
        message = await channel.send(view=view_of(pressed))
        since = len(stage.world.env.http_requests)
        await second.admin.click(message, custom_id=custom_id)
        assert second.told(since) == set(), custom_id
    assert (await stage.store.votes.count(1), await stage.store.battles.count(1)) == before
    assert (await stage.store.beat_votes.count(1)).up == 1
    assert await stage.store.beats.get(2) is None
    assert len(await stage.store.lyrics.pending()) == 1


async def test_the_same_lyrics_may_be_handed_in_in_both_servers(second: Second) -> None:
    since = len(second.stage.world.env.http_requests)
    shown = await second.admin.slash(second.channel, "submit", artist="Somebody")
    values = {"title": "Mine", "consent": True, "lyrics": LYRICS}
    told = only_text(await second.admin.submit_modal(shown, values))
    assert "is in review" in told
    assert second.told(since) == set()
    (waiting,) = await second.stage.store.lyrics.pending(second.id)
    assert waiting.voice == voice_of("Somebody", second.id)


async def test_why_a_verse_reads_as_it_does_compares_with_nobody_of_another_server(
    second: Second,
) -> None:
    """Of those who write English here: Mara Quill and the two of A; B sees one of the latter."""
    stage = second.stage
    card = await second.admin.slash(second.channel, "rap", seed="slim", artist=ARTIST)
    shown = await second.admin.click(card.response, label="Why")
    assert "As 1 others " in str([each.value for each in shown.response.embeds[0].fields])
    card = await stage.rap("slim", ARTIST)
    shown = await stage.ben.click(card.response, label="Why")
    assert "As 3 others " in str([each.value for each in shown.response.embeds[0].fields])
