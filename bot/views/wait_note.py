"""What stands in the place of the answer while a member waits for it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import discord

from bot.generation import Waiting
from bot.locale import N_, Translator


@dataclass(frozen=True, slots=True)
class WaitNote:
    """Texts with `seconds`, and `position` while it stands in the queue."""

    writing: str
    queued: str = N_("🎧 You are number {position} in the queue: about {seconds} s.")

    def shower(
        self, interaction: discord.Interaction, _: Translator
    ) -> Callable[[Waiting], Awaitable[None]]:
        """What generation is to call as the wait goes on."""

        async def show(waiting: Waiting) -> None:
            note = _(self.queued if waiting.position > 0 else self.writing)
            seconds = max(1, round(waiting.estimate_s))
            await interaction.edit_original_response(
                content=note.format(position=waiting.position, seconds=seconds)
            )

        return show


VERSE = WaitNote(N_("🎧 Your verse is being written: about {seconds} s."))
BEAT = WaitNote(N_("🎹 Your beat is being written: about {seconds} s."))
