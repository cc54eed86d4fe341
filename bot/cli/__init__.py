"""The command line: `python -m bot run | say | import | check | db | health`."""
