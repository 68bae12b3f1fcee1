"""The engine without a browser: evaluate, search, predict published measurements, calibrate."""

import sys

from components.commands.parser import main

if __name__ == "__main__":
    sys.exit(main())
