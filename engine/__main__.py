"""`python -m engine COMMAND …`: how the launcher and the supervisor call the commands."""

import sys

from engine.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
