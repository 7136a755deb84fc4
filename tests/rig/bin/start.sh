#!/bin/bash
# Starts what does not run yet of the whole rig (or of the parts named: postgres oauth dovecot postfix clamd proxy) and waits
# until every port answers. May be called at any time, also twice at once.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../conf/rig.env"
parts=${*:-postgres oauth dovecot postfix clamd proxy}
R=$RIG_RUN
[ "$(id -u)" = 0 ] || { echo "rig: Postfix and separate users need root: run this as root, or name the parts that do not (postgres oauth proxy)" >&2; [ $# -gt 0 ] || exit 1; }
mkdir -p -m 755 "$R"
[ -O "$R" ] || { echo "rig: $R belongs to somebody else" >&2; exit 1; }
exec 8>"$R/.lock"; flock 8     # every daemon below is started with 8>&-, or it would keep the lock
mkdir -p "$R"/{log,pid,tls,oauth,mail,dovecot/{base,state},postfix/{etc,spool,data},clamd/db}
if [ "$(id -u)" = 0 ]; then chown "$RIG_MAIL_UID:$RIG_MAIL_UID" "$R/mail"; chown postfix "$R/postfix/data"; chown clamav "$R/clamd"; fi
now() { date +%s%N; }
t0=$(now)
todo=
for part in $parts; do   # a second one would fight for the same ports and mail folder
  [ "$part" != postgres ] || { "$here/postgres.sh" start; printf 'rig: %-8s ready after %5d ms
' postgres $(( ($(now)-t0)/1000000 )); continue; }
  running "$part" || todo+=" $part"
done
parts=$todo

render() { # template -> file: replaces @NAME@ by the variable NAME
  local text; text=$(<"$1"); local v
  for v in RIG_RUN RIG_MAIL_UID P_CTL P_GOOGLE P_MS P_IMAP P_IMAPS P_LMTP P_MX P_SUBM P_SMTPS P_CLAM P_PXCTL P_PXIMAPS P_PXSUBM P_PXSMTPS \
           IP_GENERIC IP_GOOGLE IP_MS MS_TENANT DOM_GOOGLE DOM_MS DOM_PLAIN; do
    text=${text//@$v@/${!v}}
  done
  printf '%s\n' "$text" >"$2"
}
took() { printf 'rig: %-8s ready after %5d ms\n' "$1" $(( ($(now)-$2)/1000000 )); }

if [ ! -s "$R/tls/server.pem" ]; then   # CA and leaf apart: rustls refuses a CA certificate as a server's own
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj '/CN=Rig test CA' \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign -keyout "$R/tls/ca.key" -out "$R/tls/ca.pem" 2>/dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=localhost' -keyout "$R/tls/server.key" -out "$R/tls/server.csr" 2>/dev/null
  openssl x509 -req -in "$R/tls/server.csr" -CA "$R/tls/ca.pem" -CAkey "$R/tls/ca.key" -CAcreateserial -days 825 -out "$R/tls/server.crt" -extfile <(
    printf 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost,DNS:mx.rig.test,DNS:*.rig.test,IP:127.0.0.1,IP:%s,IP:%s,IP:%s,IP:::1\n' "$IP_GENERIC" "$IP_GOOGLE" "$IP_MS") 2>/dev/null
  cat "$R/tls/server.crt" "$R/tls/ca.pem" >"$R/tls/server.pem"; chmod 600 "$R"/tls/*.key
fi

cat >"$R/rig.json.new" <<J
{ "ca": "$R/tls/ca.pem", "control": "http://127.0.0.1:$P_CTL", "proxyControl": "http://127.0.0.1:$P_PXCTL",
  "google": { "issuer": "https://127.0.0.1:$P_GOOGLE", "imapHost": "$IP_GOOGLE", "clientId": "rig-google-client", "clientSecret": "rig-google-secret", "domain": "$DOM_GOOGLE" },
  "ms": { "issuer": "https://127.0.0.1:$P_MS/$MS_TENANT/v2.0", "common": "https://127.0.0.1:$P_MS/common/v2.0", "imapHost": "$IP_MS", "clientId": "3f0a4c1e-0000-4000-8000-000000000001", "clientSecret": "rig~ms~secret", "domain": "$DOM_MS", "tenant": "$MS_TENANT" },
  "plain": { "imapHost": "$IP_GENERIC", "domain": "$DOM_PLAIN" },
  "ports": { "imap": $P_IMAP, "imaps": $P_IMAPS, "submission": $P_SUBM, "smtps": $P_SMTPS, "mx": $P_MX, "clamd": $P_CLAM, "proxyImaps": $P_PXIMAPS, "proxySubmission": $P_PXSUBM, "proxySmtps": $P_PXSMTPS },
  "postgres": { "data": "postgres://loket@127.0.0.1:$P_PGDATA/postgres", "keys": "postgres://loket@127.0.0.1:$P_PGKEYS/postgres", "socketDir": "$R/pg" },
  "dovecotConf": "$R/dovecot/dovecot.conf", "clamdSocket": "$R/clamd/clamd.sock", "mailRoot": "$R/mail", "run": "$R" }
J
mv "$R/rig.json.new" "$R/rig.json"
for part in $parts; do case $part in
oauth)
  render "$here/../conf/oauth.json.in" "$R/oauth/config.json"
  (cd "$here/../oauth" && exec setsid node --disable-warning=ExperimentalWarning server.mjs "$R/oauth/config.json") >>"$R/log/oauth.log" 2>&1 8>&- & echo $! >"$R/pid/oauth" ;;
dovecot)
  for f in dovecot.conf oauth2-google.conf oauth2-ms.conf users passwd.plain; do render "$here/../conf/$f.in" "$R/dovecot/$f"; done
  sed 's/IMAP.AccessAsUser.All/SMTP.Send/' "$R/dovecot/oauth2-ms.conf" >"$R/dovecot/oauth2-ms-smtp.conf"
  chgrp dovecot "$R"/dovecot/{oauth2-google.conf,oauth2-ms.conf,oauth2-ms-smtp.conf,users,passwd.plain}; chmod 640 "$R"/dovecot/{oauth2-google.conf,oauth2-ms.conf,oauth2-ms-smtp.conf,users,passwd.plain}
  rm -f "$R/dovecot/base/master.pid"   # left by kill -9; a zombie of that number makes Dovecot say "already running"
  setsid dovecot -F -c "$R/dovecot/dovecot.conf" >>"$R/log/dovecot.out" 2>&1 8>&- & echo $! >"$R/pid/dovecot" ;;
postfix)
  for f in recipients faults senders sentcopy testers testcopy; do render "$here/../conf/$f.in" "$R/postfix/etc/$f"; done
  for f in main.cf master.cf; do render "$here/../conf/$f.in" "$R/postfix/etc/$f"; done
  # "postfix start" forks postconf some 40 times and checks the tree: 2 s. With the queue folders made here master(8) starts alone.
  Q=$R/postfix/spool
  mkdir -p "$Q"/{active,bounce,corrupt,defer,deferred,flush,hold,incoming,private,saved,trace,maildrop,public,pid}
  chown postfix "$Q"/{active,bounce,corrupt,defer,deferred,flush,hold,incoming,private,saved,trace,maildrop,public} "$R/postfix/data"
  chmod 700 "$Q"/{active,bounce,corrupt,defer,deferred,flush,hold,incoming,private,saved,trace} "$R/postfix/data"
  chgrp postdrop "$Q"/{maildrop,public}; chmod 730 "$Q/maildrop"; chmod 710 "$Q/public"
  # -w: returns when the daemon is up. A fatal error shows on a terminal only (the log is not open yet): script(1) lends one
  rm -f "$Q/pid/master.pid"
  touch -d '-60 seconds' "$R"/postfix/etc/*   # Postfix waits up to 2 s for a configuration file written "just now" to settle
  /usr/lib/postfix/sbin/master -c "$R/postfix/etc" -w </dev/null >/dev/null 2>&1 8>&- || { script -qec "/usr/lib/postfix/sbin/master -c '$R/postfix/etc' -w" /dev/null </dev/null; exit 1; } ;;
clamd)
  cp "$here/../conf/rig.ndb" "$R/clamd/db/"; render "$here/../conf/clamd.conf.in" "$R/clamd/clamd.conf"
  setsid clamd --config-file="$R/clamd/clamd.conf" >>"$R/log/clamd.out" 2>&1 8>&- & echo $! >"$R/pid/clamd" ;;
proxy)
  setsid python3 "$here/../proxy/faultproxy.py" --control "127.0.0.1:$P_PXCTL" --cert "$R/tls/server.pem" --key "$R/tls/server.key" \
    "imaps=127.0.0.1:$P_PXIMAPS:tls>$IP_GENERIC:$P_IMAPS:tls" "smtps=127.0.0.1:$P_PXSMTPS:tls>127.0.0.1:$P_SMTPS:tls" "subm=127.0.0.1:$P_PXSUBM:tcp>127.0.0.1:$P_SUBM:tcp" \
    >>"$R/log/proxy.log" 2>&1 8>&- & echo $! >"$R/pid/proxy" ;;
*) echo "rig: no part $part" >&2; exit 2 ;;
esac; done

for part in $parts; do case $part in
oauth) waitport 127.0.0.1 "$P_CTL" oauth; waitport 127.0.0.1 "$P_MS" oauth;;
dovecot) waitport "$IP_MS" "$P_IMAPS" dovecot; waitport "$IP_GENERIC" "$P_IMAP" dovecot; for ((i=0;i<100;i++)); do [ -S "$R/dovecot/auth-postfix" ] && break; sleep 0.05; done;;
postfix) waitport 127.0.0.1 "$P_MX" postfix; waitport 127.0.0.1 "$P_SMTPS" postfix; cp "$R/postfix/spool/pid/master.pid" "$R/pid/postfix";;
clamd) waitport 127.0.0.1 "$P_CLAM" clamd;;
proxy) waitport 127.0.0.1 "$P_PXCTL" proxy;;
esac; took "$part" "$t0"; done
