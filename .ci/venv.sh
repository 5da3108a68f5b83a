#!/bin/sh
# Make the virtual environment, once for each state of pyproject.toml.
# usage: venv.sh run|dev     (dev has everything run has; PYTHON=… chooses the interpreter)
set -eu
cd "$(dirname "$0")/.."
want=$1
venv=.venv
mark=$venv/.made-$want
[ "$want" = run ] && [ -f $venv/.made-dev ] && mark=$venv/.made-dev
[ -f "$mark" ] && [ "$mark" -nt pyproject.toml ] && exit 0

PYTHON=${PYTHON:-}
for candidate in python3 python3.11 python3.12 python3.13 python3.14; do
  [ -n "$PYTHON" ] && break
  "$candidate" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null && PYTHON=$candidate
done
if [ -z "$PYTHON" ]; then
  echo "Pantau needs Python 3.11 or later. Debian 12, Ubuntu 24.04: apt install python3 python3-venv; EL 9: dnf install python3.11" >&2
  exit 2
fi
if ! "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing python3-venv ..." >&2
    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y python3-venv >/dev/null
  else
    echo "The module venv is missing: apt install python3-venv (as root), then try again" >&2
    exit 2
  fi
fi
echo "Setting up $venv ($want) ..." >&2
"$PYTHON" -m venv $venv
log=$venv/setup.log
{
  $venv/bin/python -m pip install --disable-pip-version-check -q --upgrade 'pip>=25.1'
  if [ "$want" = dev ]; then
    $venv/bin/python -m pip install --disable-pip-version-check -q --group dev -e '.[collector,postgres]'
  else
    $venv/bin/python -m pip install --disable-pip-version-check -q -e '.[collector]'
  fi
} >$log 2>&1 || { cat $log >&2; echo "The set-up failed; is there a network? The log is $log" >&2; exit 1; }
touch $venv/.made-"$want"
