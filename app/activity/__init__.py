"""Activity: what happened, as the history of one noun and as a stream of all that a member may see.

The rows are the kernel's ledger; here they become sentences.
"""
