"""A program: a picture of the format named first comes in, its preview (or face) goes out. Run by `adapters.media`.

Writes "width height", a line end, and the preview as WebP; ends with 1 when there is nothing that it can draw. Only the
first frame is looked at, metadata is left behind, and what is taken of memory and of the processor has its end here.
"""

from __future__ import annotations

import io
import resource
import sys

from PIL import Image, ImageOps

#: Pixels of a picture that is drawn at all, and the longer side of what is drawn.
MOST_PIXELS = 50_000_000
SIDE = 1200
#: Pixels of a face's side.
FACE = 256
#: Bytes and seconds that this program may take.
MEMORY = 1024 * 2**20
SECONDS = 15


def main(kind: str, shape: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        with Image.open(sys.stdin.buffer, formats=[kind.upper()]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return 1
            picture.draft("RGB", (SIDE, SIDE))
            shown: Image.Image = ImageOps.exif_transpose(picture)
            shown = shown.convert("RGBA" if shown.has_transparency_data else "RGB")
            if shape == "face":
                shown = ImageOps.fit(shown, (FACE, FACE))
            else:
                shown.thumbnail((SIDE, SIDE))
            clean = Image.new(shown.mode, shown.size)
            clean.paste(shown)
    except (OSError, ValueError, SyntaxError, MemoryError, ArithmeticError, Image.DecompressionBombError):
        return 1
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=82, method=4)
    sys.stdout.buffer.write(f"{clean.width} {clean.height}\n".encode() + out.getvalue())
    return 0


if __name__ == "__main__":
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    sys.exit(main(sys.argv[1], sys.argv[2]))
