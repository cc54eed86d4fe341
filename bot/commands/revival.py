"""Takes up, after a start, what members asked for before it, and answers in the same place."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from typing import Any, Protocol, cast

import discord
from discord.ext import commands

from bot.locale import translator
from bot.store import PendingRequest, Subject
from bot.store.types import utc_now
from bot.views.beat_performance import show_beat
from bot.views.buttons import press
from bot.views.mistakes import reply_to_mistake
from bot.views.performance import show_verse
from bot.views.private import is_thinking, mark_thinking
from bot.views.services import Services, services_of

logger = logging.getLogger(__name__)

_AT_ONCE = 2  # requests: no member's limit is reached by what was in flight before


async def take_up(bot: commands.Bot, services: Services) -> None:
    """Everything that is left to this application, the oldest first. Never raises."""
    left = services.pending.take_left(bot.application_id)
    if not left:
        return
    logger.info("%d requests from before the start are taken up", len(left))
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def one(request: PendingRequest) -> bool:
        async with at_once:
            return await _answer(bot, services, request)

    is_answered = await asyncio.gather(*(one(request) for request in left))
    await _apologise(
        bot,
        services,
        [each for each, is_well in zip(left, is_answered, strict=True) if not is_well],
    )


async def _answer(bot: commands.Bot, services: Services, request: PendingRequest) -> bool:
    """Whether there is an answer, or will be after another start."""
    if request.expires_at < utc_now():
        services.pending.answered(request.interaction_id)
        return False
    interaction = _revived(bot, request)
    try:
        await interaction.original_response()  # for a token that is dead nothing is made
        if request.answer is None:
            await _make_again(bot, interaction)
        else:
            await _show(interaction, request.answer)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not cost the others theirs
        await reply_to_mistake(interaction, error)
    is_answered = not is_thinking(interaction)
    if not is_answered and services.in_flight.is_closed:
        return True  # by the next start
    services.pending.answered(request.interaction_id)
    return is_answered


class HasInvocation(Protocol):
    async def _call(self, interaction: discord.Interaction) -> None: ...


async def _make_again(bot: commands.Bot, interaction: discord.Interaction) -> None:
    if interaction.type is discord.InteractionType.component:
        await press(interaction, str(cast("dict[str, Any]", interaction.data)["custom_id"]))
    else:
        # What discord.py does with a command that comes in; it has no public name.
        await cast("HasInvocation", bot.tree)._call(interaction)


async def _show(interaction: discord.Interaction, answer: Subject) -> None:
    """What was stored, and perhaps not shown: the same card, with the votes of now."""
    store = services_of(interaction).store
    if answer.kind == "beat" and (beat := await store.beats.get(answer.id)):
        await show_beat(interaction, beat)
    elif answer.kind == "verse" and (verse := await store.verses.get(answer.id)):
        await show_verse(interaction, verse)
    else:
        await interaction.delete_original_response()
        mark_thinking(interaction, is_thinking=False)


def _revived(bot: commands.Bot, request: PendingRequest) -> discord.Interaction:
    """The interaction as Discord sent it, already acknowledged."""
    stored = request.request
    user = {
        "id": str(request.user_id),
        "username": stored["name"],
        "global_name": stored["name"],
        "discriminator": "0",
        "avatar": None,
    }
    payload: dict[str, Any] = {
        "id": str(request.interaction_id),
        "application_id": str(request.application_id),
        "type": stored["type"],
        "data": stored["data"],
        "token": request.token,
        "version": 1,
        "locale": request.locale,
        "attachment_size_limit": 0,
        "channel": {"id": str(request.channel_id)} if request.channel_id else {},
    }
    if request.guild_id is None:
        payload["user"] = user
    else:
        payload["guild_id"] = str(request.guild_id)
        payload["guild"] = {"id": str(request.guild_id)}
        payload["member"] = _member(user, stored["permissions"])
    if "message" in stored:
        payload["message"] = _message(stored["message"], request)
    interaction: discord.Interaction = discord.Interaction(
        data=cast("Any", payload), state=bot._connection
    )
    kind = discord.InteractionResponseType.deferred_channel_message
    interaction.response._response_type = kind
    mark_thinking(interaction, is_thinking=True)
    return interaction


def _member(user: dict[str, Any], permissions: str) -> dict[str, Any]:
    joined_at = utc_now().isoformat()
    return {
        "user": user,
        "roles": [],
        "joined_at": joined_at,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "permissions": permissions,
    }


def _message(stored: dict[str, Any], request: PendingRequest) -> dict[str, Any]:
    """The one whose button was pressed: as much of it as buttons look at."""
    author = {"id": str(request.application_id), "username": "", "discriminator": "0"}
    empty: dict[str, list[Any]] = {
        name: [] for name in ("attachments", "mentions", "mention_roles", "components")
    }
    return {
        **stored,
        **empty,
        "channel_id": str(request.channel_id),
        "author": {**author, "avatar": None},
        "content": "",
        "edited_timestamp": None,
        "mention_everyone": False,
        "pinned": False,
        "tts": False,
        "type": 0,
    }


async def _apologise(
    bot: commands.Bot, services: Services, unanswered: Iterable[PendingRequest]
) -> None:
    """One message in each channel, where the bot may write."""
    counts: Counter[int] = Counter()
    locales: dict[int, str] = {}
    for each in unanswered:
        if each.channel_id is not None:
            counts[each.channel_id] += 1
            settings = await services.store.guilds.get(each.guild_id or 0)
            locales[each.channel_id] = settings.language or each.locale
    for channel_id, count in counts.items():
        _ = translator(locales[channel_id])
        said = _.ngettext(
            "I was restarted, and one request from here is lost. Sorry! Ask me again.",
            "I was restarted, and {count} requests from here are lost. Sorry! Ask me again.",
            count,
        )
        try:
            await bot.get_partial_messageable(channel_id).send(said.format(count=count))
        except discord.HTTPException as error:
            logger.warning("No apology in channel %d: %s", channel_id, error)
