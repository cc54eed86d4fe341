"""A checkpoint of beats in use: to beats what a LiveCheckpoint is to verses."""

from bot.errors import BadPrime, UnknownArtist, UnknownStyle
from bot.generation.artists import ArtistIndex
from bot.generation.requests import BeatRequest, GeneratedBeat
from bot.locale import N_
from model.beats.checkpoint import BeatCheckpoint, Style
from model.beats.plan import BeatPlan, WrittenBeat, plan_beat
from model.beats.writer import BeatWriter


class LiveBeats:
    """What the event loop needs of a checkpoint of beats; the model inside is for other threads.

    `key` names its engine among those of the worker. A request without a temperature gets
    `temperature`.
    """

    def __init__(self, key: int, checkpoint: BeatCheckpoint, temperature: float) -> None:
        self.key = key
        self.version = checkpoint.version
        self.checkpoint = checkpoint
        self._temperature = temperature
        self._index = ArtistIndex(tuple(style.name for style in checkpoint.styles))

    @property
    def styles(self) -> tuple[str, ...]:
        return self._index.names

    def resolve_style(self, name: str) -> str:
        """As people type them, in any case. Raises UnknownStyle."""
        try:
            return self._index.resolve(name)
        except UnknownArtist:
            raise UnknownStyle(name.strip(), self.styles) from None

    def style(self, name: str) -> Style:
        """What is usual in it. Raises UnknownStyle."""
        return self.checkpoint.styles[self.checkpoint.row_of(self.resolve_style(name))]

    def build_writer(self, num_slots: int) -> BeatWriter:
        """To be called, and the writer used, in the worker's thread."""
        return BeatWriter.of(self.checkpoint, num_slots)

    def plan(self, request: BeatRequest, rng_seed: int, num_candidates: int) -> BeatPlan:
        """There is one try at a beat. Raises UnknownStyle, or BadPrime for one of other steps, as
        may come from before another checkpoint went live.
        """
        prime, temperature = request.prime, request.temperature
        if prime is not None and prime.steps_per_beat != self.checkpoint.steps_per_beat:
            raise BadPrime(N_("My model of beats was changed just now. Send that once more."))
        return plan_beat(
            self.checkpoint,
            self.resolve_style(request.style),
            request.bars,
            rng_seed,
            tempo=request.tempo,
            temperature=self._temperature if temperature is None else temperature,
            prime=prime,
        )

    def finish(
        self, request: BeatRequest, plan: BeatPlan, beat: WrittenBeat, elapsed_s: float
    ) -> GeneratedBeat:
        """Of a beat that is whole."""
        if beat.roll is None:
            raise ValueError(f"a beat that has ended as {beat.reason!r} has no roll")
        return GeneratedBeat(
            roll=beat.roll,
            style=request.style,
            bars=request.bars,
            tempo=plan.tempo,
            num_prime_steps=beat.num_prime_steps,
            rng_seed=plan.rng_seed,
            checkpoint=self.version,
            elapsed_s=elapsed_s,
            temperature=plan.temperature,
        )
