#!/bin/sh
# node.sh NODE DIR CLIENT_PORT NODES QUEUE: writes the configuration and becomes the broker.
# NODES are the names of all nodes, such as n1,n2,n3; they are host names, too.
set -eu
node=$1 dir=$2 port=$3 nodes=$4 queue=$5
if [ "$(hostname)" != "$node" ]; then
  echo "RabbitMQ needs --network switch: all its nodes have the same ports" >&2
  exit 1
fi
home=$(echo /usr/lib/rabbitmq/lib/rabbitmq_server-*)
if [ ! -e "$dir/.erlang.cookie" ]; then
  printf sunder >"$dir/.erlang.cookie"
  chmod 400 "$dir/.erlang.cookie"
  printf '[].\n' >"$dir/plugins"
  {
    printf 'loopback_users = none\nlisteners.tcp.1 = 0.0.0.0:%s\n' "$port"
    printf 'cluster_formation.peer_discovery_backend = classic_config\n'
    if [ "$queue" = mirrored ]; then
      printf 'cluster_partition_handling = autoheal\n'
      printf 'load_definitions = %s\n' "$dir/definitions.json"
    else
      printf 'cluster_partition_handling = pause_minority\n'
    fi
    printf 'log.console = true\n'
    printf 'log.console.level = warning\nlog.file = false\n'
    i=0
    for one in $(echo "$nodes" | tr , ' '); do
      i=$((i + 1))
      printf 'cluster_formation.classic_config.nodes.%s = rabbit@%s\n' $i "$one"
    done
  } >"$dir/rabbitmq.conf"
  # Each queue has a mirror on all nodes. The password's hash is that of "guest".
  cat >"$dir/definitions.json" <<'END'
{"vhosts": [{"name": "/"}],
 "users": [{"name": "guest", "tags": "administrator",
            "hashing_algorithm": "rabbit_password_hashing_sha256",
            "password_hash": "c25kMaieU8zp5KfwG8UId3+lYc7BBZ2+1NF180261MXWuXRh"}],
 "permissions": [{"user": "guest", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"}],
 "policies": [{"vhost": "/", "name": "mirrors", "pattern": ".*", "apply-to": "queues",
               "definition": {"ha-mode": "all", "ha-sync-mode": "automatic"}}]}
END
  printf '[{kernel, [{net_ticktime, 5}]}].\n' >"$dir/advanced.config"
fi
export HOME="$dir" ERL_CRASH_DUMP="$dir/erl_crash.dump" \
  RABBITMQ_NODENAME="rabbit@$node" RABBITMQ_MNESIA_BASE="$dir/mnesia" \
  RABBITMQ_LOG_BASE="$dir/log" RABBITMQ_PID_FILE="$dir/pid" \
  RABBITMQ_ENABLED_PLUGINS_FILE="$dir/plugins" RABBITMQ_CONFIG_FILE="$dir/rabbitmq.conf" \
  RABBITMQ_ADVANCED_CONFIG_FILE="$dir/advanced.config" RABBITMQ_CONF_ENV_FILE=/dev/null \
  RABBITMQ_GENERATED_CONFIG_DIR="$dir/config" \
  RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 1:1 +sbwt none"
exec "$home/sbin/rabbitmq-server"
