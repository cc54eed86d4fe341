"""What /help and /about show."""

import discord

from bot.moderation import neutralise
from bot.views.services import services_of
from bot.views.texts import texts_for
from bot.views.verse_card import COLOUR


def help_card(interaction: discord.Interaction) -> discord.Embed:
    known = services_of(interaction).generation.artists()
    example = known[0] if known else "…"
    said = texts_for(interaction.locale).help.format(artist=example)
    return discord.Embed(title="Cypher", description=said, colour=COLOUR)


async def about_card(interaction: discord.Interaction) -> discord.Embed:
    services, texts = services_of(interaction), texts_for(interaction.locale)
    embed = discord.Embed(
        title="Cypher", description=f"{texts.about}\n\n{texts.privacy}", colour=COLOUR
    )
    generation = services.generation
    embed.add_field(name="Checkpoint", value=neutralise(generation.live_version))
    embed.add_field(name="Artists", value=str(len(generation.artists())))
    return embed
