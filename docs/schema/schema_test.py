#!/usr/bin/env python3
"""What sunder writes, against the schemas beside this file.

    schema_test.py SUNDER_PROGRAM SOURCE_FOLDER WORK_FOLDER

Here a member that a schema does not describe is a mistake: a file that gets a new one needs a new
description. Exits with 77 ("skipped") if Python's jsonschema is not installed.
"""

import copy
import json
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

try:
    import jsonschema
except ImportError:
    print("skipped: no python3-jsonschema; './dev setup' installs it")
    sys.exit(77)

SUNDER, SOURCE, WORK = (Path(each) for each in sys.argv[1:4])
FOLDER = SOURCE / "docs" / "schema"
GALLERY = sorted(path.parent for path in (SOURCE / "results" / "gallery").glob("*/plan.json"))


def schema(name):
    return json.loads((FOLDER / name).read_text())


def objects_in(node):
    """All objects of a schema that list properties."""
    if isinstance(node, list):
        for each in node:
            yield from objects_in(each)
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield node
        for each in node.values():
            yield from objects_in(each)


def strict(name):
    made = copy.deepcopy(schema(name))
    for each in objects_in(made):
        each["additionalProperties"] = False
    return jsonschema.Draft7Validator(made)


HISTORY_LINE = strict("history-line.schema.json")
VERDICT = strict("verdict.schema.json")
SYSTEM = jsonschema.Draft7Validator(schema("system.schema.json"))
PARTS = {"ready": {}, "setup": {}, "roles": {"adapter": True}, "members": {},
         "files_check": {"each": ["a"]}}

def calls(*operations):
    """One line for each event of (f, value, answer); no answer makes it info."""
    lines = []
    for process, (f, value, answer) in enumerate(operations):
        lines.append({"process": process, "type": "invoke", "f": f, "value": value})
        if answer != "none":
            lines.append({"process": process, "type": "ok", "f": f, "value": answer})
    return "".join(json.dumps(each) + "\n" for each in lines)


QUEUE = calls(("enqueue", 1, 1), ("enqueue", 2, 2), ("dequeue", None, "none"), ("dequeue", None, None))
SET = calls(("add", 1, 1), ("add", 2, 2), ("read", None, [2]))
def transactions(*events):
    """One line for each event of (process, type, micro-operations)."""
    return "".join(json.dumps({"process": process, "type": kind, "f": "txn", "value": steps}) + "\n"
                   for process, kind, steps in events)


STALE_TRANSACTION = transactions(
    (0, "invoke", [["append", "x", 1]]), (0, "ok", [["append", "x", 1]]),
    (1, "invoke", [["r", "x", None]]), (1, "ok", [["r", "x", []]]),
    (2, "invoke", [["append", "x", 2]]))
STALE = """{"process":0,"type":"invoke","f":"write","value":["k",1],"time":5}
{"process":0,"type":"ok","f":"write","value":["k",1],"time":9000000}
{"process":1,"type":"invoke","f":"read","value":["k",null],"time":10000000}
{"process":1,"type":"ok","f":"read","value":["k",2],"time":11000000}
{"process":2,"type":"invoke","f":"wri"""


def sunder(*words):
    return subprocess.run([SUNDER, *map(str, words)], capture_output=True, text=True, check=False)


