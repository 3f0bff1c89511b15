#!/bin/sh
# Starts one PostgreSQL server: postgresql_node.sh FOLDER HOST:PORT
set -eu
folder=$1 host=${2%:*} port=${2##*:}
programs=$(dirname "$(find /usr/lib/postgresql -name postgres -path '*/bin/*' | sort -V | tail -n 1)")
# PostgreSQL refuses to run as root: in a user namespace the same files belong to another user.
as_user='unshare --user --map-user=1000 --map-group=1000'
[ -e "$folder/PG_VERSION" ] || {
  rm -rf "$folder.new"
  $as_user "$programs/initdb" -D "$folder.new" -U sunder -A trust --locale=C -E UTF8 >&2
  # At a switch clients have addresses that are not this machine's.
  echo 'host all all all trust' >>"$folder.new/pg_hba.conf"
  mv "$folder.new" "$folder"
}
# Its processes leave the process group that is killed; in a namespace all of them die with the first one.
# At the default of one second for deadlocks, transactions that append in random order hardly end.
exec $as_user --pid --fork --kill-child "$programs/postgres" -D "$folder" -p "$port" \
  -c listen_addresses="$host" -c unix_socket_directories= -c deadlock_timeout=5ms \
  -c max_connections=200
