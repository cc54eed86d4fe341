"""One beat from order to card: the way of /beat, and of the buttons that ask for more."""

import discord

from bot.generation import BeatRequest, GeneratedBeat, PianoRoll
from bot.generation.beats import MAX_TEMPO, MIN_TEMPO
from bot.locale import Translator
from bot.rendering.beat_files import BeatFiles, midi_of
from bot.store import Beat, NewBeat, Subject, VoteCount
from bot.views import wait_note
from bot.views.beat_card import beat_card
from bot.views.beat_order import BeatOrder
from bot.views.language import public_translator
from bot.views.private import think_in_public
from bot.views.services import Services, services_of, settings_of
from bot.views.works import answer_with


async def compose(interaction: discord.Interaction, order: BeatOrder) -> None:
    """Raises UserError for what the member must hear; the beat is stored before it is shown."""
    services = services_of(interaction)
    style = _style(services, order, interaction.guild_id)
    with services.in_flight, services.pending.hold(interaction):
        with services.generation.place():
            message_id = await think_in_public(interaction)
            _ = public_translator(interaction, await settings_of(interaction))
            prime = await _prime(services, order, style)
            generated = await services.generation.compose(
                _request(interaction, order, style, prime),
                on_wait=wait_note.BEAT.shower(interaction, _),
            )
        new_beat = _new_beat(interaction, order, generated, message_id)
        beat = await services.store.beats.add(new_beat, answers=interaction.id)
        drawing = _("🎨 Your beat is written. I draw it, and play it …")
        await interaction.edit_original_response(content=drawing)
        files = await services.beat_files.of(
            generated.roll, num_prime_steps=generated.num_prime_steps
        )
        await _show(interaction, beat, files, _)


async def show_beat(interaction: discord.Interaction, beat: Beat) -> None:
    """In the place of "thinking…", with the votes that it has by now."""
    services = services_of(interaction)
    _ = public_translator(interaction, await settings_of(interaction))
    votes = await services.store.votes_on("beat").count(beat.id)
    await _show(interaction, beat, await files_of(services, beat), _, votes)


async def files_of(services: Services, beat: Beat) -> BeatFiles:
    return await services.beat_files.again(
        beat.result, steps_per_beat=beat.steps_per_beat, num_prime_steps=beat.num_prime_steps
    )


async def _show(
    interaction: discord.Interaction,
    beat: Beat,
    files: BeatFiles,
    _: Translator,
    votes: VoteCount | None = None,
) -> None:
    card = beat_card(beat, files, interaction.user.display_name, _, votes)
    await answer_with(interaction, beat, Subject("beat", beat.id), card)


def _style(services: Services, order: BeatOrder, guild_id: int | None) -> str:
    """Its voice. Raises NoBeats or UnknownStyle."""
    beats = services.generation.beats
    if order.style is None and beats.styles:
        return beats.styles[0]
    return beats.resolve_style(order.style or "", guild_id)


async def _prime(services: Services, order: BeatOrder, style: str) -> PianoRoll | None:
    """Raises BadPrime."""
    beats = services.generation.beats
    if order.chords is not None:
        return beats.prime_of_chords(order.chords, style)
    data = order.midi if order.file is None else await order.file.read()
    return None if data is None else await beats.prime_of(data)


def _request(
    interaction: discord.Interaction, order: BeatOrder, style: str, prime: PianoRoll | None
) -> BeatRequest:
    services = services_of(interaction)
    defaults = services.config.beats
    return BeatRequest(
        user_id=interaction.user.id,
        style=style,
        bars=min(order.num_bars or defaults.default_bars, defaults.max_bars),
        tempo=_tempo(order, prime),
        temperature=order.temperature,
        prime=prime,
        rng_seed=order.rng_seed if services.rng_seed is None else services.rng_seed,
    )


def _tempo(order: BeatOrder, prime: PianoRoll | None) -> float | None:
    """That of the member's own piece, where they name none."""
    if order.tempo is None and order.file is not None and prime is not None:
        return min(max(prime.tempo, MIN_TEMPO), MAX_TEMPO)
    return order.tempo


def _given(generated: GeneratedBeat) -> bytes | None:
    """What it really went on from: of a long piece only the end."""
    num_steps = generated.num_prime_steps
    return midi_of(generated.roll, num_steps) if num_steps else None


def _new_beat(
    interaction: discord.Interaction,
    order: BeatOrder,
    generated: GeneratedBeat,
    message_id: int | None,
) -> NewBeat:
    return NewBeat(
        style=generated.style,
        bars=generated.bars,
        tempo=generated.tempo,
        temperature=generated.temperature,
        rng_seed=generated.rng_seed,
        checkpoint=generated.checkpoint,
        steps_per_beat=generated.roll.steps_per_beat,
        num_prime_steps=generated.num_prime_steps,
        prime=_given(generated),
        result=midi_of(generated.roll),
        user_id=interaction.user.id,
        guild_id=interaction.guild_id,
        channel_id=interaction.channel_id,
        message_id=message_id,
        verse_id=order.verse_id,
    )
