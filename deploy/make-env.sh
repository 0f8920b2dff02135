#!/bin/sh
# Writes ./.env with a random value for every secret that docker-compose.yml asks for, readable by its owner only.
# An existing file stays: new secrets would lock the installation out of its own data.
set -eu
file="${1:-.env}"
umask 077
if [ -e "$file" ]; then
  echo "$file is there already: it stays as it is" >&2
  exit 1
fi
secret() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
{
  echo '# Secrets of Rollcall. Keep a copy in a safe place: without ROLLCALL_ENCRYPTION_KEY stored passwords are lost.'
  for name in ROLLCALL_ENCRYPTION_KEY ROLLCALL_ADMIN_TOKEN MONGODB_ADMIN_PASSWORD MONGODB_PASSWORD \
    MONGODB_REPLICA_KEY TEMPORAL_DB_PASSWORD; do
    echo "$name=$(secret)"
  done
} >"$file"
echo "$file: written"
