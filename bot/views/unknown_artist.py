"""When nobody has taught the bot that artist: others, one press away, and how to teach it."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.errors import UnknownArtist
from bot.generation import Mix
from bot.moderation import neutralise
from bot.store import name_of
from bot.views.buttons import ActionButton, button, view_of
from bot.views.card import COLOUR
from bot.views.cooldowns import forgive
from bot.views.language import has_han, translator_for
from bot.views.mistakes import MISTAKE
from bot.views.order import Order
from bot.views.private import send_privately
from bot.views.services import Services, services_of

_NUM_OFFERED = 5
MAX_LABEL = 80
_SEED_MARK = "🌱 "  # in no language: the seed is read back, whoever presses


async def offer_other_artists(
    interaction: discord.Interaction, error: UnknownArtist, order: Order
) -> None:
    services, _ = services_of(interaction), translator_for(interaction)
    order = _with_known_mix(order, services, interaction.guild_id)
    names = await names_to_offer(services, error, order.seed, interaction.guild_id)
    buttons = [_voice_button(name, order) for name in names]
    invitation = _("Or press one of these, and I rap your seed in their voice:")
    await offer(interaction, error, order.seed, invitation, buttons)


async def offer(
    interaction: discord.Interaction,
    error: UnknownArtist,
    seed: str,
    invitation: str,
    buttons: Sequence[ActionButton],
) -> None:
    """Tells the member alone, with buttons whose actions find the seed by `seed_of`."""
    said = neutralise(translator_for(interaction).say(error.sentence))
    interaction.extras[MISTAKE] = said
    forgive(interaction)
    embed = discord.Embed(description=said, colour=COLOUR)
    if buttons:
        embed.description = f"{said}\n\n{invitation}"
        # The seed may be longer than a custom_id can hold, so the message itself carries it. Only
        # the bot writes its footers, and Discord shows them letter by letter.
        embed.set_footer(text=f"{_SEED_MARK}{seed}")
    await send_privately(interaction, embed=embed, view=view_of(*buttons))


def voice_of(key: str, artists: tuple[str, ...]) -> str | None:
    """The artist behind a button; None where the live checkpoint does not know them."""
    return next((name for name in artists if key_of(name) == key), None)


def mix_of(key: str, share: int | None, artists: tuple[str, ...]) -> Mix | None:
    """The mix behind a button; None where there is none, or nobody is known."""
    artist = voice_of(key, artists)
    return Mix(artist=artist, share=share) if artist and share is not None else None


def seed_of(message: discord.Message) -> str:
    """The seed that the offer was about."""
    footers = [embed.footer.text or "" for embed in message.embeds]
    return "".join(footers).removeprefix(_SEED_MARK)


async def names_to_offer(
    services: Services, error: UnknownArtist, seed: str, guild_id: int | None
) -> list[str]:
    """The nearest, then the best-loved; of these, those in the script of what was typed first."""
    known = services.generation.artists(guild_id)
    loved = await services.store.artists.best_loved(_NUM_OFFERED, guild_id)
    is_han = has_han(error.name + seed)
    others = sorted((*loved, *known), key=lambda name: has_han(name) != is_han)
    names = dict.fromkeys((*error.nearest, *others))
    learned = set(known)
    return [name for name in names if name in learned][:_NUM_OFFERED]


def _with_known_mix(order: Order, services: Services, guild_id: int | None) -> Order:
    """The mix's artist as the checkpoint spells the name; no mix with somebody unknown."""
    if order.mix is None:
        return order
    try:
        typed = name_of(order.mix.artist) if order.are_voices else order.mix.artist
        voice = services.generation.resolve_artist(typed, guild_id)
    except UnknownArtist:
        return replace(order, mix=None)
    return replace(order, mix=replace(order.mix, artist=name_of(voice)))


def _voice_button(artist: str, order: Order) -> ActionButton:
    lines = "" if order.num_lines is None else order.num_lines
    temperature = "" if order.temperature is None else order.temperature
    mix = ("", "") if order.mix is None else (key_of(order.mix.artist), order.mix.share)
    arguments = (key_of(artist), lines, temperature, order.scheme or "", *mix)
    return button("voice", *arguments, label=artist[:MAX_LABEL])


def key_of(artist: str) -> str:
    """Short enough for a custom_id, and the same under every checkpoint."""
    return hashlib.sha256(artist.encode()).hexdigest()[:16]
