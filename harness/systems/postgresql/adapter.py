#!/usr/bin/env python3
"""An adapter for PostgreSQL, alone or with replicas: all clients in one process (docs/systems.md).

One thread drives all sessions: a call is a generator that yields whenever its session waits for
the server. Options, as NAME=VALUE:

isolation  the level that PostgreSQL promises: strict-serializable (default; SERIALIZABLE),
           snapshot-isolation (REPEATABLE READ), read-committed
reads      primary (default); replica: reads go to a replica; node: to the client's node
nodes      the addresses of all nodes, with commas

It needs Debian's python3-psycopg2."""
import json, os, select, sys, time

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ

folder = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(folder, "..", "sql"))
from calls import Dialect, Refused, is_read, is_transaction, options

# An answer comes a little before sunder gives the call up (--operation-timeout 1s).
PATIENCE_SECONDS = 0.85
ASK_AGAIN_SECONDS = 0.2
LEVELS = {"strict-serializable": "SERIALIZABLE", "snapshot-isolation": "REPEATABLE READ",
          "read-committed": "READ COMMITTED"}
# Serialization failure, deadlock, read-only transaction, cancelled while it ran.
DEFINITE = ("40001", "40P01", "25006", "57014")


def upsert(table, key, value, becomes):
    update = becomes.format(old=table + ".v", new="excluded.v")
    return f"INSERT INTO {table} VALUES ({key}, {value}) ON CONFLICT (k) DO UPDATE SET v = {update}"


DIALECT = Dialect(upsert, lambda separator: "{old} || '" + separator + "' || {new}",
                  os.path.join(folder, "tables.sql"))


class Overdue(Exception):
    pass


def classify(error, stage):
    """Whether an error is a `fail` (nothing happened) or an `info` (it may have). `stage` is
    connect, body (there is no COMMIT of a change yet), or commit (a COMMIT, or a statement that
    commits itself)."""
    if stage in ("connect", "body") or isinstance(error, Refused):
        return "fail"
    return "fail" if getattr(error, "pgcode", None) in DEFINITE else "info"


def text_of(error):
    return (str(error) or type(error).__name__).strip().split("\n")[0]


class Session:
    def __init__(self, node):
        host, port = node.rsplit(":", 1)
        self.node = node
        self.connection = psycopg2.connect(host=host, port=port, user="sunder", dbname="postgres",
                                           async_=True)
        self.cursor = None

    def wait(self):
        while True:
            state = self.connection.poll()
            if state == POLL_OK:
                return
            waits_for = select.EPOLLIN if state == POLL_READ else select.EPOLLOUT
            yield self.connection.fileno(), waits_for

    def open(self):
        yield from self.wait()
        self.cursor = self.connection.cursor()

    def run(self, statement):
        """The rows; the number of changed rows where there are none."""
        self.cursor.execute(statement)
        yield from self.wait()
        if self.cursor.description is None:
            return self.cursor.rowcount
        return self.cursor.fetchall()

    def is_alive(self):
        """Of a session that waits for a call. It takes in what the server said meanwhile."""
        try:
            return self.connection.poll() == POLL_OK
        except psycopg2.Error:
            self.connection.close()
            return False

    def is_replica(self):
        return self.connection.get_parameter_status("in_hot_standby") == "on"

    def was_committed_alone(self):
        """Whether the server said that no replica confirmed what it answered as a success."""
        notices, self.connection.notices = self.connection.notices, []
        return any("synchronous replication" in notice for notice in notices)


class Sessions:
    """Sessions that wait for a call, by node; which node took the last write."""

    def __init__(self, nodes, reads):
        self.nodes = nodes
        self.reads = reads
        self.idle = {}
        self.primary = 0
        self.asked = {}  # When each node was last asked whether it is still a replica.

    def take(self, node):
        idle = self.idle.setdefault(node, [])
        while idle:
            session = idle.pop()
            if session.is_alive():
                return session
        session = Session(node)
        try:
            yield from session.open()
        except BaseException:
            session.connection.close()
            raise
        return session

    def give_back(self, session):
        self.idle.setdefault(session.node, []).append(session)

    def suits(self, session, call):
        if not is_read(call) or self.reads == "primary":
            return not session.is_replica()
        return self.reads == "node" or session.is_replica()

    def notice_promotion(self, session, call):
        """A server tells its session that it was promoted with the answer to the next statement."""
        now = time.monotonic()
        if self.suits(session, call) or now - self.asked.get(session.node, 0) < ASK_AGAIN_SECONDS:
            return
        self.asked[session.node] = now
        try:
            yield from session.run("SELECT 1")
        except BaseException:
            session.connection.close()
            raise

    def find(self, call):
        """A session at the client's node if that suits, otherwise at another one."""
        if call["node"] not in self.nodes:
            self.nodes.append(call["node"])
        others = self.nodes
        if not is_read(call) or self.reads == "primary":
            others = self.nodes[self.primary:] + self.nodes[:self.primary]
        reason = Refused("no node is what the call needs")
        for node in [call["node"]] + [each for each in others if each != call["node"]]:
            try:
                session = yield from self.take(node)
                yield from self.notice_promotion(session, call)
            except psycopg2.Error as error:
                reason = error
                continue
            if self.suits(session, call):
                if not session.is_replica():
                    self.primary = self.nodes.index(node)
                return session
            self.give_back(session)
        self.primary = (self.primary + 1) % len(self.nodes)
        raise reason


