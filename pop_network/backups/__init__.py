"""Backups: one folder with the database's dump, a manifest of what is in it, and the secret key."""
