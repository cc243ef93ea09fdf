"""Pages as PDF. A document is made of blocks from the same query object as the page and its files.

To add one: a function that takes the query object and gives back a `Document` (see `schools.py`), and in the view that
sends it, behind the form's right, purpose and log: `pdf_file(document, Maker(name, moment))`.
"""
