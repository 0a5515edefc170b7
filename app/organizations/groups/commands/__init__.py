"""Every change of teams and workspaces, and of who is in them."""
