"""What a checkpoint writes by itself, to be read again."""

from dataclasses import replace
from itertools import pairwise

import pytest
import torch

from model.checkpoint import Checkpoint
from model.network.lyric_model import LyricModel
from model.training.replay import sample_replay
from tests.factories import tiny_checkpoint


@pytest.fixture(params=["concat", "initial-state"])
def live(request: pytest.FixtureRequest) -> Checkpoint:
    """Ends its songs after a few words."""
    plain = tiny_checkpoint()
    config = replace(plain.model.config, conditioning=request.param)
    checkpoint = replace(plain, model=LyricModel(config).eval())
    with torch.no_grad():
        checkpoint.model.output_bias[checkpoint.tokenizer.eos_id] += 4
    return checkpoint


def test_about_as_many_tokens_come_as_were_asked_for(live: Checkpoint) -> None:
    num_tokens = sum(song.tokens.numel() for song in sample_replay(live, 5000, seed=1))
    assert 4900 < num_tokens < 5200


def test_every_song_has_one_start_mark_and_at_most_one_end_mark_at_its_end(
    live: Checkpoint,
) -> None:
    for song in sample_replay(live, 4000, seed=1):
        assert song.tokens.eq(live.tokenizer.bos_id).nonzero().flatten().tolist() == [0]
        ends = song.tokens.eq(live.tokenizer.eos_id).nonzero().flatten().tolist()
        assert ends in ([], [song.tokens.numel() - 1])


def test_little_text_is_a_few_songs_rather_than_many_beginnings() -> None:
    checkpoint = tiny_checkpoint()
    with torch.no_grad():
        checkpoint.model.output_bias[checkpoint.tokenizer.eos_id] = -torch.inf
    lengths = [song.tokens.numel() for song in sample_replay(checkpoint, 1000, seed=1)]
    assert len(lengths) == 2
    assert min(lengths) > 400


def test_the_same_seed_gives_the_same_text_and_another_seed_another(live: Checkpoint) -> None:
    one, again, other = (
        [song.tokens.tolist() for song in sample_replay(live, 2000, seed)] for seed in (1, 1, 2)
    )
    assert one == again
    assert one != other


def test_every_artist_comes_as_often_as_any_other(live: Checkpoint) -> None:
    artists = [song.artist for song in sample_replay(live, 9000, seed=3)]
    counts = [artists.count(artist) for artist in range(3)]
    assert max(counts) - min(counts) <= 2


def test_a_song_is_written_as_its_own_artist_from_its_first_state(live: Checkpoint) -> None:
    """The likeliest token after the start mark, given the artist, comes at its own rate."""
    with torch.no_grad():
        live.model.artist_embedding.weight.mul_(40)
        voices = live.model.artist_vectors(torch.arange(3))
        start = torch.full((3,), live.tokenizer.bos_id)
        logits, _ = live.model.step(start, voices, live.model.initial_state(voices))
    logits[:, live.tokenizer.bos_id] = -torch.inf
    likeliest = logits.softmax(-1).max(-1)
    songs = sample_replay(live, 12_000, seed=4)
    for artist in range(3):
        own = [
            song.tokens[1] == likeliest.indices[artist] for song in songs if song.artist == artist
        ]
        expected = float(likeliest.values[artist])
        deviation = (expected * (1 - expected) / len(own)) ** 0.5
        assert abs(sum(map(bool, own)) / len(own) - expected) < 4 * deviation


def test_the_text_can_be_trained_on(live: Checkpoint) -> None:
    song = sample_replay(live, 600, seed=1)[0]
    rows = torch.full_like(song.tokens, song.artist).unsqueeze(0)
    state = live.model.initial_state(live.model.artist_vectors(rows[:, 0]))
    logits, _ = live.model(song.tokens.unsqueeze(0), rows, state)
    logits.sum().backward()
    assert live.model.token_embedding.weight.grad is not None


def test_progress_rises_and_stays_below_one(live: Checkpoint) -> None:
    heard: list[float] = []
    sample_replay(live, 6000, 1, heard.append)
    assert len(heard) > 2
    assert all(0 < before < after < 1 for before, after in pairwise(heard))
