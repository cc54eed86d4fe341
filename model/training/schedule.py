"""The learning rate over a run."""

import math

from model.config import TrainingConfig


def learning_rate_at(progress: float, config: TrainingConfig) -> float:
    """Linear warm-up, a time at the top, a half cosine; `progress` is the share that is done."""
    if progress < config.warmup_fraction:
        return config.learning_rate * max(progress / config.warmup_fraction, 1e-3)
    begun = config.warmup_fraction + config.hold_fraction
    share = max(min(progress, 1.0) - begun, 0.0) / (1 - begun)
    fall = config.learning_rate - config.final_learning_rate
    return config.final_learning_rate + fall * (1 + math.cos(math.pi * share)) / 2
