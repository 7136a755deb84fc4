#!/bin/bash
# Stops the rig or the parts named, by remembered process id only.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../conf/rig.env"
R=$RIG_RUN
list=${*:-proxy postfix dovecot oauth clamd postgres}
case " $list " in *" postgres "*) "$here/postgres.sh" stop; list=${list//postgres/} ;; esac
for part in $list; do [ -s "$R/pid/$part" ] && kill -TERM "$(tr -d ' ' <"$R/pid/$part")" 2>/dev/null; done
for part in $list; do
  f=$R/pid/$part; [ -s "$f" ] || continue
  pid=$(tr -d ' ' <"$f")
  for ((i=0;i<200;i++)); do alive "$pid" || break; sleep 0.02; done
  alive "$pid" && { echo "rig: $part ($pid) did not stop, killing" >&2; kill -KILL "$pid"; }
  kill -TERM -- "-$pid" 2>/dev/null   # every part leads its own process group: helpers orphaned by a kill -9 go too
  rm -f "$f"
done
