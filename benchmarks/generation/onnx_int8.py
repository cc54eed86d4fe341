"""onnxruntime's int8 LSTM under a network of the starter's kind.

Needs onnx and onnxruntime, which the extra `peers` brings.
"""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor

from benchmarks.generation.onnx_graph import graph_of_step
from model.network.lyric_model import LyricModel

_ERRORS_ONLY = 3


class OnnxInt8:
    """One step by onnxruntime, quantised by its own tool: DynamicQuantizeLSTM, and
    DynamicQuantizeMatMul after the layers. Takes as many threads as torch has now.

    Each output has a scale of its own; what goes in is quantised with one scale for the whole
    batch. Weights have 7 bits: without VNNI, products of 8 would overflow. States and logits stay
    where they are: what one step writes the next one reads.
    """

    def __init__(self, model: LyricModel) -> None:
        self._config = model.config
        self._session = _session(graph_of_step(model))
        self._inputs = [each.name for each in self._session.get_inputs()]
        self._outputs = [each.name for each in self._session.get_outputs()]

    def start(self, voices: Tensor) -> None:
        """Rows as artists `voices` (rows, artist_size), each from an empty state."""
        num_rows, config = len(voices), self._config
        self._tokens = torch.zeros(num_rows, dtype=torch.int64)
        self._logits = torch.zeros(num_rows, config.vocab_size)
        shape = (1, num_rows, config.hidden_size)
        states = [
            [
                onnxruntime.OrtValue.ortvalue_from_numpy(np.zeros(shape, dtype=np.float32))
                for _ in range(2 * config.num_layers)
            ]
            for _ in range(2)
        ]
        voice = onnxruntime.OrtValue.ortvalue_from_numpy(voices.numpy())
        self._next, self._after = (
            self._bound(voice, states[side], states[1 - side]) for side in range(2)
        )

    def step(self, tokens: Tensor) -> Tensor:
        """Tokens (rows,) -> logits (rows, vocab_size), which the next step writes over."""
        self._tokens.copy_(tokens)
        self._session.run_with_iobinding(self._next)
        self._next, self._after = self._after, self._next
        return self._logits

    def _bound(self, voice: Any, states: list[Any], next_states: list[Any]) -> Any:
        """Where one step reads and writes."""
        binding = self._session.io_binding()
        binding.bind_cpu_input(self._inputs[0], self._tokens.numpy())
        for name, value in zip(self._inputs[1:], (voice, *states), strict=True):
            binding.bind_ortvalue_input(name, value)
        shape, address = tuple(self._logits.shape), self._logits.data_ptr()
        binding.bind_output(self._outputs[0], "cpu", 0, np.float32, shape, address)
        for name, value in zip(self._outputs[1:], next_states, strict=True):
            binding.bind_ortvalue_output(name, value)
        return binding


def _session(graph: Any) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "step.onnx"
        quantize_dynamic(
            graph,
            path,
            op_types_to_quantize=["LSTM", "MatMul"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
        )
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
