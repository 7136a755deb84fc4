#!/bin/bash
# Installs what is missing, starts everything that does not run yet, prints the path for RIG_JSON. Safe to call at any time,
# also twice at once.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../conf/rig.env"
"$here/install.sh" >&2
"$here/start.sh" >&2
echo "$RIG_RUN/rig.json"
