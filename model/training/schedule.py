"""The learning rate over a run."""

import math

from model.config import TrainingConfig


def learning_rate_at(progress: float, config: TrainingConfig) -> float:
    """Linear warm-up, then a half cosine; `progress` is the share of the run that is done."""
    if progress < config.warmup_fraction:
        return config.learning_rate * max(progress / config.warmup_fraction, 1e-3)
    share = (min(progress, 1.0) - config.warmup_fraction) / (1 - config.warmup_fraction)
    fall = config.learning_rate - config.final_learning_rate
    return config.final_learning_rate + fall * (1 + math.cos(math.pi * share)) / 2
