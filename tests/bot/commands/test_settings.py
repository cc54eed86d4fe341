"""/settings: those who manage the server change it with menus, and each change takes effect."""

from typing import Any

import pytest

from bot.store import GuildSettings
from tests.bot.commands.test_rap import only_text
from tests.bot.commands.test_submissions import open_to_everybody
from tests.bot.commands.test_submit import submit
from tests.bot.conftest import ARTIST, Stage


async def settings(stage: Stage) -> GuildSettings:
    return await stage.store.guilds.get(stage.channel.guild.id)


async def opened(stage: Stage, leaf: str = "channels") -> Any:
    shown = await stage.admin.slash(stage.channel, "settings")
    assert shown.ephemeral
    if leaf == "channels":
        return shown.response
    turned = await stage.admin.click(shown.response, custom_id=f"cypher:1:settings:{leaf}")
    return turned.response


async def choose(stage: Stage, leaf: str, setting: str, *values: Any) -> Any:
    card = await opened(stage, leaf)
    custom_id = f"choose:1:setting:{setting}"
    return (await stage.admin.select(card, values, custom_id=custom_id)).response


def shown_in(card: Any) -> str:
    return str(card.components)


@pytest.mark.parametrize(
    ("leaf", "setting", "value", "changed"),
    [
        ("channels", "cooldown", "60", {"cooldown_s": 60}),
        ("verses", "content", "strict", {"content": "strict"}),
        ("verses", "language", "zh-CN", {"language": "zh-CN"}),
        ("verses", "lines", "16", {"default_lines": 16}),
        ("people", "submissions", "off", {"submissions_enabled": False}),
    ],
)
async def test_a_choice_is_kept_and_shown(
    stage: Stage, leaf: str, setting: str, value: str, changed: dict[str, Any]
) -> None:
    card = await choose(stage, leaf, setting, value)
    now = await settings(stage)
    assert {name: getattr(now, name) for name in changed} == changed
    (chosen,) = [
        option
        for row in card.components[0]["components"]
        for menu in row.get("components", ())
        if menu.get("custom_id") == f"choose:1:setting:{setting}"
        for option in menu["options"]
        if option.get("default")
    ]
    assert chosen["value"] == value


async def test_a_menu_works_after_a_restart(stage: Stage) -> None:
    card = await opened(stage)
    await stage.restart()
    await stage.admin.select(card, ["30"], custom_id="choose:1:setting:cooldown")
    assert (await settings(stage)).cooldown_s == 30


async def test_nobody_else_changes_anything(stage: Stage) -> None:
    open_to_everybody(stage, "settings")
    told = await stage.ben.slash(stage.channel, "settings")
    assert "Only admins" in only_text(told)
    assert stage.app.bot is not None
    from bot.locale import translator
    from bot.views.settings_card import SettingsCard

    channel = stage.app.bot.get_partial_messageable(stage.channel.id)
    drawn = SettingsCard(settings=GuildSettings(guild_id=1), artists=(), max_lines=32)
    message = await channel.send(view=drawn.view("channels", translator("en-US")))
    pressed = await stage.ben.select(message, ["30"], custom_id="choose:1:setting:cooldown")
    assert "Only admins" in only_text(pressed)
    turned = await stage.ben.click(message, custom_id="cypher:1:settings:people")
    assert "Only admins" in only_text(turned)
    assert (await settings(stage)).cooldown_s is None


async def test_another_channel_gets_the_name_of_the_right_one(stage: Stage) -> None:
    other = stage.channel.guild.create_text_channel("other")
    await choose(stage, "channels", "channels", stage.channel)
    assert (await settings(stage)).channel_ids == (stage.channel.id,)
    told = await stage.ben.slash(other, "rap", seed="slim", artist=ARTIST)
    assert "Ask me in: #cypher." in only_text(told)
    assert (await stage.rap()).response.embeds
    assert (await stage.admin.slash(other, "settings")).ephemeral
    assert (await stage.ben.slash(other, "help")).response.embeds


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("submit", {"artist": "Roof Fox"}),
        ("submit-beat", {"style": "march", "file": ("mine.mid", b"MThd")}),
    ],
)
async def test_what_is_handed_in_is_handed_in_where_the_server_wants_it(
    stage: Stage, command: str, options: dict[str, Any]
) -> None:
    other = stage.channel.guild.create_text_channel("other")
    await choose(stage, "channels", "channels", stage.channel)
    told = await stage.ben.slash(other, command, **options)
    assert "Ask me in: #cypher." in only_text(told)
    assert (await stage.ben.slash(stage.channel, command, **options)).modal


