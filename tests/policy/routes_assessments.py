"""Who is answered what on the pages of results, uploads and test set-up; a line per route, as in `routes_schools`."""

ROUTES = {}
