"""Addresses of teams and workspaces, on the organizations' own blueprint."""
