#!/bin/sh
# Creates Rollcall's namespace and its search attributes. Repeatable: what is there stays. Runs before worker and API,
# because a workflow that sets a search attribute which the server does not know fails its tasks for ever.
#
# TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE   read by temporal itself, TLS settings too
# NAMESPACE_RETENTION                    how long Temporal keeps a closed workflow; results stay in MongoDB
set -eu
: "${TEMPORAL_ADDRESS:?}" "${TEMPORAL_NAMESPACE:?}" "${NAMESPACE_RETENTION:?}"
tries=90
pause_seconds=2

# Repeats a command that may come too early: the server answers before its namespaces and attributes are known everywhere.
patiently() {
  left=$tries
  until "$@" >/tmp/answer 2>&1; do
    left=$((left - 1))
    if [ "$left" -le 0 ]; then
      echo "Temporal: '$*' failed for $((tries * pause_seconds)) s. Its last answer:" >&2
      cat /tmp/answer >&2
      exit 1
    fi
    sleep "$pause_seconds"
  done
}

is_serving() { temporal operator cluster health | grep -q SERVING; }

has_namespace() { temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE"; }

ensure_namespace() {
  has_namespace ||
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$NAMESPACE_RETENTION"
}

attributes() { # command, its options
  command="$1"
  shift
  temporal operator search-attribute "$command" --namespace "$TEMPORAL_NAMESPACE" "$@"
}

has_attribute() { # name, type
  attributes list | grep -Eq "^ *$1 +$2 *\$"
}

ensure_attribute() { # name, type
  has_attribute "$1" "$2" || {
    attributes create --name "$1" --type "$2" && has_attribute "$1" "$2"
  }
}

patiently is_serving
patiently ensure_namespace
patiently ensure_attribute RollcallConnectorId Keyword
patiently ensure_attribute RollcallTrigger Keyword
patiently ensure_attribute RollcallStatus Keyword
patiently ensure_attribute RollcallFailed Int
echo "Temporal: the namespace $TEMPORAL_NAMESPACE is ready"
