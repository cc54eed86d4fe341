"""Which runner a model gets: the int8 step where it applies, else torch in full precision."""

import logging
from typing import Literal, get_args

from model.engine.int8 import Int8Runner, Int8Unavailable, why_not
from model.engine.runner import Marks, Runner
from model.engine.torch_runner import TorchRunner
from model.errors import ConfigError
from model.network.lyric_model import LyricModel

logger = logging.getLogger(__name__)

Precision = Literal["auto", "int8", "fp32"]
PRECISIONS: tuple[Precision, ...] = get_args(Precision)


def build_runner(
    model: LyricModel, marks: Marks, num_slots: int, max_positions: int, precision: Precision
) -> Runner:
    """What was chosen, and why not the other, is logged.

    Raises ConfigError when int8 is demanded and cannot be had.
    """
    if precision == "fp32":
        return TorchRunner(model, marks, num_slots, max_positions)
    reason = why_not(model)
    if reason is None:
        try:
            runner = Int8Runner(model, marks, num_slots, max_positions)
        except Int8Unavailable as error:
            reason = str(error)
        else:
            logger.info("verses are computed in %s", runner.computes_in)
            return runner
    if precision == "int8":
        raise ConfigError(f"The int8 step cannot be used: {reason}.")
    logger.info("verses are computed in fp32, as the int8 step cannot be used: %s", reason)
    return TorchRunner(model, marks, num_slots, max_positions)
