"""Training a checkpoint in a folder of its own, and going on after an interruption.

The folder holds `best/` (the checkpoint of the best validation; `best-2/` is the best before it, as
far back as is wanted), `tokenizer.json` and what `run_folder` keeps.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch

from model.checkpoint import Checkpoint, save_checkpoint
from model.config import ModelConfig, TrainingConfig
from model.copyguard import CopyIndex
from model.corpus.dataset import encode_songs
from model.corpus.plain_text import whole_texts
from model.corpus.song import Song
from model.corpus.split import Splits
from model.corpus.tokenizer import Tokenizer
from model.craft import Craft
from model.errors import CorpusError
from model.network.lyric_model import LyricModel
from model.training.progress import RunState
from model.training.run_folder import (
    begin_run,
    check_settings,
    has_run,
    keeping_best,
    train_in,
)
from model.training.trainer import TrainingHooks, stream_of


@dataclass(frozen=True, slots=True, eq=False)
class _Setting:
    """What stays the same over the whole run."""

    tokenizer: Tokenizer
    artists: tuple[str, ...]
    languages: tuple[str, ...]
    config: ModelConfig
    start: Checkpoint | None
    copy_index: CopyIndex
    craft: Craft

    def build_model(self) -> LyricModel:
        """As training begins with it."""
        model = LyricModel(self.config)
        if self.start is not None:
            model.load_state_dict(self.start.model.state_dict())
        return model


def artists_of(songs: Sequence[Song]) -> dict[str, str]:
    """Every artist with the language of most of their songs, in alphabetical order."""
    languages: dict[str, list[str]] = {}
    for song in songs:
        languages.setdefault(song.artist, []).append(song.language)
    return {
        artist: max(sorted(set(own)), key=own.count) for artist, own in sorted(languages.items())
    }


def pretrain(
    splits: Splits[Song],
    folder: Path,
    origin: ModelConfig | Checkpoint,
    training: TrainingConfig,
    *,
    version: str = "pretrained",
    device: str | torch.device = "cpu",
    hooks: TrainingHooks | None = None,
) -> RunState:
    """Train on the training split, or go on with the run in `folder`; returns its end.

    `origin` is the network to build, whose vocab_size is what to aim at (a small corpus gives fewer
    tokens), or the checkpoint to train on, with its tokenizer and its artists. The copy index knows
    all songs, held out or not. Before any time is spent, raises CorpusError when a split is empty
    or too small or an artist is not known to that checkpoint, and TrainingError when `folder` holds
    a run with other settings.
    """
    hooks = hooks or TrainingHooks()
    setting = _prepare(splits.require(), folder, origin, training)
    train, validation = (
        encode_songs(songs, setting.artists, setting.tokenizer)
        for songs in (splits.train, splits.validation)
    )
    torch.manual_seed(training.seed)
    model = setting.build_model().to(device)
    stream = stream_of(train, setting.config, training)

    save = _saving(version, setting)
    kept = keeping_best(folder, hooks, training.keep_checkpoints, save)
    return train_in(folder, model, stream, validation, training, kept)


def _saving(version: str, setting: _Setting) -> Callable[[LyricModel, RunState, Path], None]:
    """How the best model becomes a checkpoint."""

    def save_best(model: LyricModel, state: RunState, place: Path) -> None:
        best = Checkpoint(
            version=version,
            model=model,
            tokenizer=setting.tokenizer,
            artists=setting.artists,
            languages=setting.languages,
            parent=setting.start.version if setting.start else None,
            figures={"validation_bits_per_character": state.best_bits_per_character},
            copy_index=setting.copy_index,
            craft=setting.craft,
        )
        save_checkpoint(best, place)

    return save_best


def _prepare(
    splits: Splits[Song], folder: Path, origin: ModelConfig | Checkpoint, training: TrainingConfig
) -> _Setting:
    artists = artists_of([song for songs in splits for song in songs])
    _check_artists(artists, splits.train)
    start = origin if isinstance(origin, Checkpoint) else None
    network = origin.model.config if isinstance(origin, Checkpoint) else origin
    settings = {
        "network": asdict(network),
        "training": asdict(training),
        "artists": artists,
        "songs": _digest(splits),
        "start": _weights_digest(start) if start else None,
    }
    if start is not None:
        _check_known(artists, start)
        artists = dict(zip(start.artists, start.languages, strict=True))
    tokenizer_path = folder / "tokenizer.json"
    if has_run(folder):
        check_settings(folder, settings)
        tokenizer = Tokenizer.from_json(tokenizer_path.read_text(encoding="utf-8"))
    else:
        begin_run(folder, settings)
        texts = (song.text for song in splits.train)
        tokenizer = (
            start.tokenizer if start else Tokenizer.train(texts, network.vocab_size, network.unit)
        )
        tokenizer_path.write_text(tokenizer.to_json(), encoding="utf-8")
    config = replace(network, vocab_size=tokenizer.vocab_size, num_artists=len(artists))
    index = (start.copy_index if start else CopyIndex.empty()).add(whole_texts(splits))
    craft = (start.craft if start else Craft()).with_songs(splits.train)
    return _Setting(tokenizer, tuple(artists), tuple(artists.values()), config, start, index, craft)


def _digest(splits: Splits[Song]) -> str:
    """Of every song in its split, so that a run never goes on with another corpus."""
    digest = hashlib.sha256()
    for number, songs in enumerate(splits):
        for song in songs:
            digest.update(json.dumps([number, song.artist, song.title, song.text]).encode())
    return digest.hexdigest()


def _weights_digest(checkpoint: Checkpoint) -> str:
    """So that a run never goes on from another start."""
    digest = hashlib.sha256()
    for value in checkpoint.model.state_dict().values():
        digest.update(value.cpu().numpy().tobytes())
    return digest.hexdigest()


def _check_artists(artists: Iterable[str], train: Iterable[Song]) -> None:
    if any(not artist.strip() for artist in artists):
        raise CorpusError("A song has an artist without a name; name the artist of every song.")
    taught = {song.artist for song in train}
    if untaught := [artist for artist in artists if artist not in taught]:
        raise CorpusError(
            f"There is no song to learn {', '.join(untaught[:5])} from: all of theirs are held "
            "out, as one song in ten is by its title. Add songs, or leave them out."
        )


def _check_known(artists: Iterable[str], start: Checkpoint) -> None:
    if unknown := [artist for artist in artists if artist not in start.artists]:
        raise CorpusError(
            f"The checkpoint to start from does not know {', '.join(unknown[:5])}; leave their "
            "songs out, or train from nothing."
        )
