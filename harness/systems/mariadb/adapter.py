#!/usr/bin/env python3
"""An adapter for MariaDB, alone or as a Galera cluster: all clients in one process (docs/systems.md).

Each open call has a thread and a session of its own. Options, as NAME=VALUE:

isolation  the level to judge by: strict-serializable (default; SERIALIZABLE), snapshot-isolation
           (REPEATABLE READ), read-committed, read-uncommitted
sync-wait  wsrep_sync_wait of the sessions; empty (default): no Galera

It needs Debian's python3-mysqldb."""
import json, os, queue, sys, threading

import MySQLdb
from MySQLdb.constants import CLIENT

folder = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(folder, "..", "sql"))
from calls import Dialect, Refused, is_read, is_transaction, options

# This ends what would wait for ever; sunder gives a call up after --operation-timeout.
PATIENCE_SECONDS = 1
LEVELS = {"strict-serializable": "serializable", "snapshot-isolation": "repeatable-read",
          "read-committed": "read-committed", "read-uncommitted": "read-uncommitted"}
# Deadlock or failed certification, row changed since the snapshot, lock wait timeout, Galera node
# without a quorum, read-only server: the statement, or the COMMIT, certainly did nothing.
DEFINITE = (1213, 1020, 1205, 1047, 1290)


def upsert(table, key, value, becomes):
    update = becomes.format(old="v", new="VALUES(v)")
    return f"INSERT INTO {table} VALUES ({key}, {value}) ON DUPLICATE KEY UPDATE v = {update}"


DIALECT = Dialect(upsert, lambda separator: "CONCAT({old}, '" + separator + "', {new})")


def classify(error, stage):
    """Whether an error is a `fail` (nothing happened) or an `info` (it may have). `stage` is
    connect, body (there is no COMMIT of a change yet), or commit (a COMMIT, or a statement that
    commits itself)."""
    if stage in ("connect", "body") or isinstance(error, Refused):
        return "fail"
    return "fail" if error.args and error.args[0] in DEFINITE else "info"


def text_of(error):
    return str(error.args[-1] if error.args else error).split("\n")[0]


class Session:
    def __init__(self, node, variables):
        host, port = node.rsplit(":", 1)
        self.connection = MySQLdb.connect(
            host=host, port=int(port), user="sunder", db="sunder", connect_timeout=PATIENCE_SECONDS,
            read_timeout=PATIENCE_SECONDS, write_timeout=PATIENCE_SECONDS,
            client_flag=CLIENT.FOUND_ROWS, autocommit=True,
            init_command="SET " + ", ".join(variables))

    def run(self, statement):
        """The rows; the number of matched rows where there are none."""
        self.connection.query(statement)
        result = self.connection.store_result()
        return self.connection.affected_rows() if result is None else result.fetch_row(0)


class Adapter:
    def __init__(self, chosen):
        level = LEVELS[chosen["isolation"]]
        self.variables = ["sql_mode = 'NO_BACKSLASH_ESCAPES'", f"tx_isolation = '{level}'"]
        if chosen["sync-wait"]:
            self.variables.append("wsrep_sync_wait = " + chosen["sync-wait"])
        self.idle = {}

    def take(self, node):
        try:
            return self.idle.setdefault(node, []).pop()
        except IndexError:
            return Session(node, self.variables)

    def perform(self, call):
        stage, session = "connect", None
        try:
            session = self.take(call["node"])
            stage = "body" if is_transaction(call) or is_read(call) else "commit"
            if is_transaction(call):
                session.run("BEGIN")
            answer = run_program(session, call)
            if is_transaction(call):
                stage = "body" if is_read(call) else "commit"
                session.run("COMMIT")
            outcome = {"type": "ok", "value": answer}
        except (MySQLdb.Error, Refused) as error:
            outcome = {"type": classify(error, stage), "error": text_of(error)}
            if session is not None:
                session = self.roll_back(session, call["node"])
        if session is not None:
            self.idle[call["node"]].append(session)
        return outcome

    def roll_back(self, session, node):
        """The session, if it can go on."""
        try:
            session.run("ROLLBACK")
            return session
        except MySQLdb.Error:
            session.connection.close()
            self.idle[node].clear()  # They are broken as well, if the server ended.
            return None


def run_program(session, call):
    program = DIALECT.program(call)
    rows = None
    while True:
        try:
            statement = program.send(rows)
        except StopIteration as end:
            return end.value
        rows = session.run(statement)


class Threads:
    """Runs each call in a thread that has nothing to do; starts one where there is none."""

    def __init__(self, perform):
        self.perform = perform
        self.calls = queue.SimpleQueue()
        self.lock = threading.Lock()
        self.free = 0

    def give(self, line):
        with self.lock:
            starts = self.free == 0
            self.free -= 0 if starts else 1
        self.calls.put(line)
        if starts:
            threading.Thread(target=self.work, daemon=True).start()

    def work(self):
        while True:
            call = json.loads(self.calls.get())
            answer = json.dumps({"id": call["id"], **self.perform(call)}) + "\n"
            with self.lock:
                self.free += 1
                sys.stdout.write(answer)
                sys.stdout.flush()


def main():
    choices = {"isolation": tuple(LEVELS), "sync-wait": None}
    threads = Threads(Adapter(options(sys.argv[1:], choices)).perform)
    for line in sys.stdin:
        threads.give(line)
    os._exit(0)  # Without a wait for threads whose server does not answer.


if __name__ == "__main__":
    main()
