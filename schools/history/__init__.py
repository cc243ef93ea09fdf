"""History: what was changed in rosters, roles, agreements, tests, uploads and settings, by whom, from what to what."""
