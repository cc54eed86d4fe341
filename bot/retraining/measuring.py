"""What the gate is told of a candidate: each artist's gain or loss, and its canaries.

None of this text was there to choose the candidate's weights by, but for the new songs' own, which
are few.
"""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, replace
from typing import Any

from bot.retraining.canaries import sing
from bot.retraining.job import Lyrics
from bot.retraining.kin import kin_of
from model.checkpoint import Checkpoint
from model.corpus.dataset import EncodedSong, encode_songs
from model.corpus.split import split_of
from model.network.recurrent_model import RecurrentModel
from model.training.finetune import grow
from model.training.holdout import hold_out
from model.training.paired import PairedFigures, by_name, compare_by_artist
from model.training.replay import sample_replay

_TOKENS_EACH = 250  # sampled for each artist, on average
_MAX_SAMPLED = 30_000
_MAX_KNOWN = 100  # songs
OTHER_SEED = 7_919  # so that it is not the text that was learned from


def measure(
    live: Checkpoint,
    candidate: Checkpoint,
    lyrics: Lyrics,
    seed: int,
    step_aside: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """As JSON, under the names that `gate` reads. `step_aside` is called between any two steps of
    a model, and may wait.
    """
    before = replace(
        grow(live, lyrics.songs, candidate.version, kin_of(lyrics.songs, live.artists)),
        copy_index=candidate.copy_index,
        craft=candidate.craft,
    )
    touched = {song.artist for song in lyrics.songs}
    new = hold_out(lyrics.songs)[1] if lyrics.songs else []
    known = [
        song
        for song in lyrics.replay
        if song.artist in live.artists and split_of(song.artist, song.title) != "train"
    ]
    num_sampled = min(_MAX_SAMPLED, _TOKENS_EACH * len(live.artists))
    texts = encode_songs([*new, *known[:_MAX_KNOWN]], candidate.artists, candidate.tokenizer)
    own, others = texts[: len(new)], texts[len(new) :]
    others += sample_replay(live, num_sampled, seed + OTHER_SEED, lambda _: step_aside())
    models = before.model, candidate.model
    figures = gains_and_losses(models, own, others, candidate.artists, touched, step_aside)
    chinese = {song.artist for song in lyrics.songs if song.language.startswith("zh")}
    for name, each in figures["touched"].items():
        each["is_chinese"] = name in chinese
    return {**figures, "canaries": sing(before, candidate, lyrics.songs, step_aside)}


def gains_and_losses(
    before_and_after: tuple[RecurrentModel[Any], RecurrentModel[Any]],
    own: Sequence[EncodedSong],
    others: Sequence[EncodedSong],
    names: Sequence[str],
    touched: Collection[str],
    step_aside: Callable[[], None],
) -> dict[str, dict[str, dict[str, Any]]]:
    """As JSON: of whom the run has touched by what is their `own`, of everybody else by `others`.

    `names` are those of the models' rows.
    """
    gained = by_name(compare_by_artist(*before_and_after, own, step_aside), names)
    lost = by_name(compare_by_artist(*before_and_after, others, step_aside), names)
    return {
        "touched": {name: _plain(each) for name, each in gained.items()},
        "untouched": {name: _plain(each) for name, each in lost.items() if name not in touched},
    }


def _plain(figures: PairedFigures) -> dict[str, Any]:
    """No NaN, which databases refuse; None is in its place."""
    return {
        name: value if value is not None and math.isfinite(value) else None
        for name, value in asdict(figures).items()
    }
