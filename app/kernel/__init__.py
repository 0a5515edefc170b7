"""Kernel: what every room stands on. Database, tenancy, ledger and outbox, timers, jobs, live versions, access, crypto.

It knows no HTTP: nothing here imports Flask's request side.
"""
