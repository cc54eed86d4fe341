"""What is handed over of a beat: its MIDI file, its picture and its sound."""

import asyncio
from dataclasses import dataclass, replace

from bot.errors import BeatTooLong
from bot.locale import N_, Sentence
from bot.rendering.description import describe
from bot.rendering.renderer import Renderer
from model.errors import MidiError
from model.midi import PianoRoll, write_midi

_NONE_MADE = N_("I could not make sound of it this time; the MIDI file has the music.")


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatFiles:
    """A PNG and an MP3, each None where it could not be made, or where it is not wanted.

    `description` says what the picture shows, and `silence` why there is no sound.
    """

    midi: bytes
    picture: bytes | None = None
    audio: bytes | None = None
    description: Sentence | None = None
    silence: Sentence | None = None


class BeatFiler:
    """Makes them by processes that are short, few and off the event loop."""

    def __init__(self, renderer: Renderer, *, makes_audio: bool = True) -> None:
        self._renderer = renderer
        self._makes_audio = makes_audio

    async def of(self, roll: PianoRoll, *, num_prime_steps: int = 0) -> BeatFiles:
        """Of a roll whose first `num_prime_steps` were given."""
        picture, (audio, silence) = await asyncio.gather(
            self._renderer.picture(roll, num_prime_steps=num_prime_steps), self._sound(roll)
        )
        return BeatFiles(
            midi=midi_of(roll),
            picture=picture,
            audio=audio,
            description=describe(roll, num_prime_steps=num_prime_steps),
            silence=silence,
        )

    async def again(
        self, midi: bytes, *, steps_per_beat: int, num_prime_steps: int = 0
    ) -> BeatFiles:
        """The same of a file that `midi_of` gave, which is all that a stored beat has."""
        try:
            roll = await self._renderer.read(midi, steps_per_beat)
        except MidiError:  # nothing sounds in it, or it was erased
            roll = None
        if roll is None:
            return BeatFiles(midi=midi, silence=Sentence(_NONE_MADE))
        return await self.of(roll, num_prime_steps=num_prime_steps)

    async def _sound(self, roll: PianoRoll) -> tuple[bytes | None, Sentence | None]:
        if not self._makes_audio:
            return None, None
        try:
            audio = await self._renderer.audio(roll)
        except BeatTooLong as error:
            return None, error.sentence
        return audio, Sentence(_NONE_MADE) if audio is None else None


def midi_of(roll: PianoRoll, num_steps: int | None = None) -> bytes:
    """As beats are stored, the whole or its first steps. Read at the roll's own steps it gives the
    same frames.
    """
    return write_midi(replace(roll, frames=roll.frames[:num_steps]))
