#!/usr/bin/env python3
"""What adapter.py answers: a definite error is `fail`, an indefinite one `info`, a read never is."""
import json, os, subprocess, sys, unittest

ADAPTER = """
import asyncio
from adapter import Answer, Failed, Unknown, serve, time_left

async def perform(call):
    kinds = {"failed": Failed("refused", found=None), "unknown": Unknown("broken")}
    if call["key"] in kinds:
        raise kinds[call["key"]]
    if call["key"] == "slow":
        await asyncio.sleep(0.2)
    if call["key"] == "mistake":
        raise KeyError("mistake")
    return Answer(3, revision=7) if call["key"] == "version" else time_left() > 0

serve(perform)
"""


def answers(*calls):
    """The answers, in their order, and the exit status."""
    lines = "".join(json.dumps({"id": i, "f": f, "key": key, "value": None}) + "\n"
                    for i, (f, key) in enumerate(calls))
    folder = os.path.dirname(os.path.abspath(__file__))
    adapter = subprocess.Popen([sys.executable, "-B", "-c", ADAPTER], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                               env={**os.environ, "PYTHONPATH": folder})
    adapter.stdin.write(lines)
    adapter.stdin.flush()
    said = []
    for line in adapter.stdout:
        said.append(json.loads(line))
        if len(said) == len(calls):
            break
    adapter.stdin.close()
    adapter.stdout.close()
    return said, adapter.wait()


class Adapter(unittest.TestCase):
    def test_a_definite_error_is_fail_and_an_indefinite_one_info(self):
        said, _ = answers(("write", "failed"), ("write", "unknown"))
        self.assertEqual(said, [
            {"id": 0, "type": "fail", "error": "refused", "found": None},
            {"id": 1, "type": "info", "error": "broken"}])

    def test_a_read_certainly_did_nothing(self):
        said, _ = answers(("read", "unknown"))
        self.assertEqual(said, [{"id": 0, "type": "fail", "error": "broken"}])

    def test_calls_run_at_once_and_versions_are_passed_on(self):
        said, _ = answers(("write", "slow"), ("read", "version"))
        self.assertEqual(said, [
            {"id": 1, "type": "ok", "value": 3, "revision": 7},
            {"id": 0, "type": "ok", "value": True}])

    def test_a_mistake_of_the_adapter_ends_it(self):
        said, status = answers(("write", "mistake"))
        self.assertEqual(said, [])
        self.assertNotEqual(status, 0)


if __name__ == "__main__":
    unittest.main()
