#!/bin/sh
# node.sh NODE DIR CLIENT PEER ADVERTISE ROUTES: writes the configuration and becomes the server.
set -eu
cat >"$2/nats.conf" <<END
server_name: $1
listen: "$3"
jetstream { store_dir: "$2/store", max_mem: 64M, max_file: 512M }
cluster { name: C, listen: "$4", advertise: "$5", no_advertise: true, routes: [$6] }
END
exec nats-server -c "$2/nats.conf"
