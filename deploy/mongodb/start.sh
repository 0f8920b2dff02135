#!/bin/bash
# Runs mongod as a member of the replica set `rollcall`. With a key file every client has to log in; the key is what the
# members know each other by. mongod takes it only from a file that nobody else can read, so it is put into memory here.
set -eu
: "${MONGODB_REPLICA_KEY:?}" "${MONGODB_CACHE_GB:?}"
key=/run/mongodb/replica-key
(
  umask 077
  printf '%s\n' "$MONGODB_REPLICA_KEY" >"$key"
)
unset MONGODB_REPLICA_KEY
exec mongod --replSet rollcall --keyFile "$key" --bind_ip_all --wiredTigerCacheSizeGB "$MONGODB_CACHE_GB"
