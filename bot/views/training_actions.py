"""Starting, showing and stopping a training run."""

from functools import partial
from typing import cast

import discord

from bot.errors import NoSuchRun
from bot.views.admins import require_admin
from bot.views.buttons import view_of
from bot.views.private import send_privately, stop_thinking, think_in_public
from bot.views.services import services_of
from bot.views.training_progress import ProgressMessage, progress_card, verdict_card
from bot.views.verse_card import COLOUR, Card


async def announce(interaction: discord.Interaction) -> None:
    """Starts a run, and a message in the channel that follows it."""
    services = services_of(interaction)
    await think_in_public(interaction)
    start = partial(services.retraining.start, trigger="command", requested_by=interaction.user.id)
    run = await services.background.call(start)
    message_id = await stop_thinking(interaction, **progress_card(run, None).as_message())
    channel = interaction.client.get_partial_messageable(
        cast("int", interaction.channel_id), guild_id=interaction.guild_id
    )
    message = channel.get_partial_message(message_id)
    services.background.start(ProgressMessage(services, message, run).follow)


async def show_training(interaction: discord.Interaction) -> None:
    services = services_of(interaction)
    run = await services.store.training_runs.latest()
    if run is None:
        card = Card(_never_trained(), view_of())
    elif run.state == "running":
        card = progress_card(run, services.retraining.current)
    else:
        card = verdict_card(run, services.retraining.curve(run.id))
    await send_privately(interaction, **card.as_reply())


async def press(interaction: discord.Interaction, order: str, run_id: str) -> None:
    """The button that stops a run. Its message then tells how the run ended."""
    require_admin(interaction, "stop a training run")
    services = services_of(interaction)
    run = await services.store.training_runs.get(int(run_id))
    if run is None or run.state != "running":
        raise NoSuchRun(int(run_id))
    await send_privately(interaction, content=f"Training run {run.id} is being stopped.")
    services.background.start(services.retraining.cancel)


def _never_trained() -> discord.Embed:
    return discord.Embed(
        title="No training run yet",
        description="I know what my starter checkpoint learned. Admins start a run with /retrain.",
        colour=COLOUR,
    )
