#!/usr/bin/env python3
"""An adapter for RabbitMQ. Debian's package is python3-pika.

An enqueue is done when the broker confirms it. A dequeue is a get without acknowledgement: of a
quorum queue that is one command of its Raft log. Options: queue=quorum|classic|mirrored|transient,
confirms=on|off, dequeue=get|acknowledge."""
import asyncio
import json
import os
import sys

import pika
from pika.adapters.asyncio_connection import AsyncioConnection

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from adapter import Failed, Unknown, options, serve, time_left

OPTIONS = options(sys.argv[1:])
QUEUE = OPTIONS.get("queue", "quorum")
HAS_CONFIRMS = OPTIONS.get("confirms", "on") == "on"
ACKNOWLEDGES = OPTIONS.get("dequeue", "get") == "acknowledge"


class Channel:
    """One call at a time. What the broker answers, or None if the channel or connection ends."""

    def __init__(self, channel):
        self.channel = channel
        self.answer = None
        self.is_returned = False
        self.declared = set()
        channel.add_on_close_callback(lambda _, reason: self.told(("closed", str(reason))))
        channel.add_callback(lambda _: self.told(("empty",)), [pika.spec.Basic.GetEmpty],
                             one_shot=False)
        channel.add_on_return_callback(self.returned)

    def returned(self, *_):
        self.is_returned = True  # The broker confirms the message nevertheless.

    def told(self, what):
        if self.answer and not self.answer.done():
            self.answer.set_result(what)

    async def ask(self, send):
        """Sends, and waits for the answer; ("closed", why) if none can come."""
        if not self.channel.is_open:
            return ("closed", "the channel is closed")
        self.answer = asyncio.get_running_loop().create_future()
        send()
        try:
            return await asyncio.wait_for(self.answer, time_left())
        except asyncio.TimeoutError:
            self.close()
            return ("closed", "no answer in time")

    def close(self):
        if self.channel.is_open:
            self.channel.close()

    async def confirm(self):
        def confirmed(frame):
            is_ack = isinstance(frame.method, pika.spec.Basic.Ack)
            self.told(("returned" if self.is_returned else "ack" if is_ack else "nack",))

        return await self.ask(lambda: self.channel.confirm_delivery(
            confirmed, lambda _: self.told(("ok",))))

    async def declare(self, queue):
        arguments = {"x-queue-type": "quorum"} if QUEUE == "quorum" else {}
        return await self.ask(lambda: self.channel.queue_declare(
            queue, durable=QUEUE != "transient", arguments=arguments,
            callback=lambda _: self.told(("ok",))))

    async def publish(self, queue, body):
        # 2: persistent.
        self.is_returned = False
        properties = pika.BasicProperties(delivery_mode=1 if QUEUE == "transient" else 2)
        return await self.ask(lambda: self.channel.basic_publish("", queue, body, properties,
                                                                 mandatory=True))

    async def get(self, queue):
        return await self.ask(lambda: self.channel.basic_get(
            queue, lambda _, got, __, body: self.told(("got", body, got.delivery_tag)),
            auto_ack=not ACKNOWLEDGES))


class Node:
    """A connection, and its channels that have nothing to do."""

    def __init__(self, address):
        self.address = address
        self.connection = None
        self.idle = []

    async def channel(self):
        """An open channel. Raises Failed: nothing was sent that changes anything."""
        while self.idle:
            channel = self.idle.pop()
            if channel.channel.is_open:
                return channel
        opened = asyncio.get_running_loop().create_future()
        connection = await self.connect()
        try:
            connection.channel(on_open_callback=lambda channel: opened.done() or
                               opened.set_result(channel))
            channel = Channel(await asyncio.wait_for(opened, time_left()))
        except (asyncio.TimeoutError, pika.exceptions.AMQPError) as error:
            raise Failed("no channel: %s" % error) from None
        if HAS_CONFIRMS and (await channel.confirm())[0] != "ok":
            raise Failed("no confirms")
        return channel

    async def connect(self):
        if self.connection is None or (self.connection.done() and (
                self.connection.exception() or not self.connection.result().is_open)):
            self.connection = asyncio.get_running_loop().create_future()
            self.open(self.connection)
        try:
            return await asyncio.wait_for(asyncio.shield(self.connection), time_left())
        except (asyncio.TimeoutError, OSError, pika.exceptions.AMQPError) as error:
            raise Failed("no connection: %s" % (error or "in time")) from None

    def open(self, opening):
        host, port = self.address.rsplit(":", 1)
        parameters = pika.ConnectionParameters(
            host, int(port), heartbeat=0, socket_timeout=2, stack_timeout=5,
            credentials=pika.PlainCredentials("guest", "guest"))

        def failed(_, error):
            if not opening.done():
                opening.set_exception(ConnectionError(str(error)))
                opening.exception()  # Nobody may be waiting.

        AsyncioConnection(
            parameters, on_open_callback=lambda made: opening.done() or opening.set_result(made),
            on_open_error_callback=failed, on_close_callback=failed)


nodes = {}


async def enqueue(channel, call):
    answer = await channel.publish(call["key"], json.dumps(call["value"]).encode()) \
        if HAS_CONFIRMS else send_unconfirmed(channel, call)
    if answer[0] == "ack":
        return
    if answer[0] == "returned":
        raise Failed("there is no such queue")
    raise Unknown(" ".join(answer))  # A nack does not say what became of the message.


def send_unconfirmed(channel, call):
    channel.channel.basic_publish("", call["key"], json.dumps(call["value"]).encode())
    return ("ack",)


async def dequeue(channel, call):
    answer = await channel.get(call["key"])
    if answer[0] == "empty":
        raise Failed("empty", found=None)
    if answer[0] != "got":
        raise Unknown(" ".join(answer))
    if ACKNOWLEDGES:
        channel.channel.basic_ack(answer[2])
    return json.loads(answer[1])


async def perform(call):
    node = nodes.setdefault(call["node"], Node(call["node"]))
    channel = await node.channel()
    try:
        if call["key"] not in channel.declared:
            answer = await channel.declare(call["key"])
            if answer[0] != "ok":
                raise Failed("declare: " + " ".join(answer))
            channel.declared.add(call["key"])
        return await (enqueue if call["f"] == "enqueue" else dequeue)(channel, call)
    except Unknown:
        channel.close()  # An answer may still come.
        raise
    finally:
        if channel.channel.is_open:
            node.idle.append(channel)


serve(perform)
