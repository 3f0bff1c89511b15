#!/usr/bin/env python3
"""Which errors of MariaDB are a `fail` and which an `info`. Skipped without python3-mysqldb."""
import sys, unittest

try:
    import adapter
except ImportError as missing:
    print(missing)
    sys.exit(77)


class Errors(unittest.TestCase):
    def classify(self, number, stage):
        return adapter.classify(adapter.MySQLdb.OperationalError(number, "why"), stage)

    def test_without_a_commit_nothing_happened(self):
        for stage in ("connect", "body"):
            for number in (1213, 2002, 2006, 2013, 1180):
                self.assertEqual(self.classify(number, stage), "fail")

    def test_at_a_commit_only_answers_that_it_was_rolled_back_are_definite(self):
        for number in (1213, 1020, 1205, 1047, 1290):
            self.assertEqual(self.classify(number, "commit"), "fail")
        for number in (2006, 2013, 1180, 1053, 1105):
            self.assertEqual(self.classify(number, "commit"), "info")
        self.assertEqual(adapter.classify(adapter.MySQLdb.InterfaceError(), "commit"), "info")

    def test_a_comparison_that_failed_is_definite(self):
        self.assertEqual(adapter.classify(adapter.Refused("another value"), "commit"), "fail")


if __name__ == "__main__":
    unittest.main()
