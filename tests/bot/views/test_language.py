"""A member whose Discord speaks Chinese reads Chinese, from the first command to the last."""

import json
import re
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.commands.client import COGS
from bot.local.locales import speaking
from tests.bot.commands.test_rap import only_text
from tests.bot.conftest import ARTIST, Stage
from tests.bot.submissions.pieces import midi

ENGLISH = re.compile(r"[A-Za-z]{2,}[,.:;!?]? [a-z]{2,}")
CODE = re.compile(r"`[^`]+`|/\w+( [a-z]+)?")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def shown(result: Any) -> str:
    """All that can be read in an answer."""
    answers = [result.modal] if result.modal else []
    for message in (result.response, *result.followups):
        if message is not None:
            answers += [message.content, *(each.to_dict() for each in message.embeds)]
            answers += message.components
    return json.dumps(answers, ensure_ascii=False)


def is_chinese(text: str) -> bool:
    return bool(CHINESE.search(text)) and not ENGLISH.search(CODE.sub("", text))


# What refuses is said by no card of its own.
REFUSED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("rap", {"seed": "春风", "artist": "没有这个人"}),
    ("rap", {"seed": " ", "artist": "夜雨"}),
    ("rap", {"seed": "春风", "artist": "夜雨", "share": 20}),
    ("battle", {"seed": "春风", "artist_a": "夜雨", "artist_b": "没有这个人"}),
    ("battle", {"seed": "春风", "artist_a": "夜雨", "artist_b": "夜雨"}),
)
NAMES = {"artist": "没有这个人", "artist_a": "夜雨", "artist_b": "夜雨"}


def needed(command: app_commands.Command[Any, Any, Any], stage: Stage) -> dict[str, Any]:
    """Something for each option that the command must have, and an artist whom nobody knows."""
    kinds = discord.AppCommandOptionType
    file = ("a.mid", midi())
    filled = {
        kinds.integer: 2,
        kinds.user: stage.ben,
        kinds.string: "春风",
        kinds.attachment: file,
    }
    return {
        each.name: each.choices[0].value
        if each.choices
        else NAMES.get(each.name, filled[each.type])
        for each in command.parameters
        if each.required or each.name in NAMES
    }


async def test_every_mistake_is_told_in_chinese(stage: Stage) -> None:
    for command, options in REFUSED:
        told = shown(await stage.lin.slash(stage.channel, command, **options))
        assert is_chinese(told), command


async def test_every_command_answers_in_chinese(stage: Stage) -> None:
    """An admin, who may do everything; what they ask for may be refused."""
    for cog in COGS:
        for command in cog().walk_app_commands():
            if isinstance(command, app_commands.Group):
                continue
            with speaking({stage.admin.id: "zh-CN"}):
                answer = await stage.admin.slash(
                    stage.channel, command.qualified_name, **needed(command, stage)
                )
            assert is_chinese(shown(answer)), command.qualified_name


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
async def test_the_form_and_the_long_texts_fit_into_what_discord_takes(
    stage: Stage, locale: str
) -> None:
    with speaking({stage.ben.id: locale}):
        form = (await stage.ben.slash(stage.channel, "submit", artist="Edward Lear")).modal
        pages = [await stage.ben.slash(stage.channel, name) for name in ("help", "about")]
    labels = [each for each in form["components"] if "label" in each]
    assert max(len(each) for each in (form["title"], *(each["label"] for each in labels))) <= 45
    assert max(len(each["description"]) for each in labels) <= 100
    assert max(len(page.response.embeds[0].description) for page in pages) <= 4096


async def test_help_gives_an_example_in_the_readers_script(stage: Stage) -> None:
    assert "artist:夜雨" in shown(await stage.lin.slash(stage.channel, "help"))
    assert f"artist:{ARTIST}" in shown(await stage.ben.slash(stage.channel, "help"))


async def test_a_verse_is_shown_and_explained_in_chinese(stage: Stage) -> None:
    result = await stage.lin.slash(stage.channel, "rap", seed="春风", artist=ARTIST, lines=2)
    (embed,) = result.response.embeds
    assert "机器仿作" in embed.footer.text
    assert "接着写" in shown(result)
    told = await stage.lin.click(result.response, custom_id="cypher:1:why:1")
    assert "每个字符" in shown(told)


async def test_everybody_else_still_reads_english(stage: Stage) -> None:
    assert "I have not learned Nobody" in only_text(await stage.rap(artist="Nobody"))


async def test_what_the_channel_reads_is_in_the_language_of_the_server(stage: Stage) -> None:
    await stage.store.guilds.set(stage.channel.guild.id, language="zh-CN")
    result = await stage.rap()
    assert "接着写" in shown(result)
    voted = await stage.ben.click(result.response, custom_id="cypher:1:vote:up:1")
    assert "接着写" in shown(voted)
    assert "最受欢迎的词" in shown(await stage.ben.slash(stage.channel, "top"))
    assert "第 1 次训练" in shown(await stage.admin.slash(stage.channel, "retrain"))
    told = await stage.ben.click(result.response, custom_id="cypher:1:why:1")
    assert "Why verse 1" in shown(told)
