"""Teaching a checkpoint of beats new pieces without losing the old: the course that songs take.

What is not there of songs: the corpus is not at hand, so all replay is sampled from the live model;
frames have no vocabulary to keep still, and no votes teach.
"""

from collections.abc import Sequence
from dataclasses import replace

from model.beats.checkpoint import BeatCheckpoint, Style
from model.beats.dataset import encode_pieces
from model.beats.measure import measure_style
from model.beats.piece import Piece
from model.beats.replay import sample_beats
from model.config import FinetuneConfig
from model.corpus.dataset import EncodedSong
from model.errors import CorpusError
from model.training.finetune import FinetuneResult, compared, sampling
from model.training.finetune_course import FinetuneCourse
from model.training.finetune_data import with_replay
from model.training.finetune_hooks import FinetuneHooks
from model.training.holdout import hold_back, tail_of
from model.training.progress import FinetuneProgress

_USUAL_BEATS = 4  # of a bar, for pieces whose own is longer than the network knows


def finetune_beats(
    live: BeatCheckpoint,
    version: str,
    pieces: Sequence[Piece],
    config: FinetuneConfig,
    hooks: FinetuneHooks | None = None,
) -> FinetuneResult[BeatCheckpoint]:
    """Fine-tune a copy of `live` on `pieces`, of styles that it knows or does not.

    Figures are in bits per frame. Raises CorpusError when there is nothing to learn from or to
    measure. `live` is left as it is. See `finetune` for the rest.
    """
    hooks = hooks or FinetuneHooks()
    pieces = fitted(pieces, live)
    learn, held_out = hold_out_pieces(pieces)
    untaught, grown = (grow_styles(live, pieces, version) for _ in range(2))
    config = replace(config, distillation=False, freeze_vocabulary=False)
    sample = sampling(hooks, lambda num, hear: sample_beats(live, num, config.seed, hear))
    data = with_replay(encoded(learn, grown), encoded(held_out, grown), config, sample)
    with hooks.between_batches_of(grown.model), hooks.between_batches_of(untaught.model):
        course = FinetuneCourse(grown.model, data, config, hooks)
        course.learn_artist_rows()
        course.learn_songs()
        hooks.on_progress(FinetuneProgress("measuring", 0.0))
        names = [style.name for style in grown.styles]
        return compared(grown, (untaught.model, grown.model), names, course)


def fitted(pieces: Sequence[Piece], live: BeatCheckpoint) -> list[Piece]:
    """With bars that the network knows the places of."""
    longest = live.model.config.grid_steps or None

    def fit(piece: Piece) -> Piece:
        if longest is None or piece.roll.steps_per_bar <= longest:
            return piece
        num_beats = min(_USUAL_BEATS, longest // live.steps_per_beat)
        return replace(piece, roll=replace(piece.roll, beats_per_bar=num_beats))

    return [fit(piece) for piece in pieces]


def grow_styles(live: BeatCheckpoint, pieces: Sequence[Piece], version: str) -> BeatCheckpoint:
    """A copy that has a row for every style of `pieces`; a new one begins as the mean of all."""
    known = {style.name for style in live.styles}
    new = [
        _style(name, pieces)
        for name in dict.fromkeys(piece.style for piece in pieces)
        if name not in known
    ]
    mean = live.model.artist_embedding.weight.detach().mean(0, keepdim=True)
    return replace(
        live,
        version=version,
        parent=live.version,
        model=live.model.with_artists(mean.repeat(len(new), 1)),
        styles=(*live.styles, *new),
        figures={},
    )


def _style(name: str, pieces: Sequence[Piece]) -> Style:
    return measure_style(name, [piece.roll for piece in pieces if piece.style == name])


def hold_out_pieces(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """As `hold_out` does with songs; of a piece that cannot be held out whole, the last bars."""
    learn: list[Piece] = []
    held_out: list[Piece] = []
    for style in dict.fromkeys(piece.style for piece in pieces):
        own = [piece for piece in pieces if piece.style == style]
        kept, back = hold_back(own, lambda piece: (piece.style, piece.name), _cut)
        learn += kept
        held_out += back
    if not held_out:
        raise CorpusError("The new pieces have one bar each; add longer ones.")
    return learn, held_out


def _cut(piece: Piece) -> tuple[Piece, Piece | None]:
    roll = piece.roll
    num_bars = -(-len(roll) // roll.steps_per_bar)
    place = (num_bars - tail_of(num_bars)) * roll.steps_per_bar
    head, tail = (replace(roll, frames=part) for part in (roll.frames[:place], roll.frames[place:]))
    return replace(piece, roll=head), replace(piece, roll=tail) if len(tail) else None


def encoded(pieces: Sequence[Piece], checkpoint: BeatCheckpoint) -> list[EncodedSong]:
    """As the network of `checkpoint`, which knows their styles, reads them."""
    names = [style.name for style in checkpoint.styles]
    return encode_pieces(pieces, names, checkpoint.model.config.grid_steps)
