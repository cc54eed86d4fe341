"""The compiled step as Python calls it. Structures mirror those of the C files, field by field."""

import ctypes
from ctypes import POINTER, c_char_p, c_float, c_int8, c_int32, c_int64, c_void_p
from functools import cache

import torch
from torch import Tensor

from model.engine.int8.compiler import Int8Unavailable, compiled_step


class Product(ctypes.Structure):
    _fields_ = (
        ("num_inputs", c_int32),
        ("num_outputs", c_int32),
        ("weights", c_void_p),
        ("start", c_void_p),
        ("scales", c_void_p),
    )


class Layer(ctypes.Structure):
    _fields_ = (
        ("inputs", Product),
        ("hidden", Product),
        ("bias", c_void_p),
        ("bound", c_float),
    )


class Network(ctypes.Structure):
    _fields_ = (
        ("hidden_size", c_int32),
        ("num_layers", c_int32),
        ("vocab_size", c_int32),
        ("num_gates", c_int32),
        ("has_norm", c_int32),
        ("is_residual", c_int32),
        ("is_tied", c_int32),
        ("num_features", c_int32),
        ("norm_epsilon", c_float),
        ("top_bound", c_float),
        ("token_gates", c_void_p),
        ("token_moments", c_void_p),
        ("gate_sums", c_void_p),
        ("layers", POINTER(Layer)),
        ("projection", Product),
        ("readout", Product),
        ("output_bias", c_void_p),
    )


class Voices(ctypes.Structure):
    _fields_ = (("gates", c_void_p), ("moments", c_void_p), ("reading", c_void_p))


_ROWS = (
    *("position", "prompt_length", "last_position", "stream", "max_lines", "num_lines"),
    *("newlines_running", "has_content", "temperature", "top_k", "top_p", "repetition_penalty"),
    *("typical_p", "greedy_inside_lines", "is_open"),
    *("log_probabilities", "edges", "num_edges", "node"),
)


class Rows(ctypes.Structure):
    """`Slots` in step.c; `TokenSlots` here."""

    _fields_ = (
        ("num_slots", c_int32),
        ("max_positions", c_int32),
        ("hidden", c_void_p),
        ("cell", c_void_p),
        ("voices", Voices),
        ("tokens", c_void_p),
        ("forbid_first", c_void_p),
        *((name, c_void_p) for name in _ROWS),
    )


class Sampling(ctypes.Structure):
    _fields_ = (
        ("temperature", c_float),
        ("top_p", c_float),
        ("typical_p", c_float),
        ("is_open", c_int32),
        ("top_k", c_int64),
    )


class Marks(ctypes.Structure):
    _fields_ = (
        ("newline_id", c_int32),
        ("num_never", c_int32),
        ("never_ids", c_void_p),
        ("is_content", c_void_p),
    )


@cache
def load_library() -> ctypes.CDLL:
    """Compiled if need be, once a process. Raises Int8Unavailable. Calls release Python's lock."""
    path = compiled_step()
    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:
        raise Int8Unavailable(
            f"what was compiled cannot be loaded ({error}); delete {path}"
        ) from error
    library.cypher_instructions.restype = c_char_p
    library.cypher_scratch_bytes.restype = c_int64
    library.cypher_scratch_bytes.argtypes = (POINTER(Network), c_int32)
    library.cypher_pack.argtypes = (c_int32, c_int32, *(c_void_p,) * 5)
    library.cypher_pack.restype = None
    library.cypher_step.argtypes = (
        *(POINTER(Network), POINTER(Rows), POINTER(Marks)),
        *(c_int32, c_int32, c_void_p, POINTER(c_int8)),
    )
    library.cypher_step.restype = None
    library.cypher_draw.argtypes = (
        *(c_int32, c_void_p, POINTER(Sampling)),
        *(c_int64, c_int64, c_void_p),
    )
    library.cypher_draw.restype = c_int32
    library.cypher_logits.argtypes = (
        *(POINTER(Network), POINTER(Rows), c_int32, c_int32),
        *(c_void_p, c_void_p, c_void_p),
    )
    library.cypher_logits.restype = None
    return library


def instructions() -> str:
    """What the products are made of on this processor, such as "AVX2"."""
    name: bytes = load_library().cypher_instructions()
    return name.decode()


def draw(logits: Tensor, how: Sampling, stream: int, position: int) -> int:
    """The token that the step would draw from `logits` (vocab_size,), float32."""
    room = torch.empty(2 * len(logits), dtype=torch.float32)
    token: int = load_library().cypher_draw(
        *(len(logits), logits.data_ptr(), ctypes.byref(how)),
        *(stream, position, room.data_ptr()),
    )
    return token


def scratch_for(network: Network, num_threads: int) -> Tensor:
    """Memory for the calls of so many threads, aligned as they want it (torch aligns to 64)."""
    size = load_library().cypher_scratch_bytes(ctypes.byref(network), num_threads)
    return torch.zeros(size, dtype=torch.uint8)
