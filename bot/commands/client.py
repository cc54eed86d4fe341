"""The bot: what it asks of Discord, what it must never do, and the commands that it carries."""

import logging
from functools import partial
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.commands import error_handler
from bot.commands.about import About
from bot.commands.artists import Artists
from bot.commands.battle import Battle
from bot.commands.beat import Beat
from bot.commands.model import Model
from bot.commands.moderation import Moderation
from bot.commands.my_data import MyData
from bot.commands.rap import Rap
from bot.commands.retrain import Retrain
from bot.commands.revival import take_up
from bot.commands.settings import Settings
from bot.commands.submissions import Submissions
from bot.commands.submit import Submit
from bot.commands.sync import sync_if_changed
from bot.commands.top import Top
from bot.commands.translator import CatalogueTranslator
from bot.commands.tree import AdmittingTree
from bot.commands.web_socket import patient_reading
from bot.commands.withdraw import Withdraw
from bot.commands.words import Words
from bot.views.actions import ACTIONS
from bot.views.buttons import Action, ActionButton
from bot.views.menus import ActionMenu
from bot.views.mistakes import tally_answer
from bot.views.services import Services
from bot.views.training_actions import follow_resumed

logger = logging.getLogger(__name__)

COGS = (
    Rap,
    Beat,
    Battle,
    Artists,
    Top,
    Submit,
    Withdraw,
    Submissions,
    Retrain,
    Model,
    MyData,
    Moderation,
    Words,
    Settings,
    About,
)
_DRAIN_S = 20.0


class CypherBot(commands.Bot):
    """Build it inside the running loop. It reads no messages and knows no members."""

    def __init__(self, services: Services, **options: Any) -> None:
        settings = services.config.discord
        super().__init__(
            command_prefix=(),
            help_command=None,
            tree_cls=AdmittingTree,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            connector=aiohttp.TCPConnector(limit=settings.connection_limit),
            proxy=settings.proxy or None,
            **options,
        )
        self.services = services
        self.actions: dict[str, Action] = dict(ACTIONS)

    async def setup_hook(self) -> None:
        self.services.in_flight.reopen()
        self.services.pending.reopen()
        self.tree.error(error_handler.handle)
        await self.tree.set_translator(CatalogueTranslator())
        for cog in COGS:
            await self.add_cog(cog())
        self.add_dynamic_items(ActionButton, ActionMenu)
        await sync_if_changed(self.tree, self.services.config.discord.guild_ids)

    async def connect(self, *, reconnect: bool = True) -> None:
        with patient_reading():
            await super().connect(reconnect=reconnect)

    async def on_app_command_completion(
        self, interaction: discord.Interaction, _: app_commands.Command[Any, ..., Any]
    ) -> None:
        tally_answer(interaction)

    async def on_connect(self) -> None:
        self.services.metrics.gateway_event("connected")

    async def on_disconnect(self) -> None:
        self.services.metrics.gateway_event("disconnected")

    async def on_resumed(self) -> None:
        self.services.metrics.gateway_event("resumed")

    async def on_ready(self) -> None:
        self.services.metrics.gateway_event("ready")
        logger.info("Connected as %s, in %d servers", self.user, len(self.guilds))
        self.services.referee.serve(self)
        self.services.background.start(partial(follow_resumed, self.services, self))
        await take_up(self, self.services)

    async def close(self) -> None:
        """Finishes what members wait for, and refuses what comes later.

        What takes longer than Discord's patience and that of whoever stopped us is on the disk, and
        is answered after the next start.
        """
        if not self.is_closed():
            self.services.in_flight.close()
            if not await self.services.in_flight.drained(_DRAIN_S):
                logger.warning("After %g s the rest is left to the next start", _DRAIN_S)
            self.services.pending.close()
        await super().close()


class ShardedCypherBot(CypherBot, commands.AutoShardedBot):
    """The same over several connections to the gateway, each for a part of the servers."""


def make_bot(services: Services) -> CypherBot:
    """Build it inside the running loop."""
    num_shards = services.config.discord.shards
    if num_shards == 1:
        return CypherBot(services)
    # Without a number Discord is asked how many it recommends.
    return ShardedCypherBot(services, shard_count=num_shards or None)
