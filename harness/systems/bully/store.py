#!/usr/bin/env python3
"""store.py NODE DIR CLIENT PEER PEERS [majority=on|off]: a primary-backup store whose primary is
elected by the bully algorithm: the reachable node with the highest number coordinates.

With majority=on a node coordinates only with the promises of a majority, adopts the newest state
that they know, and a write is done when a majority has it. With majority=off the reachable nodes
decide, so each side of a partition has a coordinator of its own."""
import asyncio
import json
import os
import sys
import time

HEARTBEAT, ALIVE = 0.05, 0.8  # Seconds.


def line_of(message):
    return json.dumps(message).encode() + b"\n"


class State:
    """What survives a kill: a file of changes. `version` (term, index) names one state: only the
    coordinator of a term makes states of it, one after the other."""

    def __init__(self, folder):
        self.promised, self.version, self.values = 0, (0, 0), {}
        path = os.path.join(folder, "changes")
        for line in open(path, errors="replace") if os.path.exists(path) else []:
            try:
                self.apply(json.loads(line))
            except ValueError:
                pass  # The server was killed while it wrote the line.
        self.file = open(path, "ab", buffering=0)
        self.file.write(b"\n")

    def apply(self, change):
        self.promised = max(self.promised, change["promised"])
        if "values" in change:
            self.values = dict(change["values"])
        self.values.update(change.get("set", {}))
        self.version = tuple(change.get("version", self.version))

    def change(self, **change):
        change.setdefault("promised", self.promised)
        self.file.write(line_of(change))
        self.apply(change)


class Link:
    """Requests of this node to a peer, and its answers, in order."""

    def __init__(self, address):
        self.address, self.heard, self.promised = address, 0.0, 0
        self.writer, self.waiting = None, []

    async def keep_open(self):
        while True:
            try:
                host, port = self.address.rsplit(":", 1)
                reader, self.writer = await asyncio.open_connection(host, port, limit=1 << 26)
                while line := await reader.readline():
                    self.heard = time.monotonic()
                    told = json.loads(line)
                    self.promised = max(self.promised, told.get("promised", 0))
                    self.waiting.pop(0)(told)
            except OSError:
                await asyncio.sleep(HEARTBEAT)
            self.close()

    def close(self):
        if self.writer:
            self.writer.close()
        self.writer, waiting, self.waiting = None, self.waiting, []
        for told in waiting:
            told({})

    def ask(self, line, told):
        """`told` gets the answer, {} if there can be none."""
        if not self.writer:
            return told({})
        self.waiting.append(told)
        self.writer.write(line)


class Node:
    def __init__(self, name, folder, peers, has_majority_rule):
        self.number, self.state, self.term = int(name[1:]), State(folder), None
        self.links = {int(peer[1:]): Link(address) for peer, address in peers if peer != name}
        self.majority = (len(peers) // 2 + 1) if has_majority_rule else None

    def alive(self):
        since = time.monotonic() - ALIVE
        return [number for number, link in self.links.items() if link.heard > since]

    async def agreed(self, request):
        """The answers of those that agree, as soon as they are enough; None: they are not."""
        peers = self.alive() if self.majority is None else list(self.links)
        enough = len(peers) if self.majority is None else self.majority - 1
        answers, left, line = [], len(peers), line_of(request)
        decided = asyncio.get_running_loop().create_future()

        def decide():
            if not decided.done():
                decided.set_result(None)

        def told(link, answer):
            nonlocal left
            if answer.get("is_behind"):
                return link.ask(line_of(self.whole_state()), lambda answer: told(link, answer))
            left -= 1
            if answer.get("agrees"):
                answers.append(answer)
            if len(answers) >= enough or not left:
                decide()

        for peer in peers:
            self.links[peer].ask(line, lambda answer, link=self.links[peer]: told(link, answer))
        if enough:
            timer = asyncio.get_running_loop().call_later(ALIVE, decide)
            await decided
            timer.cancel()
        return answers if len(answers) >= enough or self.majority is None else None

    def whole_state(self):
        return {"is": "state", "promised": self.state.promised, "version": self.state.version,
                "values": self.state.values}

    async def elect(self):
        known = [self.state.promised] + [link.promised for link in self.links.values()]
        term = (max(known) // 16 + 1) * 16 + self.number
        self.state.change(promised=term)
        promises = await self.agreed({"is": "coordinate", "promised": term})
        if promises is None or self.state.promised != term:
            return
        newest = max(promises, key=lambda told: told["version"], default=None)
        values = self.state.values
        if newest and tuple(newest["version"]) > self.state.version:
            values = newest["values"]
        self.state.change(version=(term, 0), values=values)
        if await self.agreed(self.whole_state()) is not None and self.state.promised == term:
            self.term = term

    async def coordinate(self):
        while True:
            await asyncio.sleep(HEARTBEAT)
            for link in self.links.values():
                link.ask(line_of({"is": "ping", "promised": self.state.promised}), lambda _: None)
            alive = self.alive() + [self.number]
            leads = max(alive) == self.number and len(alive) >= (self.majority or 1)
            if not leads or self.term != self.state.promised:
                self.term = None
            if leads and self.term is None:
                await self.elect()

    def answer_peer(self, asked):
        if asked["promised"] < self.state.promised:
            return {"promised": self.state.promised}
        if asked["is"] == "ping":
            return {"agrees": True}
        if asked["is"] == "coordinate":
            self.state.change(promised=asked["promised"])
            return {"agrees": True, "version": self.state.version, "values": self.state.values}
        change = {name: asked[name] for name in ("promised", "version", "values", "set")
                  if name in asked}
        if asked["is"] == "change" and tuple(asked["after"]) != self.state.version:
            return {"is_behind": True}
        if tuple(asked["version"]) > self.state.version:
            self.state.change(**change)
        return {"agrees": True}

    async def answer_client(self, asked):
        """Reads are replicated like writes: a deposed coordinator finds no majority for them."""
        if self.term is None or self.term != self.state.promised:
            return {"type": "fail", "error": "not the coordinator"}
        key, after, value = asked["key"], self.state.version, asked["value"]
        held = self.state.values.get(key)
        if asked["f"] == "cas" and held != value[0]:
            return {"type": "fail", "error": "another value"}
        change = {} if asked["f"] == "read" else {key: value[1] if asked["f"] == "cas" else value}
        version = (after[0], after[1] + 1)
        self.state.change(version=version, set=change)
        request = {"is": "change", "promised": self.term, "after": after, "version": version,
                   "set": change}
        if await self.agreed(request) is None:
            return {"type": "info", "error": "no majority"}
        return {"type": "ok", "value": held if asked["f"] == "read" else None}

    async def serve_peer(self, reader, writer):
        while line := await reader.readline():
            writer.write(line_of(self.answer_peer(json.loads(line))))
        writer.close()

    async def serve_client(self, reader, writer):
        async def answer(asked):
            told = {"id": asked["id"], **await self.answer_client(asked)}
            writer.write(line_of(told))

        while line := await reader.readline():
            asyncio.ensure_future(answer(json.loads(line)))
        writer.close()


async def main(name, folder, client, peer, peers, rule="majority=on"):
    node = Node(name, folder, [one.split("=") for one in peers.split(",")], rule == "majority=on")
    for address, serve in (client, node.serve_client), (peer, node.serve_peer):
        host, port = address.rsplit(":", 1)
        await asyncio.start_server(serve, host, int(port), limit=1 << 26)
    await asyncio.gather(node.coordinate(), *(link.keep_open() for link in node.links.values()))


asyncio.run(main(*sys.argv[1:]))
