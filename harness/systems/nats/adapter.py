#!/usr/bin/env python3
"""An adapter for NATS JetStream; the protocol is NATS's own, of text lines.

A key is a subject of a stream, and its value is the last message of it, as in NATS's key-value
store. Options: reads=barrier|leader|direct, replicas=1|3, cas=on|off."""
import asyncio
import base64
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from adapter import Answer, Failed, Unknown, options, serve, time_left

OPTIONS = options(sys.argv[1:])
READS = OPTIONS.get("reads", "barrier")
REPLICAS = int(OPTIONS.get("replicas", "3"))
HAS_CAS = OPTIONS.get("cas", "off") == "on"
# One stream a kind of object; "b.*" are barriers.
STREAMS = {"register": "R", "versioned-register": "V", "text": "T", "set": "S", "queue": "Q"}
WRONG_LAST_SEQUENCE = 10071
NO_MESSAGE_FOUND = 10037
# Of a publication: the leader refused it before it proposed it to the others.
# Of a deletion: another client was faster.
GONE = {10043, 10057}
REFUSED = {WRONG_LAST_SEQUENCE, 10023, 10002, 10054, 10060}


class WrongSequence(Failed):
    """Somebody else wrote in between."""


class Connection:
    """To one node. Requests are told apart by the subject that they are answered to."""

    def __init__(self):
        self.waiting = {}
        self.last = 0
        self.inbox = "_INBOX." + os.urandom(8).hex()

    async def open(self, node):
        host, port = node.rsplit(":", 1)
        self.reader, self.writer = await asyncio.open_connection(host, port, limit=1 << 24)
        await self.reader.readline()  # INFO
        hello = {"verbose": False, "pedantic": False, "headers": True, "no_responders": True,
                 "lang": "python", "version": "1", "protocol": 1}
        self.writer.write(b"CONNECT %s\r\nSUB %s.* 1\r\nPING\r\n"
                          % (json.dumps(hello).encode(), self.inbox.encode()))
        while (line := await self.reader.readline()) != b"PONG\r\n":
            if not line or line.startswith(b"-ERR"):
                raise ConnectionError("NATS refuses the connection: %r" % line)
        self.task = asyncio.create_task(self.listen())
        return self

    def is_broken(self):
        return self.task.done()

    async def listen(self):
        try:
            while line := await self.reader.readline():
                words = line.split()
                if words[0] in (b"MSG", b"HMSG"):
                    body = (await self.reader.readexactly(int(words[-1]) + 2))[:-2]
                    header = int(words[-2]) if words[0] == b"HMSG" else 0
                    self.arrived(words[1].decode(), body[:header], body[header:])
                elif words[0] == b"PING":
                    self.writer.write(b"PONG\r\n")
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.writer.close()
            for answers in self.waiting.values():
                answers.put_nowait(None)

    def arrived(self, subject, header, body):
        if answers := self.waiting.get(subject):
            answers.put_nowait((header, body))

    def ask(self, subject, body, headers=""):
        """Sends a request. Returns its inbox, and the queue of answers; None ends it."""
        self.last += 1
        inbox = "%s.%d" % (self.inbox, self.last)
        answers = self.waiting[inbox] = asyncio.Queue()
        if headers:
            head = ("NATS/1.0\r\n%s\r\n\r\n" % headers).encode()
            line = "HPUB %s %s %d %d\r\n" % (subject, inbox, len(head), len(head) + len(body))
            self.writer.write(line.encode() + head + body + b"\r\n")
        else:
            line = "PUB %s %s %d\r\n" % (subject, inbox, len(body))
            self.writer.write(line.encode() + body + b"\r\n")
        return inbox, answers

    async def first(self, asked):
        """The first answer of a request, as JSON."""
        inbox, answers = asked
        try:
            got = await asyncio.wait_for(answers.get(), time_left())
        except asyncio.TimeoutError:
            raise Unknown("no answer in time") from None
        finally:
            self.waiting.pop(inbox, None)
        if got is None:
            raise Unknown("the connection broke")
        header, body = got
        if header.startswith(b"NATS/1.0 503"):
            # The server that the request was sent to knows nobody to pass it on to.
            raise Failed("no responders")
        return header, body

    async def request(self, subject, body=b"", headers=""):
        header, body = await self.first(self.ask(subject, body, headers))
        return json.loads(body)


