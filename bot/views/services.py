"""What commands and buttons work with, bundled by the composition root and carried by the bot."""

from dataclasses import dataclass, field
from typing import Protocol, cast

import discord

from bot.config import Config
from bot.generation import GenerationService, RemovalWatch
from bot.moderation import ContentRules
from bot.rendering.beat_files import BeatFiler
from bot.retraining import ModelVersions
from bot.store import GuildSettings, Store
from bot.submissions import SubmissionService
from bot.telemetry.metrics import Metrics
from bot.views.background import Background
from bot.views.cooldowns import Cooldowns
from bot.views.in_flight import InFlight
from bot.views.levels import rules_in
from bot.views.pending import Pending
from bot.views.referee import Referee
from bot.views.trainer import Trainer


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    config: Config
    store: Store
    generation: GenerationService
    removals: RemovalWatch
    retraining: Trainer
    versions: ModelVersions
    submissions: SubmissionService
    background: Background
    referee: Referee
    pending: Pending
    beat_files: BeatFiler
    metrics: Metrics = field(default_factory=Metrics)
    in_flight: InFlight = field(default_factory=InFlight)
    cooldowns: Cooldowns = field(default_factory=Cooldowns)
    rng_seed: int | None = None  # every verse of this process is made with this one


class HasServices(Protocol):
    services: Services


def services_of(interaction: discord.Interaction) -> Services:
    return cast("HasServices", interaction.client).services


async def settings_of(interaction: discord.Interaction) -> GuildSettings:
    """The server's settings; the defaults in a direct message."""
    if interaction.guild_id is None:
        return GuildSettings(guild_id=0)
    return await services_of(interaction).store.guilds.get(interaction.guild_id)


def rules_of(interaction: discord.Interaction, settings: GuildSettings) -> ContentRules:
    return rules_in(interaction.channel, settings)
