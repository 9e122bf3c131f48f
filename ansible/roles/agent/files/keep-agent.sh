#!/bin/sh
# Keeps the agent running where there is no systemd: one keeper at a time, and again after a crash while it is wanted.
root=$(cd "$(dirname "$0")" && pwd)
# The agent inherits the lock: after the death of its keeper nobody starts a second one.
exec 9>>"$root/agent.lock"
flock -n 9 || exit 0
until /bin/sh "$root/run-agent.sh" || [ ! -e "$root/wanted" ]; do sleep 10; done
