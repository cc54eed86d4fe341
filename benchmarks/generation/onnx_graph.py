"""One step of a network of the starter's kind as an ONNX graph in full precision.

Needs onnx, which the extra `peers` brings.
"""

from typing import Any

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from model.network.lyric_model import LyricModel

_OPSET = 17  # the first with LayerNormalization
_IR_VERSION = 8
_NORM_EPSILON = 1e-5  # torch's
_PREPARED = {"onnx.quant.pre_process": "onnxruntime.quant"}
"""Tells the quantiser that there is nothing left to be prepared."""


def graph_of_step(model: LyricModel) -> Any:
    """From tokens (rows,), voices (rows, artist_size) and, for each layer, `hidden_N` and `cell_N`
    (1, rows, hidden_size) to logits (rows, vocab_size) and each layer's `next_hidden_N` and
    `next_cell_N`.
    """
    config = model.config
    nodes = _Nodes()
    _add_network(model, nodes)
    states = [f"{kind}_{i}" for i in range(config.num_layers) for kind in ("hidden", "cell")]

    def floats(name: str, *shape: int | str) -> Any:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    inputs = [
        helper.make_tensor_value_info("tokens", TensorProto.INT64, ["rows"]),
        floats("voices", "rows", config.artist_size),
        *(floats(name, 1, "rows", config.hidden_size) for name in states),
    ]
    outputs = [
        floats("logits", "rows", config.vocab_size),
        *(floats(f"next_{name}", 1, "rows", config.hidden_size) for name in states),
    ]
    graph = helper.make_graph(nodes.nodes, "step", inputs, outputs, nodes.weights)
    opsets = [helper.make_opsetid("", _OPSET)]
    built = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
    helper.set_model_props(built, _PREPARED)
    onnx.checker.check_model(built)
    return built


class _Nodes:
    """A graph that grows node by node."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def add(self, kind: str, *inputs: str, to: str = "", **attributes: Any) -> str:
        """A node of one output; returns the output's name."""
        name = to or f"value_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def keep(self, values: Tensor) -> str:
        """Constant values; returns their name."""
        name = f"weight_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(values.contiguous().numpy(), name))
        return name


def _add_network(model: LyricModel, nodes: _Nodes) -> None:
    config = model.config
    own = {name: value.detach() for name, value in model.named_parameters()}
    word = nodes.add("Gather", nodes.keep(own["token_embedding.weight"]), "tokens")
    features = nodes.add("Concat", word, "voices", axis=1)
    for index in range(config.num_layers):
        normed = features
        if config.layer_norm:
            scale, shift = (nodes.keep(own[f"norms.{index}.{kind}"]) for kind in ("weight", "bias"))
            normed = nodes.add("LayerNormalization", features, scale, shift, epsilon=_NORM_EPSILON)
        outputs = _add_layer(index, normed, own, nodes)
        is_sum = config.residual and index
        features = nodes.add("Add", outputs, features) if is_sum else outputs
    joined = nodes.add("Concat", features, "voices", axis=1)
    read = nodes.add("MatMul", joined, nodes.keep(own["projection.weight"].t()))
    read = nodes.add("Add", read, nodes.keep(own["projection.bias"]))
    said = nodes.add("MatMul", read, nodes.keep(own["token_embedding.weight"].t()))
    nodes.add("Add", said, nodes.keep(own["output_bias"]), to="logits")


def _add_layer(index: int, inputs: str, own: dict[str, Tensor], nodes: _Nodes) -> str:
    """Layer `index` over one position; the name of its outputs (rows, hidden_size)."""
    first = nodes.keep(torch.tensor([0]))
    bias = _in_onnx_order(own[f"layers.{index}.bias"])
    weight_ih, weight_hh = (
        _in_onnx_order(own[f"layers.{index}.weight_{kind}"]) for kind in ("ih", "hh")
    )
    values = (weight_ih, weight_hh, torch.cat([bias, torch.zeros_like(bias)]))
    kept = [nodes.keep(each.unsqueeze(0)) for each in values]  # of one direction
    sequence = nodes.add("Unsqueeze", inputs, first)
    hidden, cell = f"hidden_{index}", f"cell_{index}"
    nodes.nodes.append(
        helper.make_node(
            "LSTM",
            [sequence, *kept, "", hidden, cell],
            ["", f"next_{hidden}", f"next_{cell}"],
            hidden_size=weight_hh.size(1),
        )
    )
    return nodes.add("Squeeze", f"next_{hidden}", first)


def _in_onnx_order(values: Tensor) -> Tensor:
    """The gates i, f, g, o of torch (4 * hidden_size, …) in the order i, o, f, g."""
    input_gate, forget_gate, candidate, output_gate = values.chunk(4)
    return torch.cat([input_gate, output_gate, forget_gate, candidate])
