"""The bot asks Discord for little, pings nobody, and syncs its commands only when they changed."""

import re
from collections.abc import Iterator
from typing import Any

import discord
import pytest

from bot.commands.error_handler import handle
from bot.commands.sync import sync_if_changed
from tests.bot.conftest import Stage

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What Discord takes for a command or an option, of which letters in Chinese are some.
NAME = re.compile(r"[-_\w]{1,32}")


def bot_of(stage: Stage) -> Any:
    assert stage.app.bot is not None
    return stage.app.bot


async def test_no_privileged_intent_is_asked_for(stage: Stage) -> None:
    intents = bot_of(stage).intents
    asked_for = {name for name, is_on in intents if is_on}
    assert asked_for == {"guilds"}


async def test_nothing_that_is_sent_can_ping_anybody(stage: Stage) -> None:
    mentions = bot_of(stage).allowed_mentions
    assert mentions.to_dict() == discord.AllowedMentions.none().to_dict()
    await stage.rap("@everyone")
    bodies = [
        body
        for request in stage.world.env.http_requests
        if isinstance(request.json, dict)
        for body in (request.json, request.json.get("data") or {})
        if "embeds" in body
    ]
    assert bodies
    assert all(body["allowed_mentions"] == {"parse": []} for body in bodies)


async def test_commands_are_synced_once_and_again_only_when_they_changed(stage: Stage) -> None:
    tree = bot_of(stage).tree
    assert not await sync_if_changed(tree, ())
    tree.get_command("rap").description = "Something else"
    assert await sync_if_changed(tree, ())
    assert not await sync_if_changed(tree, ())


async def test_commands_can_be_kept_to_named_servers(stage: Stage) -> None:
    guild = stage.channel.guild
    assert await sync_if_changed(bot_of(stage).tree, (guild.id,))
    assert not await sync_if_changed(bot_of(stage).tree, (guild.id,))


def families(siblings: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Commands, the options of each, and those of commands within commands."""
    yield siblings
    for each in siblings:
        yield from families(each.get("options") or [])


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW"])
async def test_every_command_and_option_has_a_chinese_name_and_description(
    stage: Stage, locale: str
) -> None:
    commands = list(stage.world.env.backend.commands[None].values())
    for siblings in families(commands):
        for each in siblings:
            description = each["description_localizations"][locale]
            assert CHINESE.search(description), each["name"]
            assert len(description) <= 100, each["name"]
            assert NAME.fullmatch(each["name_localizations"][locale]), each["name"]
        names = [each["name_localizations"][locale] for each in siblings]
        assert len(set(names)) == len(names), names


async def test_every_choice_has_a_chinese_name(stage: Stage) -> None:
    commands = list(stage.world.env.backend.commands[None].values())
    options = [option for siblings in families(commands) for option in siblings]
    choices = [choice for option in options for choice in option.get("choices") or []]
    assert choices
    assert all(CHINESE.search(each["name_localizations"]["zh-CN"]) for each in choices)


async def test_commands_are_for_servers_only(stage: Stage) -> None:
    for command in stage.world.env.backend.commands[None].values():
        assert command["contexts"] == [0]
        assert command["integration_types"] == [0]


async def test_the_admins_commands_ask_for_a_permission(stage: Stage) -> None:
    """Not those that a role of the server may use: Discord could not show them to it alone."""
    offered = stage.ben.available_commands(stage.channel)
    assert set(stage.admin.available_commands(stage.channel)) - set(offered) == {
        *("settings", "words add", "words list", "words remove"),
    }


@pytest.mark.parametrize("code", [10062, 10008, 50027])
async def test_an_interaction_that_is_gone_is_let_go(
    stage: Stage, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.world.env.inject_error(
        "POST", "/interactions/*/*/callback", status=404, code=code, times=1
    )
    result = await stage.rap()
    assert not result.acknowledged


async def test_a_missing_permission_is_told_to_the_member(stage: Stage) -> None:
    stage.world.env.inject_error(
        "PATCH", "/webhooks/*/*/messages/@original", status=403, code=50013, times=1
    )
    result = await stage.rap()
    assert "lack a permission" in result.followups[0].content


async def test_one_handler_answers_for_the_whole_tree(stage: Stage) -> None:
    assert bot_of(stage).tree.on_error is handle


async def test_closing_waits_for_a_verse_under_way(stage: Stage) -> None:
    in_flight = stage.app.services.in_flight
    with in_flight:
        assert not await in_flight.drained(0.01)
    assert await in_flight.drained(0.01)
