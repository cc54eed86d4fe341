"""`python -m bot`: the command line."""

import logging
import os
import sys

from bot.cli.main import main

if __name__ == "__main__":
    code = main(sys.argv[1:])
    if "torch" not in sys.modules:
        sys.exit(code)
    # Everything is closed by now. Taking torch apart would cost another half a second.
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
