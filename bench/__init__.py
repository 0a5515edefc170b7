"""How fast the program is. `make bench` measures what it promises and prints one table; `python -m bench board` a part.

Every module of `ALL` is one bench: its docstring says how it measures, `measure(ground)` yields its lines. Figures are
medians and ratios within one run, on servers of its own (PostgreSQL with real commits, Valkey) in a temporary folder.
"""

#: In this order: what is easily disturbed comes before what makes noise.
ALL = (
    "javascript",
    "heartbeat",
    "board",
    "move",
    "many",
    "search",
    "crowd",
    "web_memory",
    "run_memory",
    "imports",
    "sources",
    "tasks",
    "stream",
    "tickets",
)
