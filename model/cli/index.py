"""`python -m model index`: what a checkpoint must not copy and how its artists make lines."""

import argparse
from pathlib import Path

from rich.console import Console

from model.checkpoint import load_checkpoint, replace_knowledge
from model.cli.shared import read_splits
from model.copyguard import MAX_RUN, CopyIndex
from model.corpus.plain_text import whole_texts
from model.craft import Craft
from model.errors import ConfigError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whose index, of which lyrics."""
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--corpus", nargs="+", type=Path, required=True, help="everything it read")
    parser.add_argument("--artist", help="whose songs they are, where the files do not say")
    parser.add_argument(
        "--add", action="store_true", help="keep what its index knows, and how long runs may be"
    )
    parser.add_argument(
        "--max-run",
        type=int,
        help=f"words in a row that a verse may share with a lyric; default {MAX_RUN}",
    )


def run(args: argparse.Namespace, console: Console) -> int:
    """Build the index and put it into the checkpoint, whose other files stay as they are."""
    checkpoint = load_checkpoint(args.checkpoint)
    before = checkpoint.copy_index if args.add else CopyIndex.empty()
    splits = read_splits(args.corpus, args.artist, console)
    index = CopyIndex.build(whole_texts(splits), _max_run(args, before))
    if args.add:
        index = before.union(index)
    craft = (checkpoint.craft if args.add else Craft()).with_songs(splits.train)
    replace_knowledge(args.checkpoint, index, craft)
    console.print(
        f"{args.checkpoint} knows {index.num_runs:,} runs of {index.max_run + 1} words that no "
        f"verse may contain, in {len(index.to_bytes()) / 1e6:.1f} MB, and {len(craft.line_ends):,} "
        f"words that lines end on.",
        markup=False,
    )
    return 0


def _max_run(args: argparse.Namespace, before: CopyIndex) -> int:
    """Raises ConfigError for a length that is impossible, or not that of the index to add to."""
    max_run: int = before.max_run if args.max_run is None else args.max_run
    if max_run < 1:
        raise ConfigError(f"A verse must be allowed one word at least; --max-run is {max_run}.")
    if args.add and max_run != before.max_run:
        raise ConfigError(
            f"The index to add to allows {before.max_run} words; leave --max-run out, or --add."
        )
    return max_run
