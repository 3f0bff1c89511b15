#!/usr/bin/env python3
"""A node for Maelstrom's lin-kv: the first node keeps the data, on its disk, and the others pass on
to it. Linearizable, unless SUNDER_EXAMPLE_FORGETS is set: then the data is kept in memory only."""
import json, os, sys, time

node, primary, data, seen = None, None, {}, set()
# Beyond all that were used before a restart: a late reply must not be taken for another one.
next_id = time.time_ns()
passed_on = {}  # our msg_id -> (client, its msg_id)
log = None


def send(dest, body):
    print(json.dumps({"src": node, "dest": dest, "body": body}), flush=True)


def open_log():
    path = os.path.join(os.environ["SUNDER_DIR"], "log")
    if os.path.exists(path):
        with open(path) as old:
            whole = [line for line in old if line.endswith("\n")]
        data.update(json.loads(line) for line in whole)
        with open(path, "w") as repaired:
            repaired.writelines(whole)
    return open(path, "a")


def store(key, value):
    if not os.environ.get("SUNDER_EXAMPLE_FORGETS"):
        log.write(json.dumps([key, value]) + "\n")
        log.flush()
        os.fsync(log.fileno())
    data[key] = value


def perform(body):
    key = body["key"]
    if body["type"] == "write":
        store(key, body["value"])
        return {"type": "write_ok"}
    if key not in data:
        return {"type": "error", "code": 20, "text": "no such key"}
    if body["type"] == "read":
        return {"type": "read_ok", "value": data[key]}
    if data[key] != body["from"]:
        return {"type": "error", "code": 22, "text": "the value is another one"}
    store(key, body["to"])
    return {"type": "cas_ok"}


for line in sys.stdin:
    message = json.loads(line)
    body = message["body"]
    if body["type"] == "init":
        node, primary = body["node_id"], body["node_ids"][0]
        if node == primary:
            log = open_log()
        send(message["src"], {"type": "init_ok", "in_reply_to": body["msg_id"]})
    elif "in_reply_to" in body:  # From the primary: for the client that asked us.
        client, its_id = passed_on.pop(body["in_reply_to"], (None, None))
        if client:
            send(client, {**body, "in_reply_to": its_id})
    elif (message["src"], body["msg_id"]) in seen:
        pass  # A message that came twice must not be carried out twice.
    elif node == primary:
        seen.add((message["src"], body["msg_id"]))
        send(message["src"], {**perform(body), "in_reply_to": body["msg_id"]})
    else:
        next_id += 1
        passed_on[next_id] = (message["src"], body["msg_id"])
        send(primary, {**body, "msg_id": next_id})
