"""Learning from approved lyrics: a child process trains, a gate decides, the bot swaps."""

from bot.retraining.model_versions import ModelVersions, Version
from bot.retraining.progress import TrainingProgress, Verdict
from bot.retraining.service import RetrainingService
from bot.retraining.trial import Trial

__all__ = ["ModelVersions", "RetrainingService", "TrainingProgress", "Trial", "Verdict", "Version"]
