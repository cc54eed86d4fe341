"""What can go wrong in the model, each with a sentence that says what to do.

ModelError
├── ConfigError       a setting of a network or a training run is impossible
├── CorpusError       the songs given cannot be used
├── CheckpointError   a checkpoint is missing, cut, altered or of another format
└── TrainingError     a run cannot go on
"""


class ModelError(Exception):
    """Base of everything that `model` raises on purpose."""


class ConfigError(ModelError):
    """A setting of a network or a training run is impossible."""


class CorpusError(ModelError):
    """The songs given cannot be used."""


class CheckpointError(ModelError):
    """A checkpoint is missing, cut, altered or of another format."""


class TrainingError(ModelError):
    """A training run cannot go on."""
