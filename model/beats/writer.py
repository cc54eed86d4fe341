"""Many beats at once by one engine; the counterpart of `search.Writer`, which writes verses."""

from collections.abc import Callable, Sequence

from model.beats.checkpoint import BeatCheckpoint
from model.beats.plan import MAX_BARS, MAX_PRIME_BARS, BeatPlan, WrittenBeat
from model.engine import (
    FinishedSequence,
    FinishedWork,
    FrameRequest,
    FrameRunner,
    SequenceEngine,
)

_MAX_SLOTS = 64


class BeatWriter:
    """Like an engine, but for whole beats. For the one thread that owns the engine."""

    def __init__(self, engine: SequenceEngine[FrameRequest]) -> None:
        self._engine = engine
        self._plans: dict[int, BeatPlan] = {}

    @classmethod
    def of(cls, checkpoint: BeatCheckpoint, num_slots: int) -> "BeatWriter":
        """A writer with an engine of its own."""
        longest = max(style.beats_per_bar for style in checkpoint.styles)
        num_bars = MAX_BARS + MAX_PRIME_BARS
        max_positions = 1 + num_bars * longest * checkpoint.steps_per_beat
        runner = FrameRunner(checkpoint.model, num_slots, max_positions)
        return cls(SequenceEngine(runner, num_slots))

    @property
    def computes_in(self) -> str:
        """The precision and what does it."""
        return self._engine.computes_in

    @property
    def num_running(self) -> int:
        """Beats on their way."""
        return len(self._plans)

    @property
    def num_advanced(self) -> int:
        """Beats that the last step moved on by one frame."""
        return self._engine.num_advanced

    @property
    def has_work(self) -> bool:
        """Whether the next step has anything to do or to report."""
        return self._engine.has_work

    def add(self, plan: BeatPlan) -> int:
        """Begin a beat; returns its id. Raises ValueError when it does not fit the model."""
        beat_id = self._engine.add(plan.request)
        self._plans[beat_id] = plan
        return beat_id

    def abort(self, beat_id: int) -> None:
        """End a beat now; the next step reports it as 'aborted'. Unknown ids are ignored."""
        self._engine.abort(beat_id)

    def step(self) -> list[FinishedWork[WrittenBeat]]:
        """Advance every beat by one frame; returns those that ended."""
        return [self._finished(each) for each in self._engine.step()]

    def _finished(self, sequence: FinishedSequence) -> FinishedWork[WrittenBeat]:
        plan = self._plans.pop(sequence.sequence_id)
        is_whole = sequence.reason == "length"
        beat = WrittenBeat(
            plan.roll_of(sequence.tokens) if is_whole else None,
            len(plan.prime),
            sequence.reason,
            sequence.error,
        )
        return FinishedWork(sequence.sequence_id, beat)


def write_beats(
    checkpoint: BeatCheckpoint,
    plans: Sequence[BeatPlan],
    on_step: Callable[[int], None] = lambda num_frames: None,
) -> list[WrittenBeat]:
    """In the order of the plans, where no event loop is at hand.

    `on_step` hears how many frames each step has written, and may wait, where others want the
    machine.
    """
    writer = BeatWriter.of(checkpoint, num_slots=max(1, min(_MAX_SLOTS, len(plans))))
    order = [writer.add(plan) for plan in plans]
    beats: dict[int, WrittenBeat] = {}
    while writer.has_work:
        beats.update((each.work_id, each.work) for each in writer.step())
        on_step(writer.num_advanced)
    return [beats[beat_id] for beat_id in order]
