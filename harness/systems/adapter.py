"""The part that all adapters of this folder share: calls come as lines of JSON, and each is answered
by one line (docs/systems.md). Calls run at once, so one adapter serves all clients.

A function of an adapter returns the answer's "value", raises Failed if the operation certainly did
not happen, and Unknown if it may still happen. Reads change nothing: their Unknown is a Failed."""
import asyncio
import contextvars
import json
import sys
import time

# An adapter answers a little before sunder gives up (--operation-timeout 1s).
TIME_OF_A_CALL = 0.85
READS = {"read", "watch"}


class Failed(Exception):
    """The operation certainly did not happen. `more` goes into the answer, such as {"found": None}."""

    def __init__(self, error, **more):
        super().__init__(error)
        self.more = more


class Unknown(Exception):
    """The operation may have happened, or happen yet."""


class Answer:
    """A value with more members of the answer, such as revision=7."""

    def __init__(self, value, **more):
        self.value = value
        self.more = more


def options(words):
    """{"reads": "local"} of ["reads=local"]."""
    return dict(word.split("=", 1) for word in words if "=" in word)


ends_at = contextvars.ContextVar("when the present call must have been answered")


def time_left():
    """Of the present call, in seconds."""
    return max(0.0, ends_at.get() - time.monotonic())


class Connections:
    """One to each node, opened when it is first needed and when the one before has ended.
    `make().open(node)` gives a connection; its `task` is done when it has ended."""

    def __init__(self, make):
        self.make = make
        self.open = {}

    async def to(self, node):
        """Raises Failed: nothing was sent."""
        found = self.open.get(node)
        if found is None or found.task.done():
            try:
                found = await asyncio.wait_for(self.make().open(node), time_left())
            except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError) as error:
                raise Failed("no connection: %s" % error) from None
            self.open[node] = found
        return found


def say(answer):
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def answer_of_error(call, error):
    is_definite = isinstance(error, Failed) or call["f"] in READS
    more = getattr(error, "more", {})
    return {"type": "fail" if is_definite else "info", "error": str(error), **more}


def answer_of_value(value):
    if isinstance(value, Answer):
        return {"type": "ok", "value": value.value, **value.more}
    return {"type": "ok", "value": value}


async def answer(call, perform):
    ends_at.set(time.monotonic() + TIME_OF_A_CALL)
    try:
        answered = answer_of_value(await perform(call))
    except (Failed, Unknown) as error:
        answered = answer_of_error(call, error)
    say({"id": call["id"], **answered})


async def serve_calls(perform):
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 26)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    tasks = set()

    def done(task):
        tasks.discard(task)
        if not task.cancelled() and task.exception():
            loop.stop()  # A mistake of the adapter: it ends, and sunder reports that.

    while line := await reader.readline():
        task = loop.create_task(answer(json.loads(line), perform))
        tasks.add(task)
        task.add_done_callback(done)


def serve(perform):
    """Answers calls until standard input ends. `perform(call)` is a coroutine."""
    asyncio.run(serve_calls(perform))
