"""A training run as a message: stage, bar and loss, then the verdict with its curve."""

import io
import logging
import time
from dataclasses import dataclass

import discord

from bot.locale import N_, Translator
from bot.moderation import neutralise
from bot.store import TrainingRun
from bot.views.buttons import button, view_of
from bot.views.card import COLOUR, Card
from bot.views.services import Services
from bot.views.trainer import Progress

logger = logging.getLogger(__name__)

_NUM_CELLS = 20
_SECONDS_BETWEEN_EDITS = 3.0
_VERDICTS = {
    "promoted": (N_("✅ Learned · training run {number}"), discord.Colour(0x2ECC71)),
    "rejected": (
        N_("↩️ Not better, so not taken · training run {number}"),
        discord.Colour(0xE67E22),
    ),
    "failed": (N_("❌ The run failed · training run {number}"), discord.Colour(0xE74C3C)),
    "cancelled": (N_("⏹️ Cancelled · training run {number}"), discord.Colour(0x95A5A6)),
    "interrupted": (N_("⏹️ Interrupted · training run {number}"), discord.Colour(0x95A5A6)),
}


def progress_card(run: TrainingRun, progress: Progress | None, _: Translator) -> Card:
    message = _.say(progress.message) if progress else _("Gathering what is to be learned.")
    fraction = progress.fraction if progress else run.fraction
    embed = discord.Embed(
        title=_("🏋️ Training run {number}").format(number=run.id),
        description=f"{neutralise(message)}\n{bar(fraction)}",
        colour=COLOUR,
    )
    embed.add_field(name=_new(run, _), value=f"{run.num_lyrics}")
    if progress and progress.loss is not None:
        embed.add_field(name=_("Loss"), value=f"{progress.loss:.3f}")
    if progress and progress.bits_per_character is not None:
        embed.add_field(name=_("Bits per character"), value=f"{progress.bits_per_character:.3f}")
    if progress and progress.eta_s is not None:
        embed.add_field(name=_("Time left"), value=duration(progress.eta_s, _))
    embed.set_footer(
        text=_("based on {checkpoint} · /rap works meanwhile").format(
            checkpoint=run.parent_checkpoint
        )
    )
    cancel = button("training", "cancel", run.id, label=_("Cancel"), emoji="⏹️")
    return Card(embed, view_of(cancel))


def _new(run: TrainingRun, _: Translator) -> str:
    return _("New beats") if run.kind == "beats" else _("New lyrics")


def verdict_card(run: TrainingRun, curve: bytes | None, _: Translator) -> Card:
    title, colour = _VERDICTS[run.state]
    embed = discord.Embed(
        title=_(title).format(number=run.id),
        description=neutralise(_.say(run.reason)) if run.reason else None,
        colour=colour,
    )
    embed.add_field(name=_new(run, _), value=f"{run.num_lyrics}")
    if count := run.figures.get("left_out"):
        said = _.ngettext("{count} artist, on request", "{count} artists, on request", count)
        embed.add_field(name=_("Left out"), value=said.format(count=count))
    if run.state == "promoted" and run.candidate:
        embed.add_field(name=_("Live now"), value=neutralise(run.candidate))
    if run.finished_at:
        took = (run.finished_at - run.started_at).total_seconds()
        embed.add_field(name=_("Took"), value=duration(took, _))
    if curve is None:
        return Card(embed, view_of())
    embed.set_image(url="attachment://curve.png")
    return Card(embed, view_of(), (discord.File(io.BytesIO(curve), "curve.png"),))


def bar(fraction: float) -> str:
    """Twenty cells and a percentage."""
    fraction = min(1.0, max(0.0, fraction))
    num_full = round(fraction * _NUM_CELLS)
    return f"`{'█' * num_full}{'░' * (_NUM_CELLS - num_full)}` {fraction:.0%}"


def duration(seconds: float, _: Translator) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    if not minutes:
        return _("{seconds} s").format(seconds=rest)
    return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)


@dataclass(frozen=True, slots=True)
class ProgressMessage:
    """Follows a run in a message of the channel until its verdict.

    It edits the message as the bot's own, not as an answer to the command: that would end after 15
    minutes.
    """

    services: Services
    message: discord.PartialMessage
    run: TrainingRun
    language: Translator

    async def follow(self) -> None:
        shown_at = 0.0
        async for progress in self.services.retraining.subscribe(self.run.id):
            if time.perf_counter() - shown_at >= _SECONDS_BETWEEN_EDITS:
                if not await self._show(progress_card(self.run, progress, self.language)):
                    return
                shown_at = time.perf_counter()
        ended = await self.services.store.training_runs.get(self.run.id) or self.run
        if ended.state == "running":  # in another process by now
            return
        curve = self.services.retraining.curve(self.run.id)
        await self._show(verdict_card(ended, curve, self.language))

    async def _show(self, card: Card) -> bool:
        """False when the message is gone for good."""
        try:
            await self.message.edit(**card.as_message())
        except discord.HTTPException as error:
            logger.warning("Training run %d cannot be shown: %s", self.run.id, error)
            return not isinstance(error, discord.NotFound)
        return True
