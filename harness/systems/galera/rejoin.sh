#!/bin/sh
# Starts a node again: rejoin.sh CONFIGURATION
#
# After a crash only a recovery tells up to where the node has the cluster's writes. Without it the
# node copies everything from another one, which answers nobody meanwhile.
set -eu
position=$(mariadbd --defaults-file="$1" --log-error= --wsrep-recover 2>&1 |
  sed -n 's/.*Recovered position: *\([^ ]*\).*/\1/p' | tail -n 1)
exec mariadbd --defaults-file="$1" ${position:+"--wsrep-start-position=$position"}
