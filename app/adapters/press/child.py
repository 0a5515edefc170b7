"""The process that draws: reads tasks from its standard input, writes what it made to its standard output.

Run by its path, alone: it may import nothing of ours. It ends when its input ends, or after a while without work.
"""

import contextlib
import json
import os
import resource
import select
import struct
import sys
from typing import Any

#: Bytes of memory that it may write to: for its JavaScript engine, its threads (one a processor) and large charts.
MEMORY = 1_000_000_000 + 32_000_000 * (os.cpu_count() or 1)
#: Seconds of processor time in its whole life; one task is stopped by who asked for it.
SECONDS = 600


def main() -> None:
    """Serve until there is nothing more to do."""
    idle = float(sys.argv[1])
    given, made = os.fdopen(os.dup(0), "rb", buffering=0), os.dup(1)
    quiet = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):  # whatever a library prints must not stand between the answers
        os.dup2(quiet, number)
    for limit, most in ((resource.RLIMIT_DATA, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):  # not every system has every limit
            resource.setrlimit(limit, (most, most))
    while select.select([given], [], [], idle)[0]:
        length = _read(given, 4)
        if not length:
            return
        task = json.loads(_read(given, int.from_bytes(length, "big")))
        try:
            failed, answer = 0, TASKS[task.pop("task")](**task)
        except BaseException as error:  # noqa: BLE001 - a panic of a library is no Exception
            failed, answer = 1, str(error)[:2000].encode()
        _write(made, struct.pack(">BI", failed, len(answer)) + answer)


def _read(given: Any, length: int) -> bytes:
    got = b""
    while len(got) < length:
        some = given.read(length - len(got))
        if not some:
            return b""
        got += some
    return got


def _write(made: int, answer: bytes) -> None:
    while answer:
        answer = answer[os.write(made, answer) :]


def draw_svg(spec: dict[str, Any]) -> bytes:
    """A Vega-Lite specification as SVG. It has its data with it: nothing is fetched and no file is read."""
    import vl_convert

    if _leads_away(spec):
        raise ValueError("a chart has its data with it")

    return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[], show_warnings=False).encode()


def _leads_away(part: Any) -> bool:
    if isinstance(part, dict):
        return any(key in ("url", "href") or _leads_away(value) for key, value in part.items())
    return isinstance(part, list) and any(_leads_away(value) for value in part)


def draw_png(svg: str, scale: float) -> bytes:
    """An SVG as a picture."""
    import vl_convert

    return vl_convert.svg_to_png(svg, scale=scale)


def set_pdf(template: str, data: str, at: str) -> bytes:
    """A Typst template with its data, which it reads as JSON and never as markup."""
    import datetime

    import typst

    return typst.compile(  # type: ignore[call-overload]  # its stub wants one type for both
        template.encode(),
        sys_inputs={"data": data},
        root=os.path.dirname(os.path.abspath(__file__)),  # a template reads files below it: there is nothing but this
        timestamp=int(datetime.datetime.fromisoformat(at).timestamp()),
        format="pdf",
    )


TASKS: dict[str, Any] = {"svg": draw_svg, "png": draw_png, "pdf": set_pdf}

if __name__ == "__main__":
    main()
