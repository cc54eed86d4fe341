"""`python -m model evaluate --verses`: their rhyme, novelty and voice, beside real verse."""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from model.checkpoint import Checkpoint, load_checkpoint
from model.cli.shared import choose_device, read_splits
from model.corpus.song import Song
from model.errors import ConfigError, CorpusError
from model.evaluation.scheme import FREE, SCHEMES
from model.evaluation.verses import Judges
from model.search.plan import DEFAULT_CANDIDATES
from model.verse_study.picture import draw_verses
from model.verse_study.study import EACH, OWN, VerseStudy, real_pieces, study_verses

_NUM_ARTISTS = 10
ROWS = {
    "rhyme_density": "rhyme density (look-back 15)",
    "scheme_met": "pairs of lines that rhyme as asked",
    "internal_rhyme": "words that rhyme within their line",
    "syllables": "syllables a line",
    "syllables_spread": "their spread within a verse",
    "longest_copied_run": "longest copied run of words",
    "novel_share": "runs of four words that are new",
    "similarity": "highest similarity to a training verse",
    "similarity_mean": "mean similarity",
    "voice": "artist recognised",
    "distinct_2": "different pairs of words",
    "self_repetition": "runs of four words said before",
    "bits_per_character": "bits per character, plain model",
}


def add_arguments(group: argparse._ArgumentGroup) -> None:
    """How many verses, of whom, how."""
    add = group.add_argument
    add("--verses", type=int, metavar="N", help="write N verses and measure those instead")
    add("--artists", nargs="+", metavar="NAME", help="whose; default: the ten with most songs")
    add("--language", default="en", help="of the default artists: en (default) or zh")
    add(
        "--scheme",
        choices=[EACH, OWN, FREE, *SCHEMES],
        default=EACH,
        help="each of the four in turn (default), the artist's own, none, or one",
    )
    add("--candidates", type=int, default=DEFAULT_CANDIDATES, help="tries at each line")
    add("--rng-seed", type=int, default=0)
    add("--picture", metavar="PNG", help="also draw the figures")


def run(args: argparse.Namespace, console: Console) -> int:
    """Write the verses by the search and by plain sampling, and measure both beside real ones."""
    if args.verses < 1 or args.candidates < 1:
        raise ConfigError("--verses and --candidates must be at least 1.")
    checkpoint = load_checkpoint(args.checkpoint, choose_device(args.device))
    splits = read_splits(args.corpus, args.artist, console)
    held_out = [*splits.validation, *splits.test]
    artists = _artists(args, checkpoint, held_out)
    study = VerseStudy(
        artists=artists,
        count=args.verses,
        scheme=args.scheme,
        num_candidates=args.candidates,
        rng_seed=args.rng_seed,
    )
    with console.status("learning the corpus") as status:
        judges = Judges(splits.train, [song for split in splits for song in split])
        real = real_pieces(held_out, artists, args.verses, checkpoint)
        report = study_verses(checkpoint, study, judges, real, on_stage=status.update)
    if args.picture:
        draw_verses(report, args.picture)
    about = {"checkpoint": checkpoint.version, "artists": artists, "scheme": args.scheme}
    if args.json:
        print(json.dumps(about | {"candidates": args.candidates} | report, ensure_ascii=False))
    else:
        _print_table(report, console)
    return 0


def _artists(
    args: argparse.Namespace, checkpoint: Checkpoint, held_out: Sequence[Song]
) -> list[str]:
    known = set(checkpoint.artists)
    if args.artists:
        unknown = [name for name in args.artists if name not in known]
        if unknown:
            raise ConfigError(f"The checkpoint does not know {', '.join(unknown)}.")
        return list(args.artists)
    counts = Counter(
        song.artist for song in held_out if song.artist in known and song.language == args.language
    )
    if not counts:
        raise CorpusError(f"No artist of the checkpoint has held-out songs in {args.language!r}.")
    return [artist for artist, _ in counts.most_common(_NUM_ARTISTS)]


def _print_table(report: dict[str, Any], console: Console) -> None:
    verses = report["verses"]
    table = Table(title=f"{verses['pieces']} verses in {verses['seconds']:.0f} s")
    table.add_column("")
    for name in ("verses", "plain sampling", "real, held out"):
        table.add_column(name, justify="right")
    for key, name in ROWS.items():
        values = [report[each][key] for each in ("verses", "plain", "real")]
        table.add_row(name, *(str(v) if isinstance(v, int) else f"{v:.3f}" for v in values))
    console.print(table)
