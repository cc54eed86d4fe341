"""/beat: music in a style, as a picture, as sound and as a MIDI file to keep."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.commands import suggestions
from bot.errors import PrimeAndChord
from bot.generation.prime import require_size
from bot.views.beat_order import BeatOrder
from bot.views.beat_performance import compose


class Beat(commands.Cog):
    @app_commands.command(description="Write a beat: music to see, to hear and to keep")
    @app_commands.describe(
        style="In which style; else the usual one",
        bars="How many bars, 2 to 32",
        tempo="Beats per minute, 40 to 240; else as is usual in the style",
        prime="A MIDI file that the beat goes on from",
        chord="What it goes on from: chords like Am F C G, or notes like C E G",
    )
    @app_commands.autocomplete(style=suggestions.known_styles)
    async def beat(
        self,
        interaction: discord.Interaction,
        style: str | None = None,
        bars: app_commands.Range[int, 2, 32] | None = None,
        tempo: app_commands.Range[int, 40, 240] | None = None,
        prime: discord.Attachment | None = None,
        chord: app_commands.Range[str, 1, 100] | None = None,
    ) -> None:
        if prime is not None:
            if chord is not None:
                raise PrimeAndChord
            require_size(prime.size)
        order = BeatOrder(style=style, num_bars=bars, tempo=tempo, file=prime, chords=chord)
        await compose(interaction, order)