connections = {}


async def connection_to(node):
    """Raises Failed: nothing was sent."""
    found = connections.get(node)
    if found is None or (found.done() and (found.exception() or found.result().is_broken())):
        found = connections[node] = asyncio.ensure_future(Connection().open(node))
    try:
        return await asyncio.wait_for(asyncio.shield(found), time_left())
    except (OSError, ValueError, asyncio.TimeoutError) as error:
        if connections.get(node) is found:
            del connections[node]
        raise Failed("no connection: %s" % error) from None


def error_of(reply):
    """The number of NATS's error, and its text."""
    error = reply.get("error", {})
    return error.get("err_code", error.get("code")), error.get("description", "")


async def publish(connection, subject, value, headers=""):
    """The sequence number of the message, which a majority has."""
    reply = await connection.request(subject, value, headers)
    if "error" not in reply:
        return reply["seq"]
    code, text = error_of(reply)
    if code == WRONG_LAST_SEQUENCE:
        raise WrongSequence("wrong last sequence")
    if code in REFUSED:
        raise Failed(text)
    raise Unknown("%s: %s" % (code, text))


slots = 0


async def barrier(connection, stream):
    """A message that a majority has. Whoever has it has all that was acknowledged before."""
    global slots
    slots += 1
    subject = "%s.b.%s.%d" % (stream, connection.inbox[7:], slots % 1000)
    return await publish(connection, subject, b"")


async def read_behind(connection, stream, subject, question):
    """The answer of a server that has all that was acknowledged before this call.

    Only the leader of a stream answers, but one that was cut off takes a while to learn that it is
    none. So the answer is used only if nobody who answers lacks the barrier: a server answers in
    order, thus it would have said so before."""
    seq = await barrier(connection, stream)
    probe = connection.ask("$JS.API.STREAM.MSG.GET." + stream, b'{"seq":%d}' % seq)
    header, body = await connection.first(connection.ask(subject, question))
    said = []
    while not probe[1].empty():
        said.append(probe[1].get_nowait())
    connection.waiting.pop(probe[0], None)
    if not said or None in said or any(b'"error"' in body for _, body in said):
        raise Failed("a server that is behind answered")
    return header, body


def decode(reply, text_of):
    code, text = error_of(reply)
    if code == NO_MESSAGE_FOUND:
        return 0, None
    if code:
        raise Failed("%s: %s" % (code, text))
    message = reply["message"]
    return message["seq"], text_of(base64.b64decode(message.get("data", "")).decode())


async def last_of(connection, stream, subject, text_of):
    """The sequence number of a subject's last message, and its value."""
    question = json.dumps({"last_by_subj": subject}).encode()
    address = "$JS.API.STREAM.MSG.GET." + stream
    if READS == "direct":
        header, body = await connection.first(
            connection.ask("$JS.API.DIRECT.GET." + stream, question))
        if header.startswith(b"NATS/1.0 404"):
            return 0, None
        seq = next(line for line in header.split(b"\r\n") if line.startswith(b"Nats-Sequence:"))
        return int(seq.split(b":")[1]), text_of(body.decode())
    if READS == "leader":
        return decode(await connection.request(address, question), text_of)
    _, body = await read_behind(connection, stream, address, question)
    return decode(json.loads(body), text_of)


async def look(connection, stream, subject, text_of):
    """The same before a write: if it fails, nothing happened."""
    try:
        return await last_of(connection, stream, subject, text_of)
    except Unknown as error:
        raise Failed(str(error)) from None


def expected(seq):
    return "Nats-Expected-Last-Subject-Sequence: %d" % seq


async def register(connection, call, stream):
    subject = "%s.k.%s" % (stream, call["key"])
    has_versions = call["kind"] == "versioned-register"
    if call["f"] == "read":
        seq, value = await last_of(connection, stream, subject, json.loads)
        return Answer(value, revision=seq) if has_versions else value
    if call["f"] == "write":
        seq = await publish(connection, subject, json.dumps(call["value"]).encode())
        return Answer(None, revision=seq) if has_versions else None
    old, new = call["value"]
    seq, value = await look(connection, stream, subject, json.loads)
    if value != old:
        raise Failed("another value", found=value)
    if not HAS_CAS:
        raise Failed("cas=off")
    seq = await publish(connection, subject, json.dumps(new).encode(), expected(seq))
    return Answer(None, revision=seq) if has_versions else None


