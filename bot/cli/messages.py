"""messages: bring the catalogues of the languages in line with the texts in the code."""

import argparse

from bot.cli.shared import Commands
from bot.locale.catalogue import read_catalogue, texts_in_code, update_catalogue
from bot.locale.translator import LANGUAGES


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("messages", help="bring the catalogues of texts up to date")
    parser.set_defaults(act=act)


def act(_: argparse.Namespace) -> int:
    """1 where a text is left without a translation."""
    # discord and torch: others need not wait for them.
    from bot.commands.texts import texts_of_commands
    from bot.generation.prime import texts_of_faults

    texts, num_missing = texts_in_code([*texts_of_commands(), *texts_of_faults()]), 0
    for language in LANGUAGES:
        update_catalogue(language, texts)
        missing = [each.id for each in read_catalogue(language) if each.id and not each.string]
        num_missing += len(missing)
        print(f"{language}: {len(texts)} texts, {len(missing)} without a translation")
        for message in missing:
            print(f"  {message}")
    return 1 if num_missing else 0
