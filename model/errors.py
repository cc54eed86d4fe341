"""What can go wrong in the model, each with a sentence that says what to do.

ModelError
├── ConfigError       a setting of a network or a training run is impossible
├── CorpusError       the songs given cannot be used
├── CheckpointError   a checkpoint is missing, cut, altered or of another format
├── MidiError         a MIDI file cannot be used
├── AudioError        a piano roll cannot be made into sound
│   ├── TooLongToHear   seconds, limit: it plays for too long
│   └── SoundfontError  an instrument's sounds are missing or broken
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


class AudioError(ModelError):
    """A piano roll cannot be made into sound."""


class TooLongToHear(AudioError):
    """It plays for longer than can be heard here."""

    def __init__(self, seconds: float, limit: float) -> None:
        self.seconds, self.limit = seconds, limit
        super().__init__(
            f"This plays for {seconds:.0f} seconds; at most {limit:.0f} can be made into sound."
        )


class SoundfontError(AudioError):
    """An instrument's sounds are missing or broken."""


class TrainingError(ModelError):
    """A training run cannot go on."""
