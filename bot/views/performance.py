"""One verse from order to card: the way of /rap, and of the buttons that ask for more."""

from dataclasses import replace

import discord

from bot.errors import UnknownArtist
from bot.generation import GeneratedVerse
from bot.locale import Translator
from bot.moderation import ContentRules
from bot.store import NewVerse, Subject, Verse, VoteCount, split_voice
from bot.views import wait_note
from bot.views.language import public_translator
from bot.views.order import Order, request_for
from bot.views.private import think_in_public
from bot.views.services import Services, rules_of, services_of, settings_of
from bot.views.unknown_artist import offer_other_artists
from bot.views.usual_artist import usual_voice
from bot.views.verse_card import verse_card
from bot.views.works import answer_with


async def perform(interaction: discord.Interaction, order: Order) -> None:
    """Raises UserError for what the member must hear; the verse is stored before it is shown."""
    services = services_of(interaction)
    try:
        artist = order.artist and _voice(services, order.artist, order, interaction.guild_id)
    except UnknownArtist as error:
        if not order.seed:
            raise
        await offer_other_artists(interaction, error, order)
        return
    if order.mix is not None:
        other = _voice(services, order.mix.artist, order, interaction.guild_id)
        order = replace(order, mix=replace(order.mix, artist=other))
    with services.in_flight, services.pending.hold(interaction):
        with services.generation.place():
            message_id = await think_in_public(interaction)
            settings = await settings_of(interaction)
            rules, _ = rules_of(interaction, settings), public_translator(interaction, settings)
            if not artist:
                artist = await usual_voice(services, settings, interaction.guild_id, order.seed)
            user_id = interaction.user.id
            request = request_for(order, artist, user_id, services, settings, rules)
            request = replace(request, draw=interaction.id)
            generated = await services.generation.generate(
                request, on_wait=wait_note.VERSE.shower(interaction, _)
            )
        new_verse = _new_verse(interaction, order, generated, message_id)
        verse = await services.store.verses.add(new_verse, answers=interaction.id)
        await _show(interaction, verse, rules, _)


async def show_verse(interaction: discord.Interaction, verse: Verse) -> None:
    """In the place of "thinking…", with the votes that it has by now."""
    services, settings = services_of(interaction), await settings_of(interaction)
    rules, _ = rules_of(interaction, settings), public_translator(interaction, settings)
    await _show(interaction, verse, rules, _, await services.store.votes.count(verse.id))


def _voice(services: Services, artist: str, order: Order, guild_id: int | None) -> str:
    """Raises UnknownArtist."""
    if order.are_voices:
        return services.generation.resolve_voice(artist, guild_id)
    return services.generation.resolve_artist(artist, guild_id)


def _new_verse(
    interaction: discord.Interaction,
    order: Order,
    generated: GeneratedVerse,
    message_id: int | None,
) -> NewVerse:
    sampling, mix = generated.sampling, generated.mix
    artist, artist_guild_id = split_voice(generated.artist)
    mix_artist, mix_guild_id = split_voice(mix.artist) if mix else (None, None)
    return NewVerse(
        artist=artist,
        artist_guild_id=artist_guild_id,
        seed=generated.seed,
        text=generated.text,
        num_lines=generated.lines,
        temperature=sampling.temperature,
        top_k=sampling.top_k,
        top_p=sampling.top_p,
        repetition_penalty=sampling.repetition_penalty,
        rng_seed=generated.rng_seed,
        checkpoint=generated.checkpoint,
        user_id=interaction.user.id,
        guild_id=interaction.guild_id,
        channel_id=interaction.channel_id,
        message_id=message_id,
        context=order.context,
        parent_id=order.parent_id,
        scheme=generated.scheme,
        num_candidates=generated.num_candidates,
        mix_artist=mix_artist,
        mix_guild_id=mix_guild_id,
        mix_share=mix.share if mix else None,
    )


async def _show(
    interaction: discord.Interaction,
    verse: Verse,
    rules: ContentRules,
    _: Translator,
    votes: VoteCount | None = None,
) -> None:
    card = verse_card(verse, interaction.user.display_name, rules, _, votes)
    await answer_with(interaction, verse, Subject("verse", verse.id), card)
