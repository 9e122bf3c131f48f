#!/bin/sh
# Runs the agent once; leaves `ended` when it ended by itself.
root=$(cd "$(dirname "$0")" && pwd)
cd "$root" || exit 1
[ ! -e ended ] || exit 0
# A session of its own: the agent's guardian kills the agent's whole process group, and we are not to be in it.
setsid kit/bin/node kit/dist/agent.js "$root/settings.json" </dev/null >>agent.log 2>&1 &
echo $! >agent.pid
wait $!
code=$?
[ $code -ne 0 ] || : >ended
exit $code
