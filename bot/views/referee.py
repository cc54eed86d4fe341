"""Ends battles in time, and shows on their cards how they ended."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial

import discord

from bot.locale import translator
from bot.moderation import ContentRules
from bot.store import Battle, GuildSettings, Store
from bot.views.background import Background
from bot.views.battle_card import broken_off_card, hidden_card, result_card, vote_card
from bot.views.card import Card
from bot.views.levels import rules_in

logger = logging.getLogger(__name__)

# The answers to the last presses would draw the buttons anew over the result.
_PAUSE = timedelta(seconds=1)
_MAX_SECONDS_BETWEEN_LOOKS = 60.0
_TOO_MANY_REQUESTS = 429
_FAULT_OF_DISCORD = 500


class Referee:
    """Looks into the store for battles that want an end: when one is due, when there is news, and
    once a minute. What it has shown it notes there, so a bot that was killed does it at its next
    start; showing it twice would be the same card.

    Its `running` block must be entered before the bot starts, as that of Background, and for the
    same reason: a command must not count as unfinished because a vote goes on.
    """

    def __init__(self, store: Store, background: Background) -> None:
        self._store = store
        self._background = background
        self._started_at = datetime.now(UTC)
        self._client: discord.Client | None = None
        self._news = asyncio.Event()
        self._shown_again: set[int] = set()
        self._is_standing_back = False

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Referee"]:
        watch = asyncio.create_task(self._watch(), name="referee")
        try:
            yield self
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)

    def serve(self, client: discord.Client) -> None:
        """From now on cards are edited through this client, which must be ready."""
        if not self._is_standing_back:
            self._client = client
            self.note_news()

    def stand_back(self) -> None:
        """Leaves everything to the next process: this one is not there for long."""
        self._is_standing_back = True

    def note_news(self) -> None:
        """A battle has begun its vote, or broke off."""
        self._news.set()

    async def _watch(self) -> None:
        while True:
            self._news.clear()
            seconds = _MAX_SECONDS_BETWEEN_LOOKS
            try:
                seconds = min(seconds, await self._look())
            except Exception:
                logger.exception("battles could not be looked after")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._news.wait()

    async def _look(self) -> float:
        """Seconds until the next vote ends."""
        client = self._client
        if client is None or client.is_closed() or client.application_id is None:
            return _MAX_SECONDS_BETWEEN_LOOKS
        now = datetime.now(UTC)
        battles = await self._store.battles.unsettled(client.application_id)
        wanting = [each for each in battles if self._wants_attention(each, now)]
        if wanting:
            await self._background.call(partial(self._attend_to_all, client, wanting))
        ends = [each.ends_at + _PAUSE for each in battles if each.ends_at]
        return min(
            ((end - now).total_seconds() for end in ends if end > now),
            default=_MAX_SECONDS_BETWEEN_LOOKS,
        )

    def _wants_attention(self, battle: Battle, now: datetime) -> bool:
        is_left = battle.created_at < self._started_at  # by a process before this one
        if battle.state == "writing":
            return is_left
        if _is_open(battle, now - _PAUSE):
            return is_left and battle.id not in self._shown_again
        return True

    async def _attend_to_all(self, client: discord.Client, battles: list[Battle]) -> None:
        """One that fails does not hold up the others; it is tried again at the next look."""
        attempts = (self._attend_to(client, each) for each in battles)
        for battle, result in zip(
            battles, await asyncio.gather(*attempts, return_exceptions=True), strict=True
        ):
            if isinstance(result, Exception):
                logger.warning("Battle %d cannot be shown now: %r", battle.id, result)

    async def _attend_to(self, client: discord.Client, battle: Battle) -> None:
        store = self._store.battles
        is_open = _is_open(battle, datetime.now(UTC))
        if not is_open:
            await store.cancel(battle.id)
            await store.decide(battle.id)
        is_there = await self.show(client, battle.id, leaves_hidden=True)
        self._shown_again.add(battle.id)
        if not (is_open and is_there):
            await store.settle(battle.id)

    async def show(
        self, client: discord.Client, battle_id: int, *, leaves_hidden: bool = False
    ) -> bool:
        """Draws the card as the battle is now, and whether it can be shown at all.

        What a moderator hides or shows again while it is drawn is drawn too.
        """
        drawn = None
        while True:
            battle = await self._store.battles.get(battle_id)
            if battle is None:
                return False
            if battle.is_hidden == drawn or (battle.is_hidden and leaves_hidden and drawn is None):
                return True
            card = await self._card(battle, await self._rules(client, battle))
            if not await _show(client, battle, card):
                return False
            drawn = battle.is_hidden

    async def _card(self, battle: Battle, rules: ContentRules) -> Card:
        _ = translator(battle.locale)
        if battle.is_hidden:
            return hidden_card(battle, rules, _)
        if battle.ends_at is None:
            return broken_off_card(battle, rules, _)
        count = await self._store.battles.count(battle.id)
        is_open = _is_open(battle, datetime.now(UTC))
        draw = vote_card if is_open else result_card
        return draw(battle, count, rules, _)

    async def _rules(self, client: discord.Client, battle: Battle) -> ContentRules:
        """As the channel is now."""
        settings = GuildSettings(guild_id=0)
        if battle.guild_id is not None:
            settings = await self._store.guilds.get(battle.guild_id)
        return rules_in(client.get_channel(battle.channel_id), settings)


def _is_open(battle: Battle, now: datetime) -> bool:
    """Whether there is a vote that goes on. A clock that was put back opens nothing again."""
    return battle.state == "voting" and battle.ends_at is not None and battle.ends_at > now


async def _show(client: discord.Client, battle: Battle, card: Card) -> bool:
    """Whether it can be shown at all. Raises where it can perhaps be shown later."""
    channel = client.get_partial_messageable(battle.channel_id, guild_id=battle.guild_id)
    try:
        await channel.get_partial_message(battle.message_id).edit(**card.as_message())
    except discord.HTTPException as error:
        if error.status == _TOO_MANY_REQUESTS or error.status >= _FAULT_OF_DISCORD:
            raise
        logger.warning("Battle %d has no card any more: %s", battle.id, error)
        return False
    return True
