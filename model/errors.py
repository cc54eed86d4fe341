"""What can go wrong in the model, each with a sentence that says what to do.

ModelError
├── ConfigError       a setting of a network or a training run is impossible
├── CorpusError       the songs given cannot be used
├── CheckpointError   a checkpoint is missing, cut, altered or of another format
├── MidiError         a MIDI file cannot be used
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


class MidiError(ModelError):
    """A MIDI file cannot be used. The values fill the braces of its sentence, so that whoever shows
    it can do so in another language.
    """

    def __init__(self, sentence: str, **values: int) -> None:
        super().__init__(sentence.format(**values))
        self.sentence = sentence
        self.values = values


class TrainingError(ModelError):
    """A training run cannot go on."""
