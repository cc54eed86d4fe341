"""The command line: `python -m bot run | say | import | check | db | backup | restore | health`."""

from bot.cli.main import build_parser, main

__all__ = ["build_parser", "main"]
