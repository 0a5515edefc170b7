"""The file that a backup is: a tar with the database's dump, the stored files, and last a list of all with checksums.

It is written beside its place and moved there when it is whole. What is not whole has no list, and is refused.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from app.adapters.embedded import EmbeddedError

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
SECRET = "secret"  # noqa: S105 - a name in the archive
_PIECE = 1 << 20


class Unusable(EmbeddedError):
    """A backup cannot be made or read. One sentence."""


@dataclass
class Manifest:
    """What a backup holds, and of what installation it is."""

    format: int = FORMAT
    made_at: str = ""
    schema: str = ""
    postgres: str = ""
    #: By which the secrets are recognised, newest first, and the salt that they were made with.
    salt: str = ""
    keys: list[str] = field(default_factory=list)
    #: What is encrypted, in words, and how many of each there are.
    encrypted: dict[str, int] = field(default_factory=dict)
    #: {name in the archive: SHA-256}
    parts: dict[str, str] = field(default_factory=dict)


class Writer:
    """Adds parts one by one; `finish` adds the manifest and moves the file to its place."""

    def __init__(self, place: Path) -> None:
        self.place, self.fresh = place, place.with_name(place.name + ".part")
        self.manifest = Manifest()
        handle = os.open(self.fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(handle, "wb")
        self._tar = tarfile.open(fileobj=self._file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._file.close()
        self.fresh.unlink(missing_ok=True)

    def add(self, name: str, path: Path) -> None:
        """Copy a file in. One that is gone meanwhile is left out: its row went first."""
        try:
            source = path.open("rb")
        except FileNotFoundError:
            return
        with source:
            info = tarfile.TarInfo(name)
            info.size, info.mode, info.mtime = os.fstat(source.fileno()).st_size, 0o600, int(time.time())
            counted = _Counting(source)
            self._tar.addfile(info, counted)
        self.manifest.parts[name] = counted.digest.hexdigest()

    def add_bytes(self, name: str, data: bytes) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = len(data), 0o600, int(time.time())
        self._tar.addfile(info, io.BytesIO(data))
        if name != MANIFEST:
            self.manifest.parts[name] = hashlib.sha256(data).hexdigest()

    def finish(self) -> None:
        self.add_bytes(MANIFEST, json.dumps(asdict(self.manifest)).encode())
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self.fresh.replace(self.place)


class _Counting:
    """A stream that keeps the checksum of what was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(size)
        self.digest.update(piece)
        return piece


def unpack(file: Path, into: Path) -> Manifest:
    """Take a backup apart into a folder, every part checked. Raises Unusable; what was written is the caller's."""
    digests: dict[str, str] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(file, mode="r:") as tar:
            for info in tar:
                name = _safe(info)
                source = tar.extractfile(info)
                if source is None:
                    raise Unusable(f"{file} is not a backup of Trestleboard: {info.name!r} is no file.")
                if name == MANIFEST:
                    manifest = _read(source.read())
                    continue
                digests[name] = _copy(source, into / name)
    except (tarfile.TarError, EOFError) as error:
        raise Unusable(f"{file} is not whole, or no backup of Trestleboard: {error}.") from None
    except OSError as error:
        raise Unusable(f"{file} cannot be read: {error.strerror or error}.") from None
    if manifest is None:
        raise Unusable(f"{file} is not whole: its end is missing. Take another one.")
    if manifest.format != FORMAT:
        raise Unusable(f"{file} was made by another release (format {manifest.format}, this one reads {FORMAT}).")
    wrong = {name for name in digests.keys() | manifest.parts.keys() if digests.get(name) != manifest.parts.get(name)}
    if wrong:
        raise Unusable(f"{file} is damaged: {sorted(wrong)[0]} is not what was written. Take another one.")
    return manifest


def _safe(info: tarfile.TarInfo) -> str:
    """Plain files under plain names, and nothing that leads elsewhere."""
    path = PurePosixPath(info.name)
    if not info.isreg() or path.is_absolute() or ".." in path.parts or len(path.parts) > 3:
        raise Unusable(f"The backup holds {info.name!r}, which no backup of ours does. Nothing was restored.")
    return str(path)


def _copy(source: IO[bytes], target: Path) -> str:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while piece := source.read(_PIECE):
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def _read(data: bytes) -> Manifest:
    try:
        known: dict[str, Any] = json.loads(data)
        return Manifest(**known)
    except (ValueError, TypeError):
        raise Unusable("The backup's list of contents cannot be read. Take another one.") from None
