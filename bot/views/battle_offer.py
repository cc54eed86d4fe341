"""When nobody has taught the bot one of the two who were to battle: others, one press away."""

import discord

from bot.errors import UnknownArtist
from bot.store import name_of
from bot.views.battle_turns import BattleOrder
from bot.views.buttons import ActionButton, button
from bot.views.language import translator_for
from bot.views.services import Services, services_of
from bot.views.unknown_artist import MAX_LABEL, key_of, names_to_offer, offer


async def offer_other_opponents(
    interaction: discord.Interaction, error: UnknownArtist, order: BattleOrder
) -> None:
    """Raises the error where neither of the two is known."""
    services, _ = services_of(interaction), translator_for(interaction)
    guild_id = interaction.guild_id
    known_a = _known(services, order.artist_a, guild_id)
    known_b = _known(services, order.artist_b, guild_id)
    if known_a is None and known_b is None:
        raise error
    names = await names_to_offer(services, error, order.seed, guild_id)
    buttons = [
        _opponent_button(known_a or name, known_b or name, order, label=name)
        for name in names
        if name not in (known_a, known_b)
    ]
    invitation = _("Or press one of these, and the battle begins with them:")
    await offer(interaction, error, order.seed, invitation, buttons)


def _known(services: Services, name: str, guild_id: int | None) -> str | None:
    try:
        return name_of(services.generation.resolve_artist(name, guild_id))
    except UnknownArtist:
        return None


def _opponent_button(
    artist_a: str, artist_b: str, order: BattleOrder, *, label: str
) -> ActionButton:
    arguments = (key_of(artist_a), key_of(artist_b), order.num_rounds, order.minutes)
    return button("opponent", *arguments, label=label[:MAX_LABEL])
