#!/usr/bin/env python3
"""An adapter for Tarantool; the protocol is its own (IPROTO): MessagePack behind a length.

Option: reads=master|any."""
import asyncio
import os
import sys

import msgpack

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from adapter import Connections, Failed, Unknown, options, serve, time_left

READS_ANY = options(sys.argv[1:]).get("reads") == "any"
# Keys and codes of the protocol.
TYPE, SYNC, TUPLE, FUNCTION, DATA, ERROR, CALL, ERROR_BIT = 0, 1, 0x21, 0x22, 0x30, 0x31, 10, 0x8000
# Errors after which a change certainly did not happen: ER_READONLY, ER_SYNC_QUORUM_TIMEOUT (the
# master has rolled it back, and replicates that), ER_SYNC_ROLLBACK, ER_NO_SUCH_PROC, ER_LOADING,
# ER_ACCESS_DENIED, ER_NO_SUCH_SPACE, ER_UNCOMMITTED_FOREIGN_SYNC_TXNS.
DEFINITE = {7, 33, 36, 42, 116, 214, 216, 217}


class Connection:
    """To one node. Requests carry numbers, and so do their answers."""

    def __init__(self):
        self.waiting = {}
        self.last = 0

    async def open(self, node):
        host, port = node.rsplit(":", 1)
        self.reader, self.writer = await asyncio.open_connection(host, port)
        await self.reader.readexactly(128)  # The greeting.
        self.task = asyncio.create_task(self.listen())
        return self

    async def listen(self):
        try:
            while True:
                length = msgpack.unpackb(await self.reader.readexactly(5))
                unpacker = msgpack.Unpacker(strict_map_key=False)
                unpacker.feed(await self.reader.readexactly(length))
                header, body = list(unpacker)
                if answer := self.waiting.get(header[SYNC]):
                    answer.set_result((header[TYPE], body))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.writer.close()
            for answer in self.waiting.values():
                if not answer.done():
                    answer.set_result(None)

    async def call(self, function, *arguments):
        self.last += 1
        number = self.last
        request = (msgpack.packb({TYPE: CALL, SYNC: number}) +
                   msgpack.packb({FUNCTION: function, TUPLE: arguments}))
        answer = self.waiting[number] = asyncio.get_running_loop().create_future()
        self.writer.write(b"\xce" + len(request).to_bytes(4, "big") + request)
        try:
            told = await asyncio.wait_for(answer, time_left())
        except asyncio.TimeoutError:
            raise Unknown("no answer in time") from None
        finally:
            del self.waiting[number]
        if told is None:
            raise Unknown("the connection broke")
        code, body = told
        if code & ERROR_BIT:
            text = body[ERROR]
            raise (Failed if code & ~ERROR_BIT in DEFINITE else Unknown)(
                "%d: %s" % (code & ~ERROR_BIT, text))
        return body[DATA][0] if body[DATA] else None


connections = Connections(Connection)


async def perform(call):
    connection = await connections.to(call["node"])
    if call["f"] == "ready":
        if not await connection.call("is_ready"):
            raise Failed("it still joins the others")
        return None
    if call["f"] == "read":
        return await connection.call("read_any" if READS_ANY else "read", call["key"])
    if call["f"] == "write":
        return await connection.call("write", call["key"], call["value"])
    if not await connection.call("cas", call["key"], *call["value"]):
        raise Failed("another value")


serve(perform)
