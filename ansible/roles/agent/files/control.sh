#!/bin/sh
# Starts or stops the agent of this machine: control.sh start|stop MACHINE. Asked twice, it is done once; it returns at once.
set -eu
root=$(cd "$(dirname "$0")" && pwd)
service=taaf-agent.service
if [ "$(cat "$root/machine" 2>/dev/null)" != "$2" ]; then
  echo "this machine is not configured as $2" >&2
  exit 3
fi

has_systemd() { [ -d /run/systemd/system ]; }
# A shell of its own, since the lock goes with its descriptor.
lives() { ! flock -n "$root/agent.lock" true; }

start() {
  [ ! -e "$root/ended" ] || return 0
  : >"$root/wanted"
  if has_systemd; then
    systemctl start --no-block "$service"
  else
    setsid /bin/sh "$root/keep-agent.sh" </dev/null >/dev/null 2>&1 &
  fi
}

# The number is the agent's while the lock is held.
signal_agent() { kill -s "$1" -- "-$(cat "$root/agent.pid")" 2>/dev/null || true; }

stop() {
  rm -f "$root/wanted"
  if has_systemd; then
    systemctl stop "$service"
    return
  fi
  tries=0
  while lives; do
    tries=$((tries + 1))
    if [ $tries -le 10 ]; then signal_agent TERM; else signal_agent KILL; fi
    sleep 1
  done
}

case "$1" in
  start) start ;;
  stop) stop ;;
  *) echo "control.sh knows start and stop, not $1" >&2; exit 2 ;;
esac
