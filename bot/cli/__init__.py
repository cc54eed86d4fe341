"""The command line: `python -m bot run | say | import | check | db | health`."""

from bot.cli.main import build_parser, main

__all__ = ["build_parser", "main"]
