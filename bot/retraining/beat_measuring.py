"""What the gate is told of a candidate of beats: each style's gain or loss, and its canaries."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.retraining.beat_canaries import play
from bot.retraining.measuring import OTHER_SEED, gains_and_losses
from model.beats.checkpoint import BeatCheckpoint
from model.beats.piece import Piece
from model.beats.replay import sample_beats
from model.training.finetune_beats import encoded, fitted, grow_styles, hold_out_pieces

_FRAMES_EACH = 500  # sampled for each style, on average
_MAX_SAMPLED = 15_000


def measure_beats(
    live: BeatCheckpoint,
    candidate: BeatCheckpoint,
    pieces: Sequence[Piece],
    seed: int,
    step_aside: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """As JSON, under the names that `gate` reads; see `measuring.measure`."""
    pieces = fitted(pieces, live)
    before = grow_styles(live, pieces, candidate.version)
    names = [style.name for style in candidate.styles]
    touched = {piece.style for piece in pieces}
    own = encoded(hold_out_pieces(pieces)[1], candidate)
    num_sampled = min(_MAX_SAMPLED, _FRAMES_EACH * len(live.styles))
    others = sample_beats(live, num_sampled, seed + OTHER_SEED, lambda _: step_aside())
    models = before.model, candidate.model
    return {
        "kind": "beats",
        **gains_and_losses(models, own, others, names, touched, step_aside),
        "canaries": play(before, candidate, pieces, step_aside),
    }
