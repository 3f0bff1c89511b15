#!/usr/bin/env python3
"""An adapter for the bully store, which itself speaks lines of JSON: an answer is passed on."""
import asyncio
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from adapter import Connections, Failed, Unknown, serve, time_left


class Connection:
    """To one node."""

    def __init__(self):
        self.waiting = {}

    async def open(self, node):
        host, port = node.rsplit(":", 1)
        self.reader, self.writer = await asyncio.open_connection(host, port)
        self.task = asyncio.create_task(self.listen())
        return self

    async def listen(self):
        try:
            while line := await self.reader.readline():
                told = json.loads(line)
                if answer := self.waiting.get(told["id"]):
                    answer.set_result(told)
        except OSError:
            pass
        finally:
            self.writer.close()
            for answer in self.waiting.values():
                if not answer.done():
                    answer.set_result({"type": "info", "error": "the connection broke"})

    async def ask(self, call):
        answer = self.waiting[call["id"]] = asyncio.get_running_loop().create_future()
        self.writer.write(json.dumps(call).encode() + b"\n")
        try:
            return await asyncio.wait_for(answer, time_left())
        except asyncio.TimeoutError:
            raise Unknown("no answer in time") from None
        finally:
            del self.waiting[call["id"]]


connections = Connections(Connection)


async def perform(call):
    told = await (await connections.to(call["node"])).ask(call)
    if told["type"] == "fail":
        raise Failed(told["error"])
    if told["type"] == "info":
        raise Unknown(told["error"])
    return told["value"]


serve(perform)