class Schemas(unittest.TestCase):
    def assert_valid(self, validator, instance, what):
        errors = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}"
                  for e in validator.iter_errors(instance)]
        self.assertEqual(errors[:3], [], what)

    def assert_history(self, file):
        lines = file.read_text().splitlines()
        self.assertGreater(len(lines), 0)
        for number, line in enumerate(lines, 1):
            self.assert_valid(HISTORY_LINE, json.loads(line), f"{file}:{number}")

    def test_schemas_are_schemas_and_describe_each_member(self):
        for name in ("history-line.schema.json", "verdict.schema.json", "system.schema.json"):
            jsonschema.Draft7Validator.check_schema(schema(name))
            for each in objects_in(schema(name)):
                for member, described in each["properties"].items():
                    self.assertIn("description", described, f"{name}: {member}")

    def test_stored_runs_fit(self):
        self.assertEqual(len(GALLERY), 8)
        for run in GALLERY:
            self.assert_history(run / "history.jsonl")
            verdict = json.loads((run / "verdict.json").read_text())
            self.assert_valid(VERDICT, verdict, run)

    def test_a_fresh_run_fits(self):
        runs = WORK / "runs"
        done = sunder("run", "--runs-dir", runs, "--time-limit", "1s", "--nodes", "3", "--nemesis",
                      "kill", "--seed", "3")
        self.assertIn(done.returncode, (0, 1, 2), done.stderr)
        self.assert_history(runs / "latest" / "history.jsonl")
        verdict = json.loads((runs / "latest" / "verdict.json").read_text())
        self.assertEqual(verdict["assumptions"], [])
        self.assert_valid(VERDICT, verdict, "a fresh run")

    def test_the_verdict_of_a_bare_history_fits_and_says_what_was_assumed(self):
        history = WORK / "stale.jsonl"
        history.write_text(STALE)
        done = sunder("check", "--json", history)
        self.assertEqual(done.returncode, 1, done.stderr)
        verdict = json.loads(done.stdout)
        self.assert_valid(VERDICT, verdict, "a bare history")
        self.assertIn("values are [key value]", " ".join(verdict["assumptions"]))
        self.assertIn("stale.jsonl:5", " ".join(verdict["warnings"]))

    def test_what_became_of_elements_and_messages_fits(self):
        for model, lines in (("queue", QUEUE), ("set", SET)):
            history = WORK / f"{model}.jsonl"
            history.write_text(lines)
            done = sunder("check", "--json", "--model", model, history)
            self.assertEqual(done.returncode, 1, done.stderr)
            verdict = json.loads(done.stdout)
            self.assert_valid(VERDICT, verdict, model)
            check = verdict["checks"][0]
            self.assertEqual(check["fates"]["acknowledged"], 2)
            if model == "queue":
                self.assertEqual(check["fates"]["unanswered_dequeues"], 1)
                self.assertEqual(check["counterexample"]["shortfall"], {"values": 2, "dequeues": 1})

    def test_the_findings_on_isolation_levels_fit(self):
        history = WORK / "transactions.jsonl"
        history.write_text(STALE_TRANSACTION)
        for level, code in (("strict-serializable", 1), ("serializable", 0)):
            done = sunder("check", "--json", "--isolation", level, history)
            self.assertEqual(done.returncode, code, done.stderr)
            verdict = json.loads(done.stdout)
            self.assert_valid(VERDICT, verdict, level)
            account = verdict["checks"][0]["isolation"]
            self.assertEqual(account["claimed"], level)
            self.assertEqual(account["anomalies"][0]["name"], "G-single-realtime")
            self.assertEqual([edge["kind"] for edge in account["anomalies"][0]["cycle"]],
                             ["rw", "realtime"])
            strict = account["levels"][-1]
            self.assertEqual((strict["level"], strict["finding"]),
                             ("strict-serializable", "ruled out"))

    def test_descriptions_of_systems_fit(self):
        files = [*(SOURCE / "docs" / "examples").glob("*.json"),
                 *(SOURCE / "harness" / "systems").glob("*/*.json"),
                 *(SOURCE / "harness" / "driver" / "described").glob("*.json")]
        described = [file for file in files if "adapter" in json.loads(file.read_text())]
        self.assertGreater(len(described), 2)
        for file in described:
            self.assert_valid(SYSTEM, json.loads(file.read_text()), file)

    def test_the_schema_of_descriptions_has_the_members_that_the_program_reads(self):
        """The program names them when it refuses another one."""
        whole = {"start": ["a"], "adapter": ["b"], "ports": {"client": 1}}
        for member in ("", "ready", "setup", "roles", "members", "files_check"):
            wrong = json.loads(json.dumps(whole))
            (wrong.setdefault(member, dict(PARTS[member])) if member else wrong)["unheard-of"] = 1
            self.assertFalse(SYSTEM.is_valid(wrong))
            file = WORK / "wrong.json"
            file.write_text(json.dumps(wrong))
            refusal = sunder("run", "--system", file).stderr
            self.assertIn("allowed are ", refusal)
            known = set(refusal.split("allowed are ")[1].strip().split(", "))
            properties = schema("system.schema.json")["properties"]
            described = set(properties[member]["properties"]) if member else set(properties)
            self.assertEqual(known, described, member)

    def test_what_sunder_would_not_write_does_not_fit(self):
        line = {"process": 0, "type": "ok", "f": "read", "value": None}
        self.assert_valid(HISTORY_LINE, line, "a line")
        for wrong in ({**line, "process": -1}, {**line, "process": "n1"}, {**line, "type": "done"},
                      {**line, "f": ""}, {**line, "time": "now"}, {**line, "revisions": 1},
                      {k: v for k, v in line.items() if k != "type"}):
            self.assertFalse(HISTORY_LINE.is_valid(wrong), wrong)
        verdict = json.loads((GALLERY[0] / "verdict.json").read_text())
        for wrong in ({**verdict, "validity": "maybe"}, {**verdict, "checks": None},
                      {**verdict, "assumptions": [1]}, {**verdict, "more": 1}):
            self.assertFalse(VERDICT.is_valid(wrong))


if __name__ == "__main__":
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    program = unittest.main(argv=[sys.argv[0]], exit=False)
    shutil.rmtree(WORK, ignore_errors=True)
    sys.exit(0 if program.result.wasSuccessful() else 1)
