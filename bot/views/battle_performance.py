"""A battle from order to vote, written turn by turn on a card that fills."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast

import discord

from bot.errors import DeadlineExceeded, SameArtist, UnknownArtist
from bot.generation import GeneratedVerse, VerseRequest, Waiting
from bot.locale import translator
from bot.moderation import ContentRules, neutralise, plain
from bot.store import Battle, BattleCount, BattlePart, NewBattle, name_of, split_voice
from bot.views.battle_card import artist_of, side_of, vote_card, writing_card
from bot.views.battle_offer import offer_other_opponents
from bot.views.battle_turns import LINES_A_TURN, BattleOrder, request_of_turn
from bot.views.card import Card
from bot.views.language import public_locale
from bot.views.order import Order, request_for
from bot.views.private import stop_thinking, think_in_public
from bot.views.services import Services, rules_of, services_of, settings_of

_TIME_S = 840.0  # Discord lets a reply be edited for 15 minutes


async def battle(interaction: discord.Interaction, order: BattleOrder) -> None:
    """Raises UserError for what the member must hear. What breaks off gets no vote."""
    services = services_of(interaction)
    names, guild_id = (order.artist_a, order.artist_b), interaction.guild_id
    try:
        voices = [services.generation.resolve_artist(name, guild_id) for name in names]
    except UnknownArtist as error:
        await offer_other_opponents(interaction, error, order)
        return
    if voices[0] == voices[1]:
        raise SameArtist(name_of(voices[0]))
    with services.in_flight, services.pending.hold(interaction):
        with services.generation.place():
            await think_in_public(interaction)
            settings = await settings_of(interaction)
            rules = rules_of(interaction, settings)
            first = Order(artist=voices[0], seed=order.seed, num_lines=LINES_A_TURN)
            user_id = interaction.user.id
            opening = request_for(first, voices[0], user_id, services, settings, rules)
            locale = public_locale(interaction, settings)
            new_battle = _new_battle(interaction, order, voices, opening, locale)
            writing = BattleWriting(interaction, services, opening, new_battle, rules)
            written = await writing.write()
        ends_at = datetime.now(UTC) + timedelta(minutes=order.minutes)
        opened = await services.store.battles.open_vote(written.id, writing.parts, ends_at)
        services.referee.note_news()
        card = vote_card(opened, BattleCount(a=0, b=0), rules, translator(locale))
        await interaction.edit_original_response(**card.as_message())


@dataclass(slots=True)
class BattleWriting:
    """The card appears with the first part, and from then on the battle is in the store."""

    interaction: discord.Interaction
    services: Services
    opening: VerseRequest
    battle: NewBattle
    rules: ContentRules
    parts: list[BattlePart] = field(default_factory=list)
    stored: Battle | None = None

    async def write(self) -> Battle:
        """The battle, whose parts are in `parts` and not in the store yet."""
        try:
            async with asyncio.timeout(_TIME_S):
                stored = await self._first_turn()
                for _ in range(1, 2 * self.battle.num_rounds):
                    await self._turn()
                    await self._show_turn()
        except BaseException as error:
            if self.stored is not None:
                await self.services.store.battles.cancel(self.stored.id)
                self.services.referee.note_news()
            if isinstance(error, TimeoutError):
                raise DeadlineExceeded(_TIME_S) from None
            raise
        return stored

    async def _first_turn(self) -> Battle:
        await self._turn()
        message_id = await stop_thinking(self.interaction, **self._card().as_message())
        begin = self.services.store.battles.begin
        self.stored = await begin(self.battle, message_id, answers=self.interaction.id)
        return self.stored

    async def _turn(self) -> None:
        request = request_of_turn(self.opening, self.battle.voices, self.parts)
        generated = await self.services.generation.generate(request, on_wait=self._note_wait())
        self.parts.append(_part(generated))

    async def _show_turn(self) -> None:
        if len(self.parts) < 2 * self.battle.num_rounds:
            await self.interaction.edit_original_response(**self._card().as_message())

    def _card(self, waiting: Waiting | None = None) -> Card:
        _ = translator(self.battle.locale)
        position = len(self.parts)
        is_waiting = waiting is not None and waiting.position > 0
        note = _("✍️ Round {round} of {num_rounds}: {artist} is writing …")
        if is_waiting:
            note = _(
                "🎧 Round {round} of {num_rounds}: {artist} is number {position} in the queue,"
                " about {seconds} s."
            )
        said = note.format(
            round=position // 2 + 1,
            num_rounds=self.battle.num_rounds,
            artist=neutralise(plain(artist_of(self.battle, side_of(position)))),
            position=waiting.position if waiting else 0,
            seconds=max(1, round(waiting.estimate_s)) if waiting else 0,
        )
        return writing_card(self.battle, self.parts, said, self.rules, _)

    def _note_wait(self) -> Callable[[Waiting], Awaitable[None]]:
        async def show(waiting: Waiting) -> None:
            card = self._card(waiting)
            await self.interaction.edit_original_response(**card.as_message())

        return show


def _new_battle(
    interaction: discord.Interaction,
    order: BattleOrder,
    voices: Sequence[str],
    opening: VerseRequest,
    locale: str,
) -> NewBattle:
    sampling = opening.sampling
    (artist_a, a_guild_id), (artist_b, b_guild_id) = map(split_voice, voices)
    return NewBattle(
        artist_a=artist_a,
        artist_a_guild_id=a_guild_id,
        artist_b=artist_b,
        artist_b_guild_id=b_guild_id,
        seed=order.seed,
        num_rounds=order.num_rounds,
        temperature=sampling.temperature,
        top_k=sampling.top_k,
        top_p=sampling.top_p,
        repetition_penalty=sampling.repetition_penalty,
        locale=locale,
        user_id=interaction.user.id,
        application_id=interaction.application_id,
        guild_id=interaction.guild_id,
        channel_id=cast("int", interaction.channel_id),
    )


def _part(generated: GeneratedVerse) -> BattlePart:
    return BattlePart(
        text=generated.text,
        num_lines=generated.lines,
        num_candidates=generated.num_candidates,
        rng_seed=generated.rng_seed,
        checkpoint=generated.checkpoint,
    )
