"""What the demo's people put beside their words: sketches, charts, numbers and logs.

Made by chances of their own, so that the same place brings the same file.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from PIL import Image, ImageDraw, ImageFont

from app.discussions.commands import Upload

#: One remark in so many brings a file along.
_EVERY = 8
_PAPER, _PENCIL, _LINE, _INK = "#fbfaf7", "#3d3b37", "#d9d6cf", "#3355cc"
_PLACES = ("Hamburg", "Rotterdam", "Gdańsk", "Lyon", "Trieste", "Bilbao")


def files_with(place: int, at: datetime) -> Sequence[Upload]:
    """What goes along with the remark at a place; mostly nothing."""
    if place % _EVERY:
        return ()
    chance = Random(place)  # noqa: S311 - a story, not a secret
    name, content = (_sketch, _chart, _numbers, _log)[place // _EVERY % 4](chance, at)
    return (Upload(name, io.BytesIO(content)),)


def _sketch(chance: Random, at: datetime) -> tuple[str, bytes]:
    """A screen as one draws it before it is built: a bar, a list, a panel."""
    picture = Image.new("RGB", (1280, 800), _PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((40, 40, 1240, 760), outline=_PENCIL, width=3)
    draw.line((40, 110, 1240, 110), fill=_PENCIL, width=3)
    draw.text((70, 58), "Shipments", fill=_PENCIL, font=ImageFont.load_default(30))
    draw.rounded_rectangle((1040, 58, 1210, 94), 8, fill=_INK)
    draw.line((860, 110, 860, 760), fill=_LINE, width=3)
    for row in range(8):
        top = 140 + row * 76
        draw.ellipse((70, top + 8, 98, top + 36), outline=_PENCIL, width=3)
        draw.rounded_rectangle((120, top + 6, 120 + chance.randint(260, 620), top + 20), 6, fill=_PENCIL)
        draw.rounded_rectangle((120, top + 30, 120 + chance.randint(120, 320), top + 40), 4, fill=_LINE)
        draw.line((70, top + 60, 830, top + 60), fill=_LINE, width=2)
    for row in range(5):
        top = 150 + row * 54
        draw.rounded_rectangle((890, top, 890 + chance.randint(120, 300), top + 14), 6, fill=_LINE)
    return f"sketch-{at:%Y-%m-%d}.png", _png(picture)


def _chart(chance: Random, at: datetime) -> tuple[str, bytes]:
    """A week of deliveries, as a screenshot of a chart."""
    picture = Image.new("RGB", (1120, 640), "white")
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(22)
    draw.text((60, 36), "Late deliveries a day", fill=_PENCIL, font=ImageFont.load_default(30))
    for line in range(5):
        y = 560 - line * 100
        draw.line((60, y, 1060, y), fill=_LINE, width=2)
        draw.text((20, y - 14), f"{line * 10}", fill=_PENCIL, font=font)
    for number in range(7):
        day, x = at - timedelta(days=6 - number), 100 + number * 140
        draw.rectangle((x, 560 - chance.randint(40, 400), x + 80, 560), fill=_INK)
        draw.text((x + 16, 574), f"{day:%a}", fill=_PENCIL, font=font)
    return "late-deliveries.png", _png(picture)


def _numbers(chance: Random, at: datetime) -> tuple[str, bytes]:
    lines = ["day,depot,shipments,late,cost_eur"]
    for back in range(28, 0, -1):
        for depot in _PLACES:
            sent = chance.randint(40, 260)
            late, cost = chance.randint(0, sent // 8), sent * chance.uniform(3.1, 4.9)
            lines.append(f"{at - timedelta(days=back):%Y-%m-%d},{depot},{sent},{late},{cost:.2f}")
    return "shipments-by-depot.csv", "\n".join([*lines, ""]).encode()


def _log(chance: Random, at: datetime) -> tuple[str, bytes]:
    moment, lines = at - timedelta(hours=2), []
    for _ in range(60):
        moment += timedelta(seconds=chance.randint(1, 90))
        took = chance.randint(40, 900)
        level = "WARN " if took > 700 else "INFO "
        lines.append(f"{moment:%H:%M:%S} {level} route {chance.choice(_PLACES)} → {chance.choice(_PLACES)} {took} ms")
    return "planner.log", "\n".join([*lines, ""]).encode()


def _png(picture: Image.Image) -> bytes:
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()
