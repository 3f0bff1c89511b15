#!/usr/bin/env python3
"""The examples of histories.md, given to 'sunder check'.

    histories_test.py SUNDER_PROGRAM SOURCE_FOLDER WORK_FOLDER

An example is a block of a history, and behind it what the program says of it, one command a line:

    - `sunder check FILE --keys none`: exit 1, "client 1 read 1"

A block of Python is a model, which the commands behind it call my_model.py. FILE is the block, without the newline at its end; FILE.gz is the same, packed; '-' reads it from the
standard input; FILE.1 and FILE.2 are its halves, by lines. Each text in quotes must be in what the program prints.
"""

import gzip
import re
import shlex
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

SUNDER, SOURCE, WORK = (Path(each) for each in sys.argv[1:4])
PAGE = (SOURCE / "docs" / "histories.md").read_text()
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```\n\n?((?:- `sunder check [^\n]*\n)*)", re.M | re.S)
COMMAND = re.compile(r"- `sunder check (.*?)`: exit (\d+)(.*)")
LEAST_EXAMPLES = 20
MODEL = WORK / "my_model.py"


def examples():
    """(number of the block's line, language, text, [(flags, exit code, texts)])"""
    for block in BLOCK.finditer(PAGE):
        if block[1] == "python":
            continue
        commands = [(shlex.split(words), int(code), re.findall(r'"(.*?)"(?:,|$)', texts.strip()))
                    for words, code, texts in COMMAND.findall(block[3])]
        yield PAGE[:block.start()].count("\n") + 1, block[1], block[2], commands


class Examples(unittest.TestCase):
    def test_each_block_has_a_command_and_there_are_many(self):
        found = list(examples())
        self.assertGreaterEqual(len(found), LEAST_EXAMPLES)
        models = PAGE.count("\n```python\n")
        self.assertEqual(PAGE.count("\n```\n"), len(found) + models, "a block that is no example")
        for line, _, _, commands in found:
            self.assertTrue(commands, f"histories.md:{line}: nothing says what is checked")
        self.assertEqual(PAGE.count("\n- `sunder check"), sum(len(each[3]) for each in found))

    def test_the_program_says_what_the_page_says(self):
        for line, language, text, commands in examples():
            file = WORK / f"line-{line}.{language}"
            text = text.removesuffix("\n")
            lines = text.splitlines(keepends=True)
            half = len(lines) // 2
            parts = {".gz": gzip.compress(text.encode()), ".1": "".join(lines[:half]).encode(),
                     ".2": "".join(lines[half:]).encode(), "": text.encode()}
            for suffix, content in parts.items():
                Path(f"{file}{suffix}").write_bytes(content)
            for words, code, texts in commands:
                with self.subTest(f"histories.md:{line}", words=words):
                    self.assertRegex(words[0], r"^(FILE(\.gz|\.1)?|-)$")
                    words = [word.replace("FILE", str(file)).replace("my_model.py", str(MODEL))
                             for word in words]
                    done = subprocess.run([SUNDER, "check", *words], capture_output=True,
                                          input=text, text=True, check=False)
                    self.assertEqual(done.returncode, code, done.stdout + done.stderr)
                    for each in texts:
                        self.assertIn(each, done.stdout + done.stderr)


if __name__ == "__main__":
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    for model in re.findall(r"^```python\n(.*?)^```\n", PAGE, re.M | re.S):
        MODEL.write_text(model)
    program = unittest.main(argv=[sys.argv[0]], exit=False)
    shutil.rmtree(WORK, ignore_errors=True)
    sys.exit(0 if program.result.wasSuccessful() else 1)