class Adapter:
    def __init__(self, chosen):
        self.level = LEVELS[chosen["isolation"]]
        nodes = [each for each in chosen["nodes"].split(",") if each]
        self.sessions = Sessions(nodes, chosen["reads"])

    def begin(self, session):
        # A replica refuses SERIALIZABLE.
        serializable = self.level == "SERIALIZABLE"
        level = "REPEATABLE READ" if serializable and session.is_replica() else self.level
        return "BEGIN ISOLATION LEVEL " + level

    def perform(self, call):
        stage, session, answer = "connect", None, None
        try:
            session = yield from self.sessions.find(call)
            stage = "body" if is_transaction(call) or is_read(call) else "commit"
            if is_transaction(call):
                yield from session.run(self.begin(session))
            answer = yield from self.run_program(session, call)
            if is_transaction(call):
                stage = "body" if is_read(call) else "commit"
                yield from session.run("COMMIT")
            outcome = {"type": "ok", "value": answer}
            if session.was_committed_alone():
                outcome = {"type": "info", "error": "committed on the primary only"}
        except (psycopg2.Error, Refused, Overdue) as error:
            outcome = {"type": classify(error, stage), "error": text_of(error)}
            if session is not None:
                session = yield from self.roll_back(session, call, error)
        if session is not None:
            self.sessions.give_back(session)
        return outcome

    def run_program(self, session, call):
        program = DIALECT.program(call)
        rows = None
        while True:
            try:
                statement = program.send(rows)
            except StopIteration as end:
                return end.value
            rows = yield from session.run(statement)

    def roll_back(self, session, call, error):
        """The session, if it can go on."""
        try:
            if isinstance(error, Overdue):
                raise error
            if is_transaction(call):
                yield from session.run("ROLLBACK")
            return session
        except (psycopg2.Error, Overdue):
            session.connection.close()
            return None


class Loop:
    """Runs the calls that standard input brings until it ends."""

    def __init__(self, perform):
        self.perform = perform
        self.epoll = select.epoll()
        self.epoll.register(0, select.EPOLLIN)
        self.waiting = {}  # By descriptor: the call's id, its generator, when it is overdue.
        self.answers = []

    def resume(self, number, call, until, send):
        try:
            descriptor, events = send()
        except StopIteration as end:
            self.answers.append(json.dumps({"id": number, **end.value}))
            return
        self.waiting[descriptor] = (number, call, until)
        self.epoll.register(descriptor, events | select.EPOLLONESHOT)

    def forget(self, descriptor):
        waiting = self.waiting.pop(descriptor)
        try:
            self.epoll.unregister(descriptor)
        except OSError:
            pass  # The descriptor is closed.
        return waiting

    def end_overdue(self):
        now = time.monotonic()
        for descriptor in [each for each, (*_, until) in self.waiting.items() if until < now]:
            number, call, _ = self.forget(descriptor)
            overdue = Overdue(f"no answer within {PATIENCE_SECONDS} s")
            self.resume(number, call, now + PATIENCE_SECONDS, lambda: call.throw(overdue))

    def run(self):
        rest = b""
        while True:
            for descriptor, _ in self.epoll.poll(0.1):
                if descriptor != 0:
                    number, call, until = self.forget(descriptor)
                    self.resume(number, call, until, lambda: next(call))
                    continue
                received = os.read(0, 1 << 16)
                if not received:
                    return
                *lines, rest = (rest + received).split(b"\n")
                for line in lines:
                    asked = json.loads(line)
                    call = self.perform(asked)
                    self.resume(asked["id"], call, time.monotonic() + PATIENCE_SECONDS, lambda: next(call))
            self.end_overdue()
            if self.answers:
                sys.stdout.write("\n".join(self.answers) + "\n")
                sys.stdout.flush()
                self.answers.clear()


CHOICES = {"isolation": tuple(LEVELS), "reads": ("primary", "replica", "node"), "nodes": None}
if __name__ == "__main__":
    Loop(Adapter(options(sys.argv[1:], CHOICES)).perform).run()
