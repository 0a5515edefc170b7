"""The folder that mail goes to while no server is configured: one `.eml` file a letter, whole or not there."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from app.adapters.mail.letters import Letter, MailRefused, compose


@dataclass(frozen=True)
class Folder:
    """Letters as files that any mail program opens. A repeated letter replaces itself."""

    path: Path

    def carry(self, letter: Letter) -> None:
        """Write the file beside its place first: a reader never sees half of it."""
        # Links in these mails sign people in, so they are the operator's alone.
        content = compose(letter).as_bytes()
        identity = hashlib.sha256(letter.message_id.encode()).hexdigest()[:12]
        place = self.path / f"{letter.written_at:%Y%m%dT%H%M%S}-{identity}.eml"
        halfway = place.with_suffix(f".{os.getpid()}.part")
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(halfway, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            halfway.replace(place)
        except OSError as error:
            raise MailRefused(f"The folder {self.path} cannot be written: {error.strerror}", permanent=False) from error
