"""What the engine is compared with computes what it should."""

from dataclasses import replace

import torch

from benchmarks.generation.lstm_loop import LSTMLoop
from model.network.lyric_model import LyricModel
from tests.factories import tiny_checkpoint


def test_the_loop_computes_what_a_plain_network_computes() -> None:
    config = tiny_checkpoint().model.config
    model = LyricModel(replace(config, layer_norm=False, residual=False)).eval()
    loop, state = LSTMLoop(model, newline_id=2), None
    assert loop.has_same_weights
    tokens = torch.tensor([[0, 9, 40, 7]])
    with torch.no_grad():
        voice = model.artist_vectors(torch.tensor([2]))
        expected, _ = model(tokens, torch.full_like(tokens, 2), model.initial_state(voice))
    for position in range(4):
        logits, state = loop.logits(int(tokens[0, position]), voice[0], state)
        torch.testing.assert_close(logits, expected[0, position])


def test_of_a_network_beyond_nn_lstm_the_loop_has_the_sizes() -> None:
    config = replace(tiny_checkpoint().model.config, cell="gru", conditioning="film")
    loop = LSTMLoop(LyricModel(config).eval(), newline_id=2)
    assert not loop.has_same_weights
    assert loop.model.config.hidden_size == config.hidden_size
    assert loop.model.config.num_layers == config.num_layers
    _, state = loop.logits(3, loop.model.blend({1: 1.0}), None)
    assert state[0].shape == (config.num_layers, 1, config.hidden_size)
