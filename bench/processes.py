"""What processes take, from /proc: memory and time. Linux only, as the figures are."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_MB = 1024


def family(pid: int) -> list[int]:
    """A process and all that came from it."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def memory(pids: Iterable[int]) -> tuple[float, float]:
    """(PSS, RSS) in MB, of all together. PSS divides what processes share among them; RSS counts it in each."""
    pss = rss = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
        pss, rss = pss + sizes["Pss"], rss + sizes["Rss"]
    return pss / _MB, rss / _MB


def time_taken(pids: Iterable[int]) -> float:
    """Seconds of processor time that these and their ended children have used."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(field) for field in fields[11:15])
    return ticks / _TICK


def busy() -> float:
    """Seconds of processor time that the whole machine has used, whoever did."""
    user, nice, system, _, _, irq, soft, *_ = map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:])
    return (user + nice + system + irq + soft) / _TICK
