"""A checkpoint of beats in use: to beats what a LiveCheckpoint is to verses."""

from bot.errors import BadPrime, UnknownArtist, UnknownStyle
from bot.generation.requests import BeatRequest, GeneratedBeat
from bot.generation.roster import Roster
from bot.locale import N_
from bot.store import name_of
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
        self._roster = Roster(tuple(style.name for style in checkpoint.styles))

    @property
    def styles(self) -> tuple[str, ...]:
        """Those that all servers share."""
        return self.styles_in(None)

    def styles_in(self, guild_id: int | None) -> tuple[str, ...]:
        """Those that a server sees, by their plain names: its own and the shared ones."""
        return self._roster.seen_from(guild_id).names

    def resolve_style(self, name: str, guild_id: int | None = None) -> str:
        """The voice of a style, as people type its name, in any case; or a voice that the server
        may hear. Raises UnknownStyle.
        """
        try:
            return self._roster.resolve_voice(name, guild_id)
        except UnknownArtist:
            raise UnknownStyle(name_of(name).strip(), self.styles_in(guild_id)) from None

    def require(self, voice: str) -> str:
        """As the checkpoint spells it. Raises UnknownStyle."""
        return self._roster.find(voice) or self.resolve_style(voice)

    def style(self, voice: str) -> Style:
        """What is usual in it. Raises UnknownStyle."""
        return self.checkpoint.styles[self.checkpoint.row_of(self.require(voice))]

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
            self.require(request.style),
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
