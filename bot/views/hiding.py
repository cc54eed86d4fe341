"""The public card of a verse or a battle, hidden by a moderator and shown again."""

import logging
from collections.abc import Sequence

import discord

from bot.locale import translator
from bot.store import Battle, Verse
from bot.views.buttons import view_of
from bot.views.card import show_again_button
from bot.views.language import public_locale
from bot.views.levels import rules_in
from bot.views.reported import Reported, subject_of
from bot.views.services import services_of, settings_of
from bot.views.verse_card import shown_words, verse_buttons

logger = logging.getLogger(__name__)


async def hide_card(interaction: discord.Interaction, reported: Reported) -> None:
    if isinstance(reported, Battle):
        await _show_battle(interaction, reported)
    else:
        await _hide_verse(interaction, reported)


async def show_card_again(interaction: discord.Interaction, reported: Reported) -> None:
    if isinstance(reported, Battle):
        await _show_battle(interaction, reported)
    else:
        await _show_verse_again(interaction, reported)


async def _show_battle(interaction: discord.Interaction, battle: Battle) -> None:
    """As the store has it now."""
    referee = services_of(interaction).referee
    try:
        await referee.show(interaction.client, battle.id)
    except discord.HTTPException as error:
        logger.warning("The card of battle %d cannot be changed: %s", battle.id, error)
    referee.note_news()


async def _hide_verse(interaction: discord.Interaction, verse: Verse) -> None:
    """Title and footer stay: whose style it was, and who asked. The button is for moderators."""
    _ = translator(public_locale(interaction, await settings_of(interaction)))
    view = view_of(show_again_button(subject_of(verse), _))
    await _change(interaction, verse, _("*Hidden by a moderator.*"), view)


async def _show_verse_again(interaction: discord.Interaction, verse: Verse) -> None:
    settings, store = await settings_of(interaction), services_of(interaction).store
    _ = translator(public_locale(interaction, settings))
    rules = rules_in(interaction.client.get_channel(verse.channel_id or 0), settings)
    votes = await store.votes.count(verse.id)
    words, files = shown_words(verse, rules, _)
    await _change(interaction, verse, words, verse_buttons(verse.id, votes, _), files)


async def _change(
    interaction: discord.Interaction,
    verse: Verse,
    words: str,
    view: discord.ui.View,
    files: Sequence[discord.File] = (),
) -> None:
    """Where it is gone, or cannot be edited, nothing is needed: its buttons answer as they must."""
    if verse.channel_id is None or verse.message_id is None:
        return
    channel = interaction.client.get_partial_messageable(verse.channel_id, guild_id=verse.guild_id)
    try:
        message = await channel.fetch_message(verse.message_id)
        for embed in message.embeds:
            embed.description = words
        await message.edit(embeds=message.embeds, view=view, attachments=files)
    except discord.HTTPException as error:
        logger.warning("The card of verse %d cannot be changed: %s", verse.id, error)
