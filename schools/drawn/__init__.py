"""Pages drawn once for a reader and shown again until something they show has changed.

`pages.py` is the door for views, `watching.py` puts the triggers that tell of changes, `keeping.py` reads and writes
what is kept, `ahead.py` draws anew what readers will look at again. Why it is exact:
`docs/decisions/0017-drawn-pages.md`.
"""
