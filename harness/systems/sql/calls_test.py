#!/usr/bin/env python3
"""The programs of calls.py do what docs/systems.md says of their calls, here on SQLite."""
import os, sqlite3, sys, unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from calls import Dialect, Refused, is_read, options


def upsert(table, key, value, becomes):
    update = becomes.format(old=table + ".v", new="excluded.v")
    return f"INSERT INTO {table} VALUES ({key}, {value}) ON CONFLICT (k) DO UPDATE SET v = {update}"


DIALECT = Dialect(upsert, lambda separator: "{old} || '" + separator + "' || {new}")
TABLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "postgresql", "tables.sql")


class Calls(unittest.TestCase):
    def setUp(self):
        self.database = sqlite3.connect(":memory:", isolation_level=None)
        with open(TABLES, encoding="utf-8") as file:
            self.database.executescript(file.read())

    def tearDown(self):
        self.database.close()

    def call(self, kind, f, value=None, key="k1"):
        program = DIALECT.program({"kind": kind, "f": f, "key": key, "value": value})
        rows = None
        while True:
            try:
                cursor = self.database.execute(program.send(rows))
            except StopIteration as end:
                return end.value
            rows = cursor.rowcount if cursor.description is None else cursor.fetchall()

    def test_a_register_is_absent_written_and_compared(self):
        self.assertIsNone(self.call("register", "read"))
        self.call("register", "write", 1)
        self.call("register", "write", 2)
        with self.assertRaises(Refused):
            self.call("register", "cas", [1, 3])
        self.assertEqual(self.call("register", "read"), 2)
        self.call("register", "cas", [2, 3])
        self.assertEqual(self.call("register", "read"), 3)

    def test_a_text_with_quotes_comes_back_as_it_was(self):
        for value in ("it's", 'a "b" \\', "ä", None, True, [1, "x"]):
            self.call("register", "write", value)
            self.assertEqual(self.call("register", "read"), value)

    def test_a_list_keeps_the_order_of_its_elements(self):
        self.assertEqual(self.call("list", "read"), [])
        for element in (3, 1, "2'"):
            self.call("list", "append", element)
        self.assertEqual(self.call("list", "read"), [3, 1, "2'"])

    def test_a_set_and_a_counter(self):
        for element in (1, 2, 3):
            self.call("set", "add", element)
        self.call("set", "remove", 2)
        self.assertEqual(sorted(self.call("set", "read")), [1, 3])
        self.assertEqual(self.call("counter", "read"), 0)
        self.call("counter", "add", 2)
        self.call("counter", "add", 3)
        self.assertEqual(self.call("counter", "read"), 5)

    def test_a_transaction_answers_what_it_read_itself(self):
        steps = [["r", "x", None], ["append", "x", 1], ["append", "x", 2], ["r", "x", None]]
        self.assertEqual(self.call("list-transaction", "txn", steps),
                         [["r", "x", []], ["append", "x", 1], ["append", "x", 2], ["r", "x", [1, 2]]])
        steps = [["r", "x", None], ["w", "x", 1], ["r", "x", None]]
        self.assertEqual(self.call("transaction", "txn", steps),
                         [["r", "x", None], ["w", "x", 1], ["r", "x", 1]])

    def test_money_moves_and_no_balance_falls_below_zero(self):
        self.call("accounts", "open", {"a1": 5, "a2": 7})
        self.call("accounts", "open", {"a1": 100})  # It is there already.
        self.call("accounts", "transfer", {"from": "a1", "to": "a2", "amount": 4})
        with self.assertRaises(Refused):
            self.call("accounts", "transfer", {"from": "a1", "to": "a2", "amount": 2})
        self.assertEqual(self.call("accounts", "read"), {"a1": 1, "a2": 11})

    def test_only_calls_that_change_nothing_are_reads(self):
        self.assertTrue(is_read({"f": "read"}))
        self.assertTrue(is_read({"f": "txn", "value": [["r", "x", None]]}))
        self.assertFalse(is_read({"f": "txn", "value": [["r", "x", None], ["w", "x", 1]]}))
        self.assertFalse(is_read({"f": "cas", "value": [1, 2]}))

    def test_an_option_that_does_not_exist_is_refused(self):
        choices = {"reads": ("primary", "node"), "nodes": None}
        self.assertEqual(options(["reads=node"], choices), {"reads": "node", "nodes": ""})
        for word in ("reads=no", "writes=node", "node"):
            with self.assertRaises(SystemExit):
                options([word], choices)


if __name__ == "__main__":
    unittest.main()
