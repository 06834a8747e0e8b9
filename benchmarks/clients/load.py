"""Reading of a spec and its included files, with the place of every value; nothing is built."""

import sys
from pathlib import Path

from mailconf.engine.load import load

if __name__ == "__main__":
    load(Path(sys.argv[1]))
