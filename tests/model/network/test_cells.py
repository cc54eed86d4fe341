"""The LSTM layer is torch's, and its step is its forward."""

import torch
from torch import nn

from model.network.cells import LSTMLayer


def _layer(weight_dropout: float = 0.0) -> LSTMLayer:
    torch.manual_seed(1)
    return LSTMLayer(5, 7, weight_dropout)


def test_forward_equals_torch_lstm() -> None:
    layer, reference = _layer(), nn.LSTM(5, 7, batch_first=True)
    reference.load_state_dict(
        {
            "weight_ih_l0": layer.weight_ih,
            "weight_hh_l0": layer.weight_hh,
            "bias_ih_l0": layer.bias,
            "bias_hh_l0": torch.zeros(28),
        }
    )
    inputs, hidden, cell = torch.randn(3, 9, 5), torch.randn(3, 7), torch.randn(3, 7)
    expected, (last_hidden, last_cell) = reference(inputs, (hidden[None], cell[None]))
    outputs, new_hidden, new_cell = layer(inputs, hidden, cell)
    torch.testing.assert_close(outputs, expected)
    torch.testing.assert_close(new_hidden, last_hidden[0])
    torch.testing.assert_close(new_cell, last_cell[0])


def test_repeated_step_equals_forward() -> None:
    layer = _layer()
    inputs, hidden, cell = torch.randn(3, 9, 5), torch.randn(3, 7), torch.randn(3, 7)
    outputs, last_hidden, last_cell = layer(inputs, hidden, cell)
    for position in range(9):
        hidden, cell = layer.step(inputs[:, position], hidden, cell)
        torch.testing.assert_close(hidden, outputs[:, position])
    torch.testing.assert_close(hidden, last_hidden)
    torch.testing.assert_close(cell, last_cell)


def test_weight_dropout_changes_training_only() -> None:
    layer = _layer(weight_dropout=0.5)
    inputs, state = torch.randn(2, 6, 5), torch.zeros(2, 7)
    layer.train()
    assert not torch.equal(layer(inputs, state, state)[0], layer(inputs, state, state)[0])
    layer.eval()
    assert torch.equal(layer(inputs, state, state)[0], layer(inputs, state, state)[0])


def test_forget_gate_starts_open() -> None:
    assert bool((_layer().bias[7:14] == 1).all())
