#!/bin/sh
# mon.sh make NODE DIR ADDRESSES | run NODE DIR: makes a monitor, or becomes it.
# ADDRESSES are those of all monitors: n1=192.0.2.1:3300,n2=...
set -eu
verb=$1 node=$2 dir=$3
conf=$dir/ceph.conf
if [ "$verb" = make ]; then
  fsid=00000000-0000-4000-8000-000000000001
  names='' hosts='' adds=''
  for one in $(echo "$4" | tr , ' '); do
    names="$names,${one%%=*}" hosts="$hosts,[v2:${one#*=}]"
    adds="$adds --addv ${one%%=*} [v2:${one#*=}]"
  done
  cat >"$conf" <<END
[global]
fsid = $fsid
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
mon_initial_members = ${names#,}
mon_host = ${hosts#,}
ms_bind_msgr1 = false
run_dir = $dir
admin_socket = $dir/asok
log_file = $dir/ceph.log
mon_data = $dir/mon
keyring = $dir/no-keyring
mon_election_timeout = 0.5
mon_lease = 0.5
mon_tick_interval = 1
mon_warn_on_insecure_global_id_reclaim = false
END
  # shellcheck disable=SC2086 # Words.
  monmaptool --create --fsid $fsid --enable-all-features --set-min-mon-release 16 $adds "$dir/monmap"
  exec ceph-mon -c "$conf" --mkfs -i "$node" --monmap "$dir/monmap"
fi
exec ceph-mon -c "$conf" -i "$node" -f
