"""The stream shows every token once an epoch, in an order that can be had again."""

import itertools

import pytest
import torch

from model.corpus.dataset import SongStream, encode_songs, select_split
from model.corpus.split import split_of
from model.errors import CorpusError
from tests.factories import songs, tiny_checkpoint

CHECKPOINT = tiny_checkpoint()
ENCODED = encode_songs(songs(), CHECKPOINT.artists, CHECKPOINT.tokenizer)


def test_a_song_carries_its_marks_its_artist_and_its_length() -> None:
    song, encoded = songs()[1], ENCODED[1]
    assert encoded.tokens[0] == CHECKPOINT.tokenizer.bos_id
    assert encoded.tokens[-1] == CHECKPOINT.tokenizer.eos_id
    assert CHECKPOINT.artists[encoded.artist] == song.artist
    assert encoded.num_characters == len(song.text)


def test_an_artist_unknown_to_the_checkpoint_is_named() -> None:
    with pytest.raises(CorpusError, match="夜雨"):
        encode_songs(songs(), ("Mara Quill", "Roof Fox"), CHECKPOINT.tokenizer)


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


def test_a_window_that_begins_a_song_says_so() -> None:
    window = next(SongStream(ENCODED, batch_size=1, window=16).epoch(0))
    assert not window.continues[0]


def test_too_few_tokens_for_the_batch_is_an_error_before_any_training() -> None:
    with pytest.raises(CorpusError, match="too few"):
        SongStream(ENCODED[:1], batch_size=64, window=16)


def test_the_splits_part_the_songs() -> None:
    parts = [select_split(songs(), split) for split in ("train", "validation", "test")]
    assert sum(len(part) for part in parts) == len(songs())
    assert all(split_of(song.artist, song.title) == "train" for song in parts[0])
    assert select_split(songs(), "all") == songs()
