"""How long things are kept: each room says which kinds there are, an organization says for how long.

Every night, in the organization's own zone, what is over is written into a file (where that is wanted) and deleted, or
made nameless. Rooms above register with `kinds.keeps`.
"""
