"""Own PostgreSQL and Valkey, for a machine that has neither; and the supervisor of `make run`."""
