"""Starting, showing and stopping a training run."""

from functools import partial
from typing import cast

import discord

from bot.errors import NoSuchRun
from bot.locale import N_, Translator
from bot.views.admins import require_trainer
from bot.views.buttons import view_of
from bot.views.language import public_translator, translator_for
from bot.views.private import send_privately, stop_thinking, think_in_public
from bot.views.services import services_of, settings_of
from bot.views.training_progress import ProgressMessage, progress_card, verdict_card
from bot.views.verse_card import COLOUR, Card


async def announce(interaction: discord.Interaction) -> None:
    """Starts a run, and a message in the channel that follows it."""
    services = services_of(interaction)
    await think_in_public(interaction)
    _ = public_translator(interaction, await settings_of(interaction))
    start = partial(services.retraining.start, trigger="command", requested_by=interaction.user.id)
    run = await services.background.call(start)
    message_id = await stop_thinking(interaction, **progress_card(run, None, _).as_message())
    channel = interaction.client.get_partial_messageable(
        cast("int", interaction.channel_id), guild_id=interaction.guild_id
    )
    message = channel.get_partial_message(message_id)
    services.background.start(ProgressMessage(services, message, run, _).follow)


async def show_training(interaction: discord.Interaction) -> None:
    services, _ = services_of(interaction), translator_for(interaction)
    run = await services.store.training_runs.latest()
    if run is None:
        card = Card(_never_trained(_), view_of())
    elif run.state == "running":
        card = progress_card(run, services.retraining.current, _)
    else:
        card = verdict_card(run, services.retraining.curve(run.id), _)
    await send_privately(interaction, **card.as_reply())


async def press(interaction: discord.Interaction, order: str, run_id: str) -> None:
    """The button that stops a run. Its message then tells how the run ended."""
    require_trainer(interaction, N_("stop a training run"))
    services, _ = services_of(interaction), translator_for(interaction)
    run = await services.store.training_runs.get(int(run_id))
    if run is None or run.state != "running":
        raise NoSuchRun(int(run_id))
    said = _("Training run {number} is being stopped.").format(number=run.id)
    await send_privately(interaction, content=said)
    services.background.start(services.retraining.cancel)


def _never_trained(_: Translator) -> discord.Embed:
    return discord.Embed(
        title=_("No training run yet"),
        description=_(
            "I know what my starter checkpoint learned. Admins start a run with /retrain."
        ),
        colour=COLOUR,
    )
