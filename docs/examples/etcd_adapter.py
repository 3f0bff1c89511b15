#!/usr/bin/env python3
"""An adapter for etcd: calls come as lines of JSON, each is answered by one (docs/systems.md)."""
import base64, http.client, json, sys

connections = {}


def to_base64(value):
    return base64.b64encode(str(value).encode()).decode()


def post(node, path, body):
    """etcd's answer; raises OSError or HTTPException without a whole one."""
    if node not in connections:
        connections[node] = http.client.HTTPConnection(node, timeout=0.8)
        connections[node].connect()
    connections[node].request("POST", path, json.dumps(body))
    response = connections[node].getresponse()
    answer = json.loads(response.read())
    if response.status != 200:
        raise OSError(answer.get("message", "HTTP status %d" % response.status))
    return answer


def perform(call):
    node, key = call["node"], to_base64(call["key"])
    put = lambda value: {"key": key, "value": to_base64(value)}
    if call["f"] == "read":
        found = post(node, "/v3/kv/range", {"key": key}).get("kvs")
        value = int(base64.b64decode(found[0]["value"])) if found else None
        return {"type": "ok", "value": value}
    if call["f"] == "write":
        post(node, "/v3/kv/put", put(call["value"]))
        return {"type": "ok"}
    expected, new = call["value"]
    compare = {"key": key, "target": "VALUE", "result": "EQUAL", "value": to_base64(expected)}
    done = post(node, "/v3/kv/txn", {"compare": [compare], "success": [{"request_put": put(new)}]})
    return {"type": "ok" if done.get("succeeded") else "fail"}


for line in sys.stdin:
    call = json.loads(line)
    try:
        answer = perform(call)
    except (OSError, http.client.HTTPException, ValueError) as error:
        # A connection that was refused carried nothing; a read changes nothing. Anything else may
        # have happened, or happen yet.
        connections.pop(call["node"], None)
        definite = call["f"] == "read" or isinstance(error, ConnectionRefusedError)
        answer = {"type": "fail" if definite else "info", "error": str(error)}
    print(json.dumps({"id": call["id"], **answer}), flush=True)
