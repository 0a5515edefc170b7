"""Adapters: the outer world, each behind a small face. Mail, outbound HTTP, files, charts, the embedded servers."""
