"""The public card of a verse, a battle or a beat, hidden by a moderator and shown again."""

import logging
from collections.abc import Sequence

import discord

from bot.locale import translator
from bot.store import Battle, Beat, Verse
from bot.views.beat_card import beat_buttons, with_music
from bot.views.beat_performance import files_of
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
        await _hide(interaction, reported)


async def show_card_again(interaction: discord.Interaction, reported: Reported) -> None:
    if isinstance(reported, Battle):
        await _show_battle(interaction, reported)
    elif isinstance(reported, Beat):
        await _show_beat_again(interaction, reported)
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


async def _hide(interaction: discord.Interaction, work: Verse | Beat) -> None:
    """Title and footer stay: whose style it was, and who asked. The button is for moderators."""
    _ = translator(public_locale(interaction, await settings_of(interaction)))
    view = view_of(show_again_button(subject_of(work), _))
    found = await _find(interaction, work)
    for embed in found.embeds if found else ():
        embed.description = _("*Hidden by a moderator.*")
        embed.set_image(url=None)
    await _change(found, work, view)


async def _show_verse_again(interaction: discord.Interaction, verse: Verse) -> None:
    settings, store = await settings_of(interaction), services_of(interaction).store
    _ = translator(public_locale(interaction, settings))
    rules = rules_in(interaction.client.get_channel(verse.channel_id or 0), settings)
    votes = await store.votes.count(verse.id)
    words, files = shown_words(verse, rules, _)
    found = await _find(interaction, verse)
    for embed in found.embeds if found else ():
        embed.description = words
    await _change(found, verse, verse_buttons(verse.id, votes, _), files)


async def _show_beat_again(interaction: discord.Interaction, beat: Beat) -> None:
    services = services_of(interaction)
    _ = translator(public_locale(interaction, await settings_of(interaction)))
    votes = await services.store.votes_on("beat").count(beat.id)
    music = await files_of(services, beat)
    found = await _find(interaction, beat)
    if found is not None and found.embeds:
        embed, attached = with_music(found.embeds[0], beat, music, _)
        found.embeds = [embed]
        await _change(found, beat, beat_buttons(beat.id, votes, _), attached)


async def _find(interaction: discord.Interaction, work: Verse | Beat) -> discord.Message | None:
    """Its message. Where it is gone, nothing is needed: its buttons answer as they must."""
    if work.channel_id is None or work.message_id is None:
        return None
    channel = interaction.client.get_partial_messageable(work.channel_id, guild_id=work.guild_id)
    try:
        return await channel.fetch_message(work.message_id)
    except discord.HTTPException as error:
        logger.warning("The card of %s cannot be found: %s", subject_of(work), error)
        return None


async def _change(
    message: discord.Message | None,
    work: Verse | Beat,
    view: discord.ui.View,
    files: Sequence[discord.File] = (),
) -> None:
    if message is None:
        return
    try:
        await message.edit(embeds=message.embeds, view=view, attachments=files)
    except discord.HTTPException as error:
        logger.warning("The card of %s cannot be changed: %s", subject_of(work), error)
