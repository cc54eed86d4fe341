"""What a fine-tune reads and what it is measured on, from a handful of new songs."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from model.checkpoint import Checkpoint
from model.config import FinetuneConfig
from model.corpus.dataset import EncodedSong, encode_songs
from model.corpus.song import Song
from model.corpus.split import split_of
from model.training.holdout import hold_out

# What the others are measured on, and how much text is sampled for a run, in tokens.
_MEASURED = 4_000
_MAX_SAMPLED = 60_000


@dataclass(frozen=True, slots=True, eq=False)
class FinetuneData:
    """`new` and `replay` are an epoch's worth each; where only votes are new, `new` is empty."""

    new: list[EncodedSong]
    new_held_out: list[EncodedSong]
    replay: list[EncodedSong]
    replay_held_out: list[EncodedSong]


def prepare_data(
    live: Checkpoint,
    grown: Checkpoint,
    songs: Sequence[Song],
    replay_songs: Sequence[Song],
    config: FinetuneConfig,
    sample: Callable[[int], list[EncodedSong]],
) -> FinetuneData:
    """Encode for `grown`, which knows the artists of all `songs`; `sample` gives about so many
    tokens of replay by `live`.

    Of the replay, at most half is `replay_songs`, the first of them first. What is held out of
    those is their validation and test songs; of sampled text, a share.
    """
    learn, held_out = hold_out(songs) if songs else ([], [])
    return with_replay(
        encode_songs(learn, grown.artists, grown.tokenizer),
        encode_songs(held_out, grown.artists, grown.tokenizer),
        config,
        sample,
        lambda num_tokens: _known_songs(live, replay_songs, num_tokens),
    )


def with_replay(
    new: list[EncodedSong],
    held_out: list[EncodedSong],
    config: FinetuneConfig,
    sample: Callable[[int], list[EncodedSong]],
    known_songs: Callable[[int], tuple[list[EncodedSong], list[EncodedSong]]] = lambda _: ([], []),
) -> FinetuneData:
    """An epoch of each. `known_songs` gives, of what was learned before, at most so many tokens to
    read again, and some to measure on.
    """
    num_epoch = max(config.min_epoch_tokens, config.batch_size * config.window + 1)
    new = _until(new, num_epoch)
    num_replay = int(_num_tokens(new) * config.replay_share / (1 - config.replay_share))
    if not new:
        num_replay = num_epoch
    known, known_held_out = known_songs(num_replay // 2)
    num_sampled = min(num_replay - _num_tokens(known), _MAX_SAMPLED) + _MEASURED
    sampled = sample(num_sampled)
    stride = max(2, num_sampled // _MEASURED)
    replay = known + [song for index, song in enumerate(sampled) if index % stride]
    return FinetuneData(
        new=new,
        new_held_out=held_out,
        replay=_repeated(replay, num_replay) if num_replay else [],
        replay_held_out=known_held_out + sampled[::stride],
    )


def at_most(songs: Sequence[EncodedSong], num_tokens: int) -> list[EncodedSong]:
    """All songs, or evenly spread ones with about `num_tokens` tokens."""
    return list(songs[:: max(1, _num_tokens(songs) // num_tokens)])


def _known_songs(
    live: Checkpoint, songs: Sequence[Song], num_tokens: int
) -> tuple[list[EncodedSong], list[EncodedSong]]:
    """To read again, and to measure on; those of artists that `live` does not know are left out."""
    known = [song for song in songs if song.artist in live.artists]

    def first(split: Iterable[Song], limit: int) -> list[EncodedSong]:
        taken: list[EncodedSong] = []
        for song in encode_songs(split, live.artists, live.tokenizer):
            limit -= song.tokens.numel()
            if limit < 0:
                break
            taken.append(song)
        return taken

    train = [song for song in known if split_of(song.artist, song.title) == "train"]
    rest = [song for song in known if split_of(song.artist, song.title) != "train"]
    return first(train, num_tokens), first(rest, _MEASURED)


def _num_tokens(songs: Iterable[EncodedSong]) -> int:
    return sum(len(song.tokens) for song in songs)


def _until(songs: list[EncodedSong], num_tokens: int) -> list[EncodedSong]:
    """Over and over until there are at least `num_tokens` tokens."""
    return songs * math.ceil(num_tokens / _num_tokens(songs)) if songs else []


def _repeated(songs: list[EncodedSong], num_tokens: int) -> list[EncodedSong]:
    """Over and over until there are about `num_tokens` tokens; never less than once."""
    return songs * max(1, round(num_tokens / _num_tokens(songs)))
