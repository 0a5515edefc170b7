"""Every change of a page is one of these commands."""
