"""Training a checkpoint from nothing in a folder of its own, and going on after an interruption.

The folder holds `best/` (the checkpoint of the best validation; `best-2/` is the best before it, as
far back as is wanted), `tokenizer.json` and what `run_folder` keeps.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch

from model.checkpoint import Checkpoint, save_checkpoint
from model.config import ModelConfig, TrainingConfig
from model.corpus.dataset import encode_songs
from model.corpus.song import Song
from model.corpus.split import Splits
from model.corpus.tokenizer import Tokenizer
from model.errors import CorpusError
from model.network.lyric_model import LyricModel
from model.training.progress import RunState
from model.training.run_folder import (
    begin_run,
    check_settings,
    has_run,
    keeping_run,
    load_run_state,
    restore_run,
)
from model.training.trainer import Trainer, TrainingHooks, stream_of


@dataclass(frozen=True, slots=True, eq=False)
class _Setting:
    """What stays the same over the whole run."""

    tokenizer: Tokenizer
    artists: tuple[str, ...]
    languages: tuple[str, ...]
    config: ModelConfig


def artists_of(songs: Sequence[Song]) -> dict[str, str]:
    """Every artist with the language of most of their songs, in alphabetical order."""
    languages: dict[str, list[str]] = {}
    for song in songs:
        languages.setdefault(song.artist, []).append(song.language)
    return {
        artist: max(sorted(set(own)), key=own.count) for artist, own in sorted(languages.items())
    }


def pretrain(
    splits: Splits,
    folder: Path,
    network: ModelConfig,
    training: TrainingConfig,
    *,
    version: str = "pretrained",
    device: str | torch.device = "cpu",
    hooks: TrainingHooks | None = None,
) -> RunState:
    """Train on the training split, or go on with the run in `folder`; returns its end.

    `network.vocab_size` is what to aim at; a small corpus gives fewer tokens. Before any time is
    spent, raises CorpusError when a split is empty or too small, and TrainingError when `folder`
    holds a run with other settings.
    """
    hooks = hooks or TrainingHooks()
    setting = _prepare(splits.require(), folder, network, training)
    train, validation = (
        encode_songs(songs, setting.artists, setting.tokenizer)
        for songs in (splits.train, splits.validation)
    )
    torch.manual_seed(training.seed)
    model = LyricModel(setting.config).to(device)
    stream = stream_of(train, setting.config, training)
    state = load_run_state(folder) if has_run(folder) else None

    kept = _keeping(folder, version, setting, training.keep_checkpoints, hooks)
    trainer = Trainer(model, stream, validation, training, kept, state)
    if state is not None:
        restore_run(trainer, folder)
    return trainer.fit()


def _keeping(
    folder: Path, version: str, setting: _Setting, keep: int, hooks: TrainingHooks
) -> TrainingHooks:
    """`hooks`, each called after what it tells of lies on disk."""

    def keep_best(model: LyricModel, state: RunState) -> None:
        figures = {"validation_bits_per_character": state.best_bits_per_character}
        best = Checkpoint(
            version=version,
            model=model,
            tokenizer=setting.tokenizer,
            artists=setting.artists,
            languages=setting.languages,
            figures=figures,
        )
        _make_room(folder, keep)
        save_checkpoint(best, folder / "best")
        hooks.on_best(model, state)

    return keeping_run(folder, replace(hooks, on_best=keep_best))


def _make_room(folder: Path, keep: int) -> None:
    """Number the checkpoints that were best before: `best-2` is the one before `best`."""
    names = ["best", *(f"best-{number}" for number in range(2, keep + 1))]
    for older, newer in zip(names[:0:-1], names[-2::-1], strict=True):
        if (folder / newer).exists():
            if (folder / older).exists():
                shutil.rmtree(folder / older)
            (folder / newer).replace(folder / older)


def _prepare(
    splits: Splits, folder: Path, network: ModelConfig, training: TrainingConfig
) -> _Setting:
    artists = artists_of([song for songs in splits for song in songs])
    _check_artists(artists, splits.train)
    settings = {
        "network": asdict(network),
        "training": asdict(training),
        "artists": artists,
        "songs": _digest(splits),
    }
    tokenizer_path = folder / "tokenizer.json"
    if has_run(folder):
        check_settings(folder, settings)
        tokenizer = Tokenizer.from_json(tokenizer_path.read_text(encoding="utf-8"))
    else:
        begin_run(folder, settings)
        tokenizer = Tokenizer.train(
            (song.text for song in splits.train), network.vocab_size, network.unit
        )
        tokenizer_path.write_text(tokenizer.to_json(), encoding="utf-8")
    config = replace(network, vocab_size=tokenizer.vocab_size, num_artists=len(artists))
    return _Setting(tokenizer, tuple(artists), tuple(artists.values()), config)


def _digest(splits: Splits) -> str:
    """Of every song in its split, so that a run never goes on with another corpus."""
    digest = hashlib.sha256()
    for number, songs in enumerate(splits):
        for song in songs:
            digest.update(json.dumps([number, song.artist, song.title, song.text]).encode())
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