async def test_a_member_waits_from_one_verse_to_the_next(stage: Stage) -> None:
    await stage.store.guilds.set(stage.channel.guild.id, cooldown_s=300)
    card = await stage.rap()
    assert "ask again in 5 min" in only_text(await stage.rap())
    again = await stage.ben.click(card.response, label="Again")
    assert "ask again in 5 min" in only_text(again)
    await stage.ben.click(card.response, custom_id="cypher:1:vote:up:1")
    other = await stage.chen.slash(stage.channel, "rap", seed="slim", artist=ARTIST)
    assert other.response.embeds
    await stage.world.env.advance_time(301)
    assert (await stage.rap()).response.embeds


async def test_what_came_to_nothing_costs_no_pause(stage: Stage) -> None:
    await stage.store.guilds.set(stage.channel.guild.id, cooldown_s=300)
    await stage.rap(artist="Nobody At All")
    await stage.rap(seed="fuck this")
    assert (await stage.rap()).response.embeds


async def test_without_an_artist_the_usual_one_writes(stage: Stage) -> None:
    await stage.ben.slash(stage.channel, "rap", seed="slim")
    someone = await stage.store.verses.get(1)
    assert someone is not None
    assert someone.artist in stage.app.services.generation.artists(stage.channel.guild.id)
    card = await opened(stage, "verses")
    form = await stage.admin.click(card, label="Type a name")
    changed = await stage.admin.submit_modal(form, {"artist": "roof-fox"})
    assert "Roof Fox" in shown_in(changed.response)
    assert (await settings(stage)).default_voice == "Roof Fox"
    await stage.ben.slash(stage.channel, "rap", seed="slim")
    usual = await stage.store.verses.get(2)
    assert usual is not None
    assert usual.artist == "Roof Fox"
    await choose(stage, "verses", "artist", "none")
    assert (await settings(stage)).default_voice is None


async def test_a_usual_artist_who_was_removed_since_is_no_refusal_to_who_named_nobody(
    stage: Stage,
) -> None:
    usual = await stage.store.artists.find_id("Roof Fox")
    await stage.store.guilds.set(stage.channel.guild.id, default_artist_id=usual)
    await stage.admin.slash(stage.channel, "artists", remove="Roof Fox")
    assert (await stage.ben.slash(stage.channel, "rap", seed="slim")).response.embeds
    made = await stage.store.verses.get(1)
    assert made is not None
    assert made.artist != "Roof Fox"


async def test_an_unknown_usual_artist_is_refused(stage: Stage) -> None:
    form = await stage.admin.click(await opened(stage, "verses"), label="Type a name")
    told = await stage.admin.submit_modal(form, {"artist": "Nobody At All"})
    assert "have not learned Nobody At All" in only_text(told)


async def test_roles_may_review_and_train(stage: Stage) -> None:
    guild, env = stage.channel.guild, stage.world.env
    reviewers, trainers = guild.create_role(name="Reviewers"), guild.create_role(name="Trainers")
    rita = guild.add_member(env.create_user("rita"), roles=[reviewers])
    theo = guild.add_member(env.create_user("theo"), roles=[trainers])
    await choose(stage, "people", "reviewers", reviewers)
    await choose(stage, "people", "trainers", trainers)
    await submit(stage)
    for member in (stage.ben, theo):
        assert "Only admins" in only_text(await member.slash(stage.channel, "submissions"))
    queue = await rita.slash(stage.channel, "submissions")
    await rita.click(queue.response, label="Approve")
    assert len(await stage.store.lyrics.approved()) == 1
    for member in (stage.ben, rita):
        assert "Only admins" in only_text(await member.slash(stage.channel, "retrain"))
    started = await theo.slash(stage.channel, "retrain")
    assert "Training run 1" in started.response.embeds[0].title
    stage.trainer.end()
