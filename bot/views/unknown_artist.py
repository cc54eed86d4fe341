"""When nobody has taught the bot that artist: others, one press away, and how to teach it."""

import hashlib

import discord

from bot.errors import UnknownArtist
from bot.moderation import neutralise
from bot.views.buttons import ActionButton, button, view_of
from bot.views.mistakes import MISTAKE
from bot.views.order import Order
from bot.views.private import send_privately
from bot.views.services import Services, services_of
from bot.views.texts import sentence, texts_for
from bot.views.verse_card import COLOUR

_NUM_OFFERED = 5
_MAX_LABEL = 80
_SEED_MARK = "seed: "


async def offer_other_artists(
    interaction: discord.Interaction, error: UnknownArtist, order: Order
) -> None:
    services, texts = services_of(interaction), texts_for(interaction.locale)
    names = await _nearest_and_best_loved(services, error, order, interaction.guild_id)
    said = neutralise(sentence(error, interaction.locale))
    interaction.extras[MISTAKE] = said
    embed = discord.Embed(description=said, colour=COLOUR)
    if names:
        embed.description = f"{said}\n\n{texts.try_these}"
        # The seed may be longer than a custom_id can hold, so the message itself carries it. Only
        # the bot writes its footers, and Discord shows them letter by letter.
        embed.set_footer(text=f"{_SEED_MARK}{order.seed}")
    view = view_of(*(_voice_button(name, order) for name in names))
    await send_privately(interaction, embed=embed, view=view)


def voice_of(key: str, artists: tuple[str, ...]) -> str | None:
    """The artist behind a button; None where the live checkpoint does not know them."""
    return next((name for name in artists if _key(name) == key), None)


def seed_of(message: discord.Message) -> str:
    """The seed that the offer was about."""
    footers = [embed.footer.text or "" for embed in message.embeds]
    return "".join(footers).removeprefix(_SEED_MARK)


async def _nearest_and_best_loved(
    services: Services, error: UnknownArtist, order: Order, guild_id: int | None
) -> list[str]:
    """After the nearest names, those whose script is that of what was typed go first."""
    known = services.generation.artists()
    loved = await services.store.artists.best_loved(_NUM_OFFERED, guild_id)
    is_han = _has_han(error.name + order.seed)
    others = sorted((*loved, *known), key=lambda name: _has_han(name) != is_han)
    names = dict.fromkeys((*error.nearest, *others))
    learned = set(known)
    return [name for name in names if name in learned][:_NUM_OFFERED]


def _has_han(text: str) -> bool:
    return any("\u3400" <= character <= "\u9fff" for character in text)


def _voice_button(artist: str, order: Order) -> ActionButton:
    lines = "" if order.num_lines is None else order.num_lines
    temperature = "" if order.temperature is None else order.temperature
    return button("voice", _key(artist), lines, temperature, label=artist[:_MAX_LABEL])


def _key(artist: str) -> str:
    """Short enough for a custom_id, and the same under every checkpoint."""
    return hashlib.sha256(artist.encode()).hexdigest()[:16]
