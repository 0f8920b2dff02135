#!/bin/sh
# Creates Temporal's two databases and brings their tables to the version of this image. Repeatable: what is there stays,
# and a newer image brings what has been added since. Runs before the server, which refuses an older schema.
#
# SQL_HOST, SQL_PORT, SQL_USER, SQL_PASSWORD, SQL_PLUGIN   read by temporal-sql-tool itself
# SCHEMA_DIR                                               default: where the image has it
set -eu
: "${SQL_HOST:?}" "${SQL_USER:?}" "${SQL_PASSWORD:?}" "${SQL_PLUGIN:?}"
schema="${SCHEMA_DIR:-/etc/temporal/schema/postgresql/v12}"

bring_up() { # database, folder of its schema
  temporal-sql-tool --database "$1" create-database
  temporal-sql-tool --database "$1" setup-schema --version 0.0
  temporal-sql-tool --database "$1" update-schema --schema-dir "$schema/$2/versioned"
}

bring_up temporal temporal
bring_up temporal_visibility visibility
echo 'Temporal: the databases are ready'
