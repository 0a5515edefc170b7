"""`python -m bench [name ...]`: measure all, or some by name, print one table; exit code 1 when a target is missed."""

from __future__ import annotations

import sys
import time
from importlib import import_module

from bench import ALL
from bench.figures import Figure, table
from bench.ground import ground


def main(names: list[str]) -> int:
    if unknown := [name for name in names if name not in ALL]:
        print(f"No bench is called {', '.join(unknown)}. There are: {', '.join(ALL)}.", file=sys.stderr)
        return 2
    figures: list[Figure] = []
    with ground() as here:
        for name in names or ALL:
            began = time.monotonic()
            print(f"{name} …", end=" ", file=sys.stderr, flush=True)
            figures += import_module(f"bench.{name}").measure(here)
            print(f"{time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print(table(figures))
    return 1 if any(figure.met is False for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
