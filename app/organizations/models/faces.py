"""What stands where a picture is missing."""

from __future__ import annotations


def initials(name: str) -> str:
    """Two letters for a face: first and last word's, in any script."""
    words = [word for word in name.split() if word[0].isalnum()] or [name or "?"]
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else words[0][1:2])).upper()
