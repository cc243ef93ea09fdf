"""Who is answered what on the pages of results, uploads and test set-up: a table for each part."""

from tests.policy import routes_releases, routes_results, routes_setup, routes_uploads

ROUTES = routes_results.ROUTES | routes_releases.ROUTES | routes_setup.ROUTES | routes_uploads.ROUTES
