"""The stream shows every token once an epoch, in an order that can be had again."""

import itertools

import pytest
import torch

from model.corpus.dataset import EncodedSong, encode_songs
from model.corpus.stream import NO_TARGET, SongStream
from model.errors import CorpusError
from tests.factories import songs, tiny_checkpoint

CHECKPOINT = tiny_checkpoint()
ENCODED = encode_songs(songs(), CHECKPOINT.artists, CHECKPOINT.tokenizer)
BOS, EOS = CHECKPOINT.tokenizer.bos_id, CHECKPOINT.tokenizer.eos_id


def test_targets_are_the_tokens_one_position_on() -> None:
    windows = list(SongStream(ENCODED, batch_size=4, window=16).epoch(0))
    for window, following in itertools.pairwise(windows):
        assert torch.equal(window.tokens[:, 1:], window.targets[:, :-1])
        assert torch.equal(window.targets[:, -1], following.tokens[:, 0])


def test_an_epoch_shows_all_but_the_ragged_end() -> None:
    stream = SongStream(ENCODED, batch_size=4, window=16)
    windows = list(stream.epoch(3))
    num_tokens = sum(song.tokens.numel() for song in ENCODED)
    assert len(windows) == stream.num_windows
    assert sum(window.tokens.numel() for window in windows) >= num_tokens - 2 * 4


def test_epochs_differ_and_each_is_the_same_when_asked_again() -> None:
    stream = SongStream(ENCODED, batch_size=4, window=16)
    first, again, other = (next(stream.epoch(number)).tokens for number in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_an_epoch_goes_on_from_any_window() -> None:
    stream = SongStream(ENCODED, batch_size=4, window=16)
    whole = [window.tokens for window in stream.epoch(2)]
    rest = [window.tokens for window in stream.epoch(2, first_window=3)]
    assert all(torch.equal(a, b) for a, b in zip(whole[3:], rest, strict=True))


@pytest.mark.parametrize("align_songs", [False, True])
def test_a_row_that_begins_a_song_or_an_epoch_does_not_continue(align_songs: bool) -> None:
    stream = SongStream(ENCODED, batch_size=4, window=8, align_songs=align_songs)
    first, *rest = stream.epoch(0)
    assert not first.continues.any()
    for window in rest:
        assert torch.equal(window.continues, window.tokens[:, 0] != BOS)


def test_one_long_text_is_cut_elsewhere_in_each_epoch() -> None:
    text = EncodedSong(torch.arange(500), 0, 500)
    stream = SongStream([text], batch_size=2, window=50)
    assert not torch.equal(next(stream.epoch(0)).tokens, next(stream.epoch(1)).tokens)


def test_aligned_songs_begin_their_windows_and_the_filling_has_no_target() -> None:
    stream = SongStream(ENCODED, batch_size=1, window=16, align_songs=True)
    windows = list(stream.epoch(0))
    assert len(windows) == stream.num_windows
    tokens, targets = (
        torch.cat([getattr(window, part)[0] for window in windows])
        for part in ("tokens", "targets")
    )
    starts = tokens.eq(BOS).nonzero().flatten()
    assert len(starts) == len(ENCODED)
    assert starts.remainder(16).eq(0).all()
    told = targets[targets != NO_TARGET]
    assert len(told) == sum(song.tokens.numel() - 1 for song in ENCODED)
    assert tokens[targets == NO_TARGET].eq(EOS).all()


def test_too_few_tokens_for_batch_and_window_is_an_error_with_advice() -> None:
    song = EncodedSong(torch.arange(100), 0, 100)
    SongStream([song], batch_size=9, window=11)
    with pytest.raises(CorpusError, match=r"100 tokens are too few for 10 rows of 10: .* smaller"):
        SongStream([song], batch_size=10, window=10)
