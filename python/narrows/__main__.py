"""The command line: the same as that of an archive."""

from __future__ import annotations

import os
import sys

from ._errors import NarrowsError
from ._worker import launcher


def main() -> None:
    """Becomes Narrows."""
    try:
        script = str(launcher())
        os.execv(script, [script, *sys.argv[1:]])
    except (NarrowsError, OSError) as problem:
        print(f"narrows: {problem}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
