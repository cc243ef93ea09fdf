"""Every figure made a second time, by plain SQL and pandas over the demo's rows, and held against the portal's to 1e-9.

One module a page, also for a page that is new; `facts.py` reads the rows, and nothing here uses the portal's sums.
"""
