#!/usr/bin/env python3
"""An adapter for the monitors of Ceph: registers are their config-keys. Debian's package is
python3-rados, the client of all that use Ceph.

librados knows all monitors and sends a command again when it reconnects. Options:
timeouts=default|short: how soon it gives a connection up."""
import asyncio
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import rados

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from adapter import Failed, Unknown, options, serve, time_left

SHORT = {"mon_client_ping_interval": "0.5", "mon_client_ping_timeout": "1",
         "mon_client_hunt_interval": "0.3"}
SETTINGS = {"auth_client_required": "none", "auth_cluster_required": "none",
            "auth_service_required": "none", "keyring": "/nowhere", "log_file": "/dev/null",
            **(SHORT if options(sys.argv[1:]).get("timeouts") == "short" else {})}
ENOENT, ETIMEDOUT = -2, -110
threads = ThreadPoolExecutor(128)
clusters = {}


def connect(node):
    cluster = rados.Rados(conf={"mon_host": "[v2:%s]" % node, "client_mount_timeout": "2",
                                **SETTINGS})
    cluster.connect(timeout=2)
    return cluster


async def cluster_at(node):
    """Raises Failed: nothing was sent."""
    if node not in clusters:
        clusters[node] = asyncio.get_running_loop().run_in_executor(threads, connect, node)
    try:
        return await asyncio.wait_for(asyncio.shield(clusters[node]), time_left())
    except asyncio.TimeoutError:
        raise Failed("no connection in time") from None
    except rados.Error as error:
        clusters.pop(node, None)
        raise Failed("no connection: %s" % error) from None


async def command(cluster, **words):
    """The number and the bytes of the answer. librados may send a command for long after the call."""
    asked = asyncio.get_running_loop().run_in_executor(
        threads, cluster.mon_command, json.dumps(words), b"")
    try:
        number, said, text = await asyncio.wait_for(asyncio.shield(asked), time_left())
    except (asyncio.TimeoutError, rados.Error) as error:
        raise Unknown("no answer in time %s" % error) from None
    if number not in (0, ENOENT):
        raise Unknown("%d: %s" % (number, text))
    return number, said


async def perform(call):
    cluster = await cluster_at(call["node"])
    key = "sunder/" + call["key"]
    if call["f"] in ("write", "setup"):
        await command(cluster, prefix="config-key set", key=key, val=json.dumps(call["value"]))
        return None
    try:
        number, said = await command(cluster, prefix="config-key get", key=key)
    except Unknown as error:
        raise Failed(str(error)) from None
    value = None if number == ENOENT else json.loads(said)
    if call["f"] == "read":
        return value
    # Monitors have no compare-and-set; the workload's is a comparison that never writes.
    expected = call["value"][0]
    raise Failed("no compare-and-set", **({} if value == expected else {"found": value}))


serve(perform)