async def text(connection, call, stream):
    subject = "%s.k.%s" % (stream, call["key"])
    if call["f"] == "read":
        return (await last_of(connection, stream, subject, str))[1]
    if call["f"] == "write":
        await publish(connection, subject, call["value"].encode())
        return None
    if not HAS_CAS:
        raise Failed("cas=off")
    while True:
        seq, old = await look(connection, stream, subject, str)
        new = (old or "") + call["value"]
        try:
            await publish(connection, subject, new.encode(), expected(seq))
            return None
        except WrongSequence:
            if not time_left():
                raise


async def set_of_elements(connection, call, stream):
    subject = "%s.k.%s" % (stream, call["key"])
    if call["f"] == "add":
        await publish(connection, "%s.%d" % (subject, call["value"]), b"")
        return None
    if call["f"] == "remove":
        question = json.dumps({"filter": "%s.%d" % (subject, call["value"])}).encode()
        reply = await connection.request("$JS.API.STREAM.PURGE." + stream, question)
        if "error" in reply:
            raise Unknown("%s: %s" % error_of(reply))
        return None
    seq = await barrier(connection, stream)
    question = json.dumps({"subjects_filter": subject + ".*"}).encode()
    reply = await connection.request("$JS.API.STREAM.INFO." + stream, question)
    if "error" in reply:
        raise Failed("%s: %s" % error_of(reply))
    if reply["state"]["last_seq"] < seq:
        raise Failed("a server that is behind answered")
    return [int(name.rsplit(".", 1)[1]) for name in reply["state"].get("subjects") or {}]


async def first_of_queue(connection, stream, subject):
    """The first message of a queue; a stale one has been taken already, so only that none is there
    needs a barrier."""
    question = json.dumps({"seq": 1, "next_by_subj": subject}).encode()
    address = "$JS.API.STREAM.MSG.GET." + stream
    seq, value = decode(await connection.request(address, question), json.loads)
    if seq:
        return seq, value
    _, body = await read_behind(connection, stream, address, question)
    return decode(json.loads(body), json.loads)


async def queue(connection, call, stream):
    subject = "%s.k.%s" % (stream, call["key"])
    if call["f"] == "enqueue":
        await publish(connection, subject, json.dumps(call["value"]).encode())
        return None
    while time_left():
        try:
            seq, value = await first_of_queue(connection, stream, subject)
        except Unknown as error:
            raise Failed(str(error)) from None  # It only asked.
        if not seq:
            raise Failed("empty", found=None)
        question = json.dumps({"seq": seq, "no_erase": True}).encode()
        reply = await connection.request("$JS.API.STREAM.MSG.DELETE." + stream, question)
        code, why = error_of(reply)
        if not code:
            return value
        if code not in GONE:
            raise Unknown("%s: %s" % (code, why))
    raise Failed("other clients were faster")


OBJECTS = {"register": register, "versioned-register": register, "text": text,
           "set": set_of_elements, "queue": queue}
async def create(connection, stream):
    config = {"name": stream, "subjects": [stream + ".>"], "num_replicas": REPLICAS,
              "storage": "file", "allow_direct": READS == "direct",
              "max_msgs_per_subject": -1 if stream == "Q" else 1, "retention": "limits",
              "discard": "old", "max_msgs": -1, "max_bytes": -1, "max_age": 0}
    reply = await connection.request("$JS.API.STREAM.CREATE." + stream, json.dumps(config).encode())
    if "error" in reply:
        raise Failed(error_of(reply)[1])


async def perform(call):
    connection = await connection_to(call["node"])
    if call["f"] == "setup":
        await asyncio.gather(*(create(connection, stream) for stream in STREAMS.values()))
        return None
    return await OBJECTS[call["kind"]](connection, call, STREAMS[call["kind"]])


serve(perform)
