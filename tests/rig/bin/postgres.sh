#!/bin/bash
# Two small private PostgreSQL clusters, because Loket's data and its keyring live in different ones.
# postgres.sh start|stop; superuser "loket" without a password, loopback and a Unix socket only, nothing is synced to disk.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../conf/rig.env"
R=$RIG_RUN/pg
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || { echo "rig: no PostgreSQL under /usr/lib/postgresql; run bin/install.sh" >&2; exit 1; }
if [ "$(id -u)" = 0 ]; then as() { setpriv --reuid postgres --regid postgres --clear-groups "$@"; }; owner=postgres   # initdb refuses root
else as() { "$@"; }; owner=$(id -un); fi

start_one() { # name port
  local dir=$R/$1
  if running "pg-$1"; then return; fi
  if [ ! -s "$dir/PG_VERSION" ]; then
    rm -rf "$dir"
    as "$bin/initdb" -D "$dir" -U loket -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$R/$1.initdb.log" 2>&1 || { cat "$R/$1.initdb.log" >&2; exit 1; }
  fi
  rm -f "$dir/postmaster.pid"   # left by kill -9; the check above saw that nobody runs
  (cd "$R" && exec setsid "${launch[@]}" "$bin/postgres" -D "$dir" -p "$2" -c listen_addresses=127.0.0.1 -c "unix_socket_directories=$R" \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB -c max_wal_size=256MB \
    -c autovacuum_naptime=10s -c log_min_messages=warning) >>"$R/$1.log" 2>&1 8>&- & echo $! >"$RIG_RUN/pid/pg-$1"
}
case ${1:-} in
start)
  launch=(); [ "$(id -u)" != 0 ] || launch=(setpriv --reuid postgres --regid postgres --clear-groups)
  mkdir -p "$RIG_RUN/pid" "$R"; chmod 755 "$R"; chown "$owner" "$R"
  start_one data "$P_PGDATA" & a=$!; start_one keys "$P_PGKEYS" & b=$!; wait $a; wait $b
  for one in "data $P_PGDATA" "keys $P_PGKEYS"; do
    set -- $one
    for ((i=0;i<400;i++)); do "$bin/pg_isready" -q -h 127.0.0.1 -p "$2" && continue 2; sleep 0.05; done
    echo "rig: PostgreSQL ($1) does not answer on $2" >&2; tail -5 "$R/$1.log" >&2; exit 1
  done ;;
stop)
  for n in data keys; do
    running "pg-$n" || continue
    pid=$(tr -d ' ' <"$RIG_RUN/pid/pg-$n"); kill -INT "$pid" || true     # fast shutdown
    for ((i=0;i<200;i++)); do alive "$pid" || break; sleep 0.05; done
    alive "$pid" && kill -QUIT "$pid"
    rm -f "$RIG_RUN/pid/pg-$n"
  done ;;
*) echo "usage: postgres.sh start|stop" >&2; exit 2 ;;
esac
