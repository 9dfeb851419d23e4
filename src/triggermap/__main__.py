"""``python -m triggermap``."""

import sys

from triggermap.cli import main

if __name__ == "__main__":
    sys.exit(main())
