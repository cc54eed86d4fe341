"""Every layer equals torch's of the same name, and its step is its forward."""

import pytest
import torch
from torch import Tensor, nn

from model.config import CELLS, Cell, ModelConfig
from model.network.cells import LSTMLayer, MogrifierLayer, RecurrentLayer, build_layer

TORCH = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


def new_layer(cell: Cell, weight_dropout: float = 0.0) -> RecurrentLayer:
    torch.manual_seed(1)
    config = ModelConfig(
        vocab_size=9, num_artists=1, cell=cell, hidden_size=7, weight_dropout=weight_dropout
    )
    layer = build_layer(config, 5)
    for name, parameter in layer.named_parameters():
        if "bias" in name:
            nn.init.normal_(parameter)
    return layer


def start(layer: RecurrentLayer) -> tuple[Tensor, Tensor]:
    return torch.randn(3, 7), torch.randn(3, layer.cell_size)


@pytest.mark.parametrize("cell", list(TORCH))
def test_forward_equals_torch(cell: Cell) -> None:
    layer, reference = new_layer(cell), TORCH[cell](5, 7, batch_first=True)
    second = getattr(layer, "bias_hh", torch.zeros_like(layer.bias))
    weights = (layer.weight_ih, layer.weight_hh, layer.bias, second)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    reference.load_state_dict(dict(zip(names, weights, strict=True)))
    inputs, (hidden, memory) = torch.randn(3, 9, 5), start(layer)
    is_lstm = cell == "lstm"
    expected, last = reference(inputs, (hidden[None], memory[None]) if is_lstm else hidden[None])
    outputs, new_hidden, new_cell = layer(inputs, hidden, memory)
    torch.testing.assert_close(outputs, expected)
    torch.testing.assert_close(new_hidden, (last[0] if is_lstm else last)[0])
    if is_lstm:
        torch.testing.assert_close(new_cell, last[1][0])


@pytest.mark.parametrize("cell", CELLS)
def test_repeated_step_equals_forward(cell: Cell) -> None:
    layer = new_layer(cell)
    inputs, (hidden, memory) = torch.randn(3, 9, 5), start(layer)
    outputs, last_hidden, last_cell = layer(inputs, hidden, memory)
    for position in range(9):
        hidden, memory = layer.step(inputs[:, position], hidden, memory)
        torch.testing.assert_close(hidden, outputs[:, position])
    torch.testing.assert_close(hidden, last_hidden)
    torch.testing.assert_close(memory, last_cell)


@pytest.mark.parametrize("cell", CELLS)
def test_weight_dropout_changes_training_only(cell: Cell) -> None:
    layer = new_layer(cell, weight_dropout=0.5)
    inputs, state = torch.randn(3, 6, 5), start(layer)
    layer.train()
    assert not torch.equal(layer(inputs, *state)[0], layer(inputs, *state)[0])
    layer.eval()
    assert torch.equal(layer(inputs, *state)[0], layer(inputs, *state)[0])


def test_forget_gate_starts_open() -> None:
    assert bool((LSTMLayer(5, 7).bias[7:14] == 1).all())


def test_a_mogrifier_without_rounds_is_an_lstm() -> None:
    torch.manual_seed(1)
    mogrifier, plain = MogrifierLayer(5, 7, rounds=0), LSTMLayer(5, 7)
    plain.load_state_dict(mogrifier.state_dict())
    inputs, state = torch.randn(3, 6, 5), start(plain)
    torch.testing.assert_close(mogrifier(inputs, *state)[0], plain(inputs, *state)[0])


def test_mogrifier_rounds_follow_the_paper() -> None:
    layer = new_layer("mogrifier")
    assert isinstance(layer, MogrifierLayer)
    inputs, (hidden, memory) = torch.randn(3, 5), start(layer)
    gated, gating = inputs, hidden
    for number, round_ in enumerate(layer.rounds):
        if number % 2 == 0:
            gated = 2 * torch.sigmoid(round_(gating)) * gated
        else:
            gating = 2 * torch.sigmoid(round_(gated)) * gating
    expected = LSTMLayer.step(layer, gated, gating, memory)
    torch.testing.assert_close(layer.step(inputs, hidden, memory), expected)
