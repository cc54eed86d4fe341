"""The model of piano rolls: the same body, other positions."""

import math

import pytest
import torch
from torch import Tensor

from model.config import FrameModelConfig, TrainingConfig
from model.corpus.dataset import EncodedSong
from model.evaluation.perplexity import total_score
from model.network.frame_model import FrameModel
from model.training.trainer import Trainer, stream_of

NUM_KEYS = 12


def config_of(**values: object) -> FrameModelConfig:
    small = {"num_artists": 2, "num_keys": NUM_KEYS, "hidden_size": 16, "embedding_size": 8}
    return FrameModelConfig.from_dict({**small, "artist_size": 4, "nade_size": 6, **values})


def pieces(num: int, length: int, config: FrameModelConfig) -> list[EncodedSong]:
    """Triads that go up a step each frame: easy to learn."""
    encoded = []
    for piece in range(num):
        frames = torch.zeros(length, config.frame_width, dtype=torch.int8)
        for time in range(length):
            frames[time, [(piece + time + third) % NUM_KEYS for third in (0, 4, 7)]] = 1
            if config.grid_steps:
                frames[time, NUM_KEYS + time % config.grid_steps] = 1
        encoded.append(EncodedSong(frames, piece % 2, length - 1))
    return encoded


@pytest.mark.parametrize("output", ["bernoulli", "nade"])
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm", "mogrifier"])
@pytest.mark.parametrize("features", ["embedding", "one-hot"])
def test_forward_equals_steps(output: str, cell: str, features: str) -> None:
    config = config_of(output=output, cell=cell, features=features, grid_steps=4)
    model = FrameModel(config).eval()
    frames = torch.stack([piece.tokens for piece in pieces(2, 6, config)])
    artists = torch.tensor([[0], [1]]).expand(2, 6)
    state = model.initial_state(model.artist_vectors(artists[:, 0]))
    whole, _ = model(frames, artists, state)
    for time in range(6):
        read, state = model.step(frames[:, time], model.artist_vectors(artists[:, time]), state)
        assert torch.allclose(read, whole[:, time], atol=1e-5)


@pytest.mark.parametrize("output", ["bernoulli", "nade"])
def test_one_trainer_trains_it(output: str) -> None:
    config = config_of(output=output, input_dropout=0.0, hidden_dropout=0.0, output_dropout=0.0)
    songs = pieces(24, 20, config)
    training = TrainingConfig(
        batch_size=4, window=8, max_epochs=12, learning_rate=1e-2, num_validations=2
    )
    torch.manual_seed(0)
    model = FrameModel(config)
    before = total_score(model, songs[:4]).nats_per_position
    Trainer(model, stream_of(songs, config, training), songs[:4], training).fit()
    after = total_score(model, songs[:4]).nats_per_position
    assert before == pytest.approx(NUM_KEYS * math.log(2), rel=0.2)
    assert after < 0.3 * before


def test_what_fills_a_window_costs_nothing() -> None:
    config = config_of()
    songs = pieces(4, 11, config)
    training = TrainingConfig(batch_size=2, window=8)
    windows = [*stream_of(songs, config, training).epoch(0)]
    assert sum(int(window.num_targets) for window in windows) == 4 * 10
    assert all(window.tokens.shape[1:] == (8, NUM_KEYS) for window in windows)


def test_a_piece_is_scored_alone_as_among_others() -> None:
    config = config_of()
    model = FrameModel(config)
    songs = [*pieces(3, 30, config), *pieces(2, 9, config)]
    together = total_score(model, songs).nats
    assert sum(total_score(model, [song]).nats for song in songs) == pytest.approx(together)


def test_the_cost_is_that_of_the_paper() -> None:
    """Bai et al. 2018: minus the log-likelihood of every key, summed, a frame."""
    config = config_of(output="bernoulli")
    model = FrameModel(config).eval()
    (piece,) = pieces(1, 7, config)
    frames = piece.tokens.unsqueeze(0)
    state = model.initial_state(model.artist_vectors(torch.tensor([0])))
    read, _ = model(frames[:, :-1], torch.zeros(1, 6, dtype=torch.int64), state)
    likely, true = read.sigmoid().squeeze(0), frames[0, 1:].float()
    log_likelihood: Tensor = true * likely.log() + (1 - true) * (1 - likely).log()
    score = total_score(model, [piece])
    assert score.nats_per_position == pytest.approx(-log_likelihood.sum().item() / 6, rel=1e-5)


@pytest.mark.parametrize("output", ["bernoulli", "nade"])
def test_training_may_begin_with_what_sounds_how_often(output: str) -> None:
    config = config_of(output=output, grid_steps=4)
    torch.manual_seed(0)
    model = FrameModel(config)
    songs = pieces(8, 20, config)
    model.begin_with_shares(song.tokens for song in songs)
    # Three keys of twelve sound, each as often: what that costs without knowing which.
    shares = torch.tensor([3 / NUM_KEYS, 1 - 3 / NUM_KEYS])
    expected = -NUM_KEYS * (shares * shares.log()).sum().item()
    assert total_score(model, songs).nats_per_position == pytest.approx(expected, rel=0.2)
