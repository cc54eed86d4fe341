"""Which runner a model gets: the int8 step where it applies, CUDA graphs on a GPU, else torch."""

import logging
from typing import Literal, get_args

import torch

from model.engine.cuda_graphs import CudaGraphs
from model.engine.graph_runner import GraphRunner
from model.engine.int8 import Int8Runner, Int8Unavailable, why_not
from model.engine.token_runner import Marks, TokenRunner
from model.engine.torch_runner import TorchRunner
from model.errors import ConfigError
from model.network.lyric_model import LyricModel

logger = logging.getLogger(__name__)

Precision = Literal["auto", "int8", "fp32"]
PRECISIONS: tuple[Precision, ...] = get_args(Precision)


def build_runner(
    model: LyricModel, marks: Marks, num_slots: int, max_positions: int, precision: Precision
) -> TokenRunner:
    """What was chosen, and why not the other, is logged.

    On a CUDA device 'auto' computes in half precision. Raises ConfigError when int8 is demanded and
    cannot be had.
    """
    sizes = (num_slots, max_positions)
    if precision == "int8":
        return _int8_runner(model, marks, *sizes)
    if is_on_gpu(model):
        dtype = torch.float32 if precision == "fp32" else torch.float16
        return _graph_runner(model, marks, *sizes, dtype)
    if precision == "fp32":
        return TorchRunner(model, marks, *sizes)
    try:
        return _int8_runner(model, marks, *sizes)
    except ConfigError as error:
        logger.info("verses are computed in fp32: %s", error)
        return TorchRunner(model, marks, *sizes)


def is_on_gpu(model: LyricModel) -> bool:
    """Whether its weights are on a CUDA device."""
    return model.output_bias.is_cuda


def _int8_runner(
    model: LyricModel, marks: Marks, num_slots: int, max_positions: int
) -> TokenRunner:
    reason = why_not(model)
    if reason is None:
        try:
            runner = Int8Runner(model, marks, num_slots, max_positions)
        except Int8Unavailable as error:
            reason = str(error)
        else:
            logger.info("verses are computed in %s", runner.computes_in)
            return runner
    raise ConfigError(f"The int8 step cannot be used: {reason}.")


def _graph_runner(
    model: LyricModel, marks: Marks, num_slots: int, max_positions: int, dtype: torch.dtype
) -> TokenRunner:
    try:
        graphs = CudaGraphs(model.output_bias.device)
        runner = GraphRunner(model, marks, num_slots, max_positions, graphs, dtype)
    except RuntimeError as error:
        logger.warning("verses are computed in fp32, step by step, without CUDA graphs: %s", error)
        return TorchRunner(model, marks, num_slots, max_positions)
    logger.info("verses are computed in %s", runner.computes_in)
    return runner
