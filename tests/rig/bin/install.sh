#!/bin/bash
# What the rig needs: Debian packages (installed when root, otherwise named) and the npm modules of the
# authorization servers. Starts no service.
set -eu
cd "$(dirname "$0")/.."
export DEBIAN_FRONTEND=noninteractive
need=()
for p in dovecot-core dovecot-imapd dovecot-lmtpd postfix postgresql clamav-daemon chromium fonts-liberation openssl nodejs npm python3; do
  case $p in   # a Node from elsewhere is as good as Debian's
    nodejs) command -v node >/dev/null && continue ;;
    npm) command -v npm >/dev/null && continue ;;
    python3) command -v python3 >/dev/null && continue ;;
  esac
  dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || need+=("$p")
done
if [ ${#need[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "rig: missing: ${need[*]}" >&2
    echo "rig: on Debian, as root:  apt-get install --no-install-recommends ${need[*]}" >&2
    exit 1
  fi
  # without this answer postfix asks a question and installs a site configuration
  echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
  # keep maintainer scripts from starting daemons on ports 25/143/993/5432 where a policy file is missing
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  # and the PostgreSQL packages from making a cluster that nobody here uses
  if [ ! -d /etc/postgresql-common ]; then mkdir -p /etc/postgresql-common; echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf; fi
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
fi
[ -d oauth/node_modules/oidc-provider ] || (cd oauth && npm ci --no-audit --no-fund --loglevel=error)
