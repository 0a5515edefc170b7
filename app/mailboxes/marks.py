"""How an organization knows its own mail when it comes back: every mail it sends bears its mark.

The mark is no secret of a mail's: whoever repeats it only has their own mail ignored. Another organization's mail bears
another one, also on the same installation, so two of them can write to each other.
"""

from __future__ import annotations

from app.kernel.crypto import seals


def our_mark(organization_id: int | None) -> str:
    """The value of `X-Trestleboard` in all that this organization sends; accounts' mail has one of its own."""
    return seals("mail-mark", str(organization_id))[0][:16].hex()
