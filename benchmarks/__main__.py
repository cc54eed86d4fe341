"""python -m benchmarks: measure speed, verses and learning, or try the whole bot."""

import argparse
import sys

from benchmarks import equal_time, sampling, soundfont, story, yielding
from benchmarks.beat_corpus import command as beat_corpus
from benchmarks.crash import command as crash
from benchmarks.electorate import command as electorate
from benchmarks.finetuning import command as finetuning
from benchmarks.generation import command as generation
from benchmarks.language_modelling import command as language_modelling
from benchmarks.load import command as load
from benchmarks.polyphonic import command as polyphonic
from benchmarks.polyphonic import dynamic as polyphonic_dynamic
from benchmarks.polyphonic import picture as polyphonic_picture
from benchmarks.polyphonic import together as polyphonic_together
from benchmarks.rhyme import command as rhyme


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="WHAT")
    beat_corpus.add_command(commands)
    generation.add_command(commands)
    load.add_command(commands)
    crash.add_command(commands)
    language_modelling.add_command(commands)
    equal_time.add_command(commands)
    polyphonic.add_command(commands)
    polyphonic_picture.add_command(commands)
    polyphonic_dynamic.add_command(commands)
    polyphonic_together.add_command(commands)
    sampling.add_command(commands)
    rhyme.add_command(commands)
    finetuning.add_command(commands)
    electorate.add_command(commands)
    story.add_command(commands)
    yielding.add_command(commands)
    soundfont.add_command(commands)
    options = parser.parse_args(arguments)
    return int(options.run(options))


if __name__ == "__main__":
    sys.exit(main())
