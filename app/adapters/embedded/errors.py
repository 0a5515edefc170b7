"""What can go wrong with the embedded servers. Every message is one sentence for the operator."""

from __future__ import annotations


class EmbeddedError(Exception):
    """An embedded server or its folder cannot be used."""


class FolderUnusable(EmbeddedError):
    """The instance folder is not ours or cannot be written."""


class InstanceInUse(EmbeddedError):
    """Another process runs the servers of this instance."""


class ServerFailed(EmbeddedError):
    """PostgreSQL or Valkey did not start, or would not stop."""
