"""What the gate is told of a candidate: each artist's gain or loss, and its canaries.

None of this text was there to choose the candidate's weights by, but for the new songs' own, which
are few.
"""

import math
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from bot.retraining.canaries import sing
from bot.retraining.job import Lyrics
from bot.retraining.kin import kin_of
from model.checkpoint import Checkpoint
from model.corpus.dataset import encode_songs
from model.corpus.split import split_of
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
    gained = by_name(compare_by_artist(*models, own, step_aside), candidate.artists)
    lost = by_name(compare_by_artist(*models, others, step_aside), candidate.artists)
    chinese = {song.artist for song in lyrics.songs if song.language.startswith("zh")}
    return {
        "touched": {
            name: {**plain_figures(each), "is_chinese": name in chinese}
            for name, each in gained.items()
        },
        "untouched": {name: plain_figures(lost[name]) for name in lost if name not in touched},
        "canaries": sing(before, candidate, lyrics.songs, step_aside),
    }


def plain_figures(figures: PairedFigures) -> dict[str, Any]:
    """No NaN, which databases refuse; None is in its place."""
    return {
        name: value if value is not None and math.isfinite(value) else None
        for name, value in asdict(figures).items()
    }
