#!/bin/sh
# Run once by the database's own image, on an empty volume: the two roles, and the database of the one.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres \
  --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE portal_app LOGIN PASSWORD :'app_password';
CREATE ROLE portal_owner LOGIN PASSWORD :'owner_password' IN ROLE portal_app;
CREATE DATABASE portal OWNER portal_owner;
REVOKE CONNECT ON DATABASE portal FROM PUBLIC;
GRANT CONNECT ON DATABASE portal TO portal_app;
SQL
