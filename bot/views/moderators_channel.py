"""One message for each reported verse, battle or beat in the channel of a server's moderators."""

import logging

import discord

from bot.locale import translator
from bot.store import Case, Subject
from bot.views.card import Card
from bot.views.case_card import case_card
from bot.views.language import public_locale
from bot.views.levels import rules_in
from bot.views.reported import find_reported
from bot.views.services import services_of, settings_of

logger = logging.getLogger(__name__)


async def tell_moderators(
    interaction: discord.Interaction, subject: Subject, note: str = ""
) -> None:
    """Sends the message, or brings it up to date. A report counts where it cannot be told too."""
    store, settings = services_of(interaction).store, await settings_of(interaction)
    reported = await find_reported(store, subject, settings.guild_id)
    if settings.moderation_channel_id is None or reported is None:
        return
    case = await store.reports.case(subject, settings.guild_id)
    _ = translator(public_locale(interaction, settings))
    channel = interaction.client.get_partial_messageable(
        settings.moderation_channel_id, guild_id=settings.guild_id
    )
    try:
        rules = rules_in(interaction.client.get_channel(channel.id), settings)
        card = case_card(reported, case, note or _("/reports shows all that wait"), rules, _)
        await _tell(interaction, channel, case, card)
    except discord.HTTPException as error:
        logger.warning("%s cannot be told to its moderators: %s", subject, error)


async def _tell(
    interaction: discord.Interaction, channel: discord.PartialMessageable, case: Case, card: Card
) -> None:
    if await _is_told_again(channel, case, card):
        return
    sent = await channel.send(embed=card.embed, view=card.view)
    await services_of(interaction).store.reports.set_notice(case.subject, sent.id)


async def _is_told_again(channel: discord.PartialMessageable, case: Case, card: Card) -> bool:
    """In the message of before; not where it is deleted, or in another channel."""
    if case.notice_message_id is None:
        return False
    try:
        await channel.get_partial_message(case.notice_message_id).edit(**card.as_message())
    except discord.NotFound:
        return False
    return True
