"""`python -m shortsd.cli` is `shortsctl`."""

import sys

from shortsd.cli import main

if __name__ == "__main__":
    sys.exit(main())
