#!/usr/bin/env python3
"""Which errors of PostgreSQL are a `fail` and which an `info`. Skipped without python3-psycopg2."""
import sys, unittest

try:
    import adapter
except ImportError as missing:
    print(missing)
    sys.exit(77)


class Answer(Exception):
    def __init__(self, pgcode):
        super().__init__(pgcode)
        self.pgcode = pgcode


class Errors(unittest.TestCase):
    def test_without_a_commit_nothing_happened(self):
        for stage in ("connect", "body"):
            for pgcode in (None, "40001", "57P01", "08006"):
                self.assertEqual(adapter.classify(Answer(pgcode), stage), "fail")
            self.assertEqual(adapter.classify(adapter.Overdue(), stage), "fail")

    def test_at_a_commit_only_answers_that_it_was_rolled_back_are_definite(self):
        for pgcode in ("40001", "40P01", "25006", "57014"):
            self.assertEqual(adapter.classify(Answer(pgcode), "commit"), "fail")
        for pgcode in (None, "57P01", "57P02", "08006", "58030", "XX000"):
            self.assertEqual(adapter.classify(Answer(pgcode), "commit"), "info")
        self.assertEqual(adapter.classify(adapter.Overdue(), "commit"), "info")

    def test_a_comparison_that_failed_is_definite(self):
        self.assertEqual(adapter.classify(adapter.Refused("another value"), "commit"), "fail")


if __name__ == "__main__":
    unittest.main()
