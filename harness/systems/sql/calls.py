"""Calls of sunder as programs of SQL statements, for the adapters of SQL databases.

A program is a generator: it yields one statement, is sent the rows, and returns the value of its
answer. It raises Refused where the call certainly does nothing. Values are stored as JSON texts."""
import json, sys


class Refused(Exception):
    """The database answered that the call has no effect."""


def options(words, choices):
    """{"reads": "node"} of ["reads=node"]. `choices` has the values of each option, the default
    first; None: any value, and the default is empty."""
    chosen = {name: values[0] if values else "" for name, values in choices.items()}
    for word in words:
        name, _, value = word.partition("=")
        if name not in choices or (choices[name] and value not in choices[name]):
            sys.exit(f"{sys.argv[0]}: unknown option '{word}'; there are: {choices}")
        chosen[name] = value
    return chosen


def quoted(value):
    text = value if isinstance(value, str) else json.dumps(value)
    return "'" + text.replace("'", "''") + "'"


def is_read(call):
    """Whether the call changes nothing."""
    return call["f"] in ("read", "ready") or (call["f"] == "txn" and all(f == "r" for f, *_ in call["value"]))


def is_transaction(call):
    """All other calls are one statement, which commits itself."""
    return call["kind"] in ("transaction", "list-transaction", "accounts")


class Dialect:
    """`upsert` writes a row that may exist: it is given the table, the key, the value, and what
    becomes of `{old}` and `{new}`. `concatenation` is given a separator and says how to append.
    `tables` is a file of statements that make the tables."""

    def __init__(self, upsert, concatenation, tables=None):
        self.upsert = upsert
        self.concatenation = concatenation
        self.tables = tables

    def write(self, table, key, value, becomes="{new}"):
        return self.upsert(table, quoted(key), quoted(value), becomes)

    def append(self, table, key, value, separator=""):
        return self.write(table, key, value, self.concatenation(separator))

    def program(self, call):
        f, kind = call["f"], call["kind"]
        name = f.replace("-", "_") + "_" + kind.replace("-", "_")
        return getattr(self, name)(call.get("key"), call["value"])

    def setup_system(self, _key, _value):
        with open(self.tables, encoding="utf-8") as file:
            yield file.read()

    def ready_system(self, _key, _value):
        yield "SELECT 1"

    def txn_list_transaction(self, _key, steps):
        answers = []
        for f, key, value in steps:
            name = json.dumps(key)
            if f == "append":
                yield self.append("lists", name, json.dumps(value), ",")
                answers.append([f, key, value])
            else:
                answers.append([f, key, (yield from self.read_list(name, None))])
        return answers

    def txn_transaction(self, _key, steps):
        answers = []
        for f, key, value in steps:
            name = json.dumps(key)
            if f == "w":
                yield self.write("registers", name, json.dumps(value))
                answers.append([f, key, value])
            else:
                answers.append([f, key, (yield from self.read_register(name, None))])
        return answers

    def open_accounts(self, _key, balances):
        for account, balance in balances.items():
            yield self.upsert("accounts", quoted(account), str(balance), "{old}")

    def read_accounts(self, _key, _value):
        rows = yield "SELECT k, v FROM accounts"
        return {text_of(account): int(balance) for account, balance in rows}

    def transfer_accounts(self, _key, order):
        balances = []
        for account in (order["from"], order["to"]):
            rows = yield "SELECT v FROM accounts WHERE k = " + quoted(account)
            if not rows:
                raise Refused("there is no account " + account)
            balances.append(int(rows[0][0]))
        if balances[0] < order["amount"]:
            raise Refused("the balance is too small")
        changed = (balances[0] - order["amount"], balances[1] + order["amount"])
        for account, balance in zip((order["from"], order["to"]), changed):
            yield f"UPDATE accounts SET v = {balance} WHERE k = {quoted(account)}"

    def read_register(self, key, _value):
        rows = yield "SELECT v FROM registers WHERE k = " + quoted(key)
        return json.loads(rows[0][0]) if rows else None

    def write_register(self, key, value):
        yield self.write("registers", key, json.dumps(value))

    def cas_register(self, key, value):
        expected, new = (quoted(json.dumps(each)) for each in value)
        changed = yield (f"UPDATE registers SET v = {new} "
                         f"WHERE k = {quoted(key)} AND v = {expected}")
        if changed == 0:
            raise Refused("the register holds another value")

    def read_list(self, key, _value):
        rows = yield "SELECT v FROM lists WHERE k = " + quoted(key)
        return json.loads("[" + text_of(rows[0][0]) + "]") if rows else []

    def append_list(self, key, value):
        yield self.append("lists", key, json.dumps(value), ",")

    def read_set(self, key, _value):
        rows = yield "SELECT v FROM members WHERE k = " + quoted(key)
        return [json.loads(row[0]) for row in rows]

    def add_set(self, key, value):
        yield f"INSERT INTO members VALUES ({quoted(key)}, {quoted(json.dumps(value))})"

    def remove_set(self, key, value):
        yield f"DELETE FROM members WHERE k = {quoted(key)} AND v = {quoted(json.dumps(value))}"

    def read_counter(self, key, _value):
        rows = yield "SELECT v FROM counters WHERE k = " + quoted(key)
        return int(rows[0][0]) if rows else 0

    def add_counter(self, key, amount):
        yield self.upsert("counters", quoted(key), str(amount), "{old} + {new}")


def text_of(value):
    return value.decode() if isinstance(value, bytes) else value
