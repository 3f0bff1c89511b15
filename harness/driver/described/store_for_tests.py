#!/usr/bin/env python3
"""A small store for tests of descriptions, with its adapter: one file, one mode a process.

The first node keeps the registers, in memory and in the file `log` of its folder. The other nodes
pass on to it. A node starts only on a folder that `initialise` made, and answers only when somebody
has called `setup`."""
import json, os, socketserver, socket, sys, threading

mode, words = sys.argv[1], dict(word.split("=", 1) for word in sys.argv[2:])


def initialise():
    os.mkdir(os.path.join(words["dir"], "data"))  # Fails the second time.


def address(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


class Store:
    def __init__(self):
        self.lock, self.data, self.is_set_up = threading.Lock(), {}, False
        self.path = os.path.join(words["dir"], "data", "log")
        if os.path.exists(self.path):
            self.is_set_up = True
            with open(self.path) as log:
                self.data = dict(json.loads(line) for line in log)
        self.log = open(self.path, "a")

    def perform(self, call):
        with self.lock:
            return self.perform_alone(call)

    def perform_alone(self, call):
        if call["f"] == "setup":
            self.is_set_up = True
            return {"type": "ok"}
        if not self.is_set_up:
            return {"type": "fail", "error": "nobody called setup"}
        key, value = call["key"], call["value"]
        if call["f"] == "read":
            return {"type": "ok", "value": self.data.get(key)}
        if call["f"] == "cas":
            if self.data.get(key) != value[0]:
                return {"type": "fail", "found": self.data.get(key)}
            value = value[1]
        self.log.write(json.dumps([key, value]) + "\n")
        self.log.flush()
        os.fsync(self.log.fileno())
        self.data[key] = value
        return {"type": "ok"}


def pass_on(call):
    """What happens to a write whose answer is lost is unknown."""
    try:
        connection = socket.create_connection(address(words["primary"]), timeout=0.8)
    except OSError as error:
        return {"type": "fail", "error": str(error)}
    try:
        with connection, connection.makefile("rw") as stream:
            stream.write(json.dumps(call) + "\n")
            stream.flush()
            return json.loads(stream.readline())
    except (OSError, ValueError) as error:
        return {"type": "info", "error": "no answer: %s" % error}


def serve():
    with open(words.get("conf", os.devnull)) as conf:
        print("the configuration says:", conf.read().strip(), flush=True)
    print("environment:", " ".join(sorted(os.environ)), "uid:", os.getuid(), flush=True)
    os.stat(os.path.join(words["dir"], "data"))
    store = Store() if words["node"] == "n1" else None
    perform = store.perform if store else pass_on

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            for line in self.rfile:
                self.wfile.write((json.dumps(perform(json.loads(line))) + "\n").encode())

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address, daemon_threads = True, True

    for port in words["listen"].split(","):
        server = Server(address(port), Handler)
        threading.Thread(target=server.serve_forever).start()


def adapter():
    if words.get("reads") == "local":
        print("reads are local", file=sys.stderr, flush=True)
    connections = {}
    for line in sys.stdin:
        call = json.loads(line)
        try:
            if call["node"] not in connections:
                connection = socket.create_connection(address(call["node"]), timeout=0.9)
                connections[call["node"]] = connection.makefile("rw")
            stream = connections[call["node"]]
            stream.write(json.dumps(call) + "\n")
            stream.flush()
            answer = json.loads(stream.readline())
        except (OSError, ValueError) as error:
            connections.pop(call["node"], None)
            definite = call["f"] == "read" or isinstance(error, ConnectionRefusedError)
            answer = {"type": "fail" if definite else "info", "error": str(error)}
        print(json.dumps({"id": call["id"], **answer}), flush=True)


{"initialise": initialise, "serve": serve, "adapter": adapter}[mode]()
