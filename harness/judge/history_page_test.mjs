// The page of a bare history in a real browser: 'sunder report HISTORY'.
//
//   node history_page_test.mjs SUNDER_PROGRAM WORK_FOLDER DRIVER_FOLDER [PART OF A TEST'S NAME]
//
// Exits with 77 ("skipped") and a sentence if the browser or its driver is not there.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import {
  assertNoComplaints, launch, openPage, runTests, sizes,
} from "../../results/page/browser.mjs";

const [sunder, workFolder, driverFolder, wanted] = process.argv.slice(2);
const browser = await launch(driverFolder);
rmSync(workFolder, { recursive: true, force: true });
mkdirSync(workFolder, { recursive: true });

function openHistory(name, lines, flags = [], options = {}) {
  const file = join(workFolder, name);
  writeFileSync(file, `${lines.join("\n")}\n`);
  execFileSync(sunder, ["report", file, ...flags], { stdio: "pipe" });
  return openPage(browser, pathToFileURL(`${file}.html`).href, options, "h1");
}

const event = (process, type, f, value, time) =>
  JSON.stringify({ process, type, f, key: "k", value, time });

/// A stale read, in milliseconds.
const stale = [
  event(0, "invoke", "write", 1, 1000000), event(0, "ok", "write", 1, 3000000),
  event(0, "invoke", "write", 2, 6000000), event(0, "ok", "write", 2, 8500000),
  event(1, "invoke", "read", null, 9000000), event(1, "ok", "read", 1, 9700000),
];
/// A transaction that did not see one that had returned before.
const transaction = (process, type, value, time) =>
  JSON.stringify({ process, type, f: "txn", value, time });
const staleTransaction = [
  transaction(0, "invoke", [["append", "x", 1], ["r", "y", null]], 1000000),
  transaction(0, "ok", [["append", "x", 1], ["r", "y", []]], 3000000),
  transaction(1, "invoke", [["r", "x", null]], 6000000),
  transaction(1, "ok", [["r", "x", []]], 8500000),
];
const withoutTimes = stale.map((line) => {
  const { time, ...rest } = JSON.parse(line);
  return JSON.stringify(rest);
});
const headings = (page) => page.locator("h2").allInnerTexts();

const tests = {
  async "the proof, what was assumed and the command are there, and nothing that only a run has"() {
    for (const viewport of sizes) {
      const page = await openHistory("stale.jsonl", stale, [], { viewport });
      assert.match(await page.locator("h1").innerText(), /client 1 read 1 after/);
      assert.match(await page.locator(".reading").innerText(), /assumed\s+the model is register/);
      assert.deepEqual(await headings(page), ["Why it is not linearizable, key k", "Figures",
        "Over time", "Checks", "Operations", "Judge it again"]);
      assert.match(await page.locator("#plan").innerText(), /sunder check .*stale\.jsonl/);
      assert.equal(await page.locator("#logs, details:not(.passed), input[type=file]").count(), 0);
      const panels = await page.locator(".panel:not([hidden]) h3").allInnerTexts();
      assert.deepEqual(panels.map((text) => text.split("\n")[0].trim().split(/\s/)[0]),
        ["Latency", "Throughput,"]);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(width, viewport.width);
      assertNoComplaints(page);
      await page.close();
    }
  },

  async "transactions get a cycle, the levels and the command that names the level"() {
    const page = await openHistory("txn.jsonl", staleTransaction, ["--isolation", "strict"]);
    assert.match(await page.locator("h1").innerText(), /strict-serializable is ruled out by G-single/);
    assert.equal(await page.locator("#anomaly .transaction").count(), 2);
    assert.deepEqual(await headings(page), [
      "Why it is not strict-serializable: G-single-realtime", "Isolation levels", "Figures",
      "Over time", "Checks", "Operations", "Judge it again"]);
    assert.match(await page.locator("#plan").innerText(), /--isolation strict/);
    assertNoComplaints(page);
    await page.close();
  },

  async "without times the events are numbered, and no latency is shown"() {
    const page = await openHistory("places.jsonl", withoutTimes);
    assert.match(await page.locator(".reading").innerText(), /There are no times/);
    assert.deepEqual(await headings(page), ["Why it is not linearizable, key k", "Figures",
      "Checks", "Operations", "Judge it again"]);
    const first = page.locator(".row-list .operation").first();
    assert.match(await first.innerText(), /#1/);
    assert.deepEqual(await page.locator(".story .time").allInnerTexts(),
      ["#1 – #2", "#3 – #4", "#5 – #6"].slice(-await page.locator(".story .time").count()));
    assert.doesNotMatch(await page.locator("#page").innerText(), /\d (ns|µs|ms|s)\b/);
    assertNoComplaints(page);
    await page.close();
  },

  async "events of another nemesis are bands with their own names and values"() {
    const nemesis = (f, value, time) =>
      JSON.stringify({ process: "nemesis", type: "info", f, value, time });
    const page = await openHistory("nemesis.jsonl", [...stale.slice(0, 4),
      nemesis("start-partition", { isolated: ["n1"] }, 8600000),
      nemesis("stop-partition", null, 8700000), nemesis("crash", "<b>n1</b>", 8800000),
      ...stale.slice(4)]);
    const lanes = page.locator("#timeline .panel").first().locator(".lane-label");
    assert.deepEqual(await lanes.allTextContents(), ["start-partition", "crash"]);
    const titles = await page.locator("#timeline .fault title").allTextContents();
    assert.match(titles[0], /0\.009 s – 0\.009 s\n\{"isolated":\["n1"\]\}/);
    assert.match(titles[1], /^crash\n0\.009 s\n<b>n1<\/b>/);
    const story = await page.locator(".story").innerText();
    assert.doesNotMatch(story, /healed/);
    assertNoComplaints(page);
    await page.close();
  },

  async "a page that was asked for a witness shows in which order the operations took effect"() {
    const lines = [
      event(0, "invoke", "write", 1, 1000000), event(1, "invoke", "read", null, 2000000),
      event(1, "ok", "read", 1, 3000000), event(0, "ok", "write", 1, 4000000),
    ];
    const page = await openHistory("valid.jsonl", lines, ["--witness"]);
    const rows = await page.locator("table.witness tbody tr").allInnerTexts();
    assert.deepEqual(rows.map((row) => row.split("\t").map((cell) => cell.trim())),
      [["1", "client 0", "k", "write 1", "1"], ["2", "client 1", "k", "read → 1", "1"]]);
    assertNoComplaints(page);
    await page.close();
    const invalid = await openHistory("none.jsonl", stale, ["--witness"]);
    assert.equal(await invalid.locator("table.witness").count(), 0);
    await invalid.close();
  },

  async "markup and control characters are shown as text"() {
    const evil = "<img src=x onerror=alert(1)>\u001b[31m\u202e";
    const lines = stale.map((line) =>
      JSON.stringify({ ...JSON.parse(line), key: evil }).replace(/"value":[12]/, (found) =>
        `"value":${JSON.stringify({ [evil]: found })}`));
    const page = await openHistory("evil.jsonl", lines, ["--model", "register"]);
    assert.equal(await page.locator("#page img").count(), 0);
    const shown = await page.locator("#page").innerText();
    assert.match(shown, /<img src=x onerror=alert\(1\)>\\u001b\[31m\\u202e/);
    assert.doesNotMatch(shown, /[\u001b\u202e]/);
    assertNoComplaints(page);
    await page.close();
  },

  async "a long history says what is left out, and asks for no file"() {
    const lines = [];
    for (let i = 0; i < 120000; ++i) {
      lines.push(event(0, "invoke", "write", i, i * 1003000 + i % 7),
        event(0, "ok", "write", i, i * 1003000 + 500000));
    }
    const page = await openHistory("long.jsonl", lines);
    assert.match(await page.locator(".notice").innerText(),
      /This page holds \d\d,\d\d\d of 120,000 operations: those beside a counterexample/);
    assert.equal(await page.locator("input[type=file]").count(), 0);
    assertNoComplaints(page);
    await page.close();
  },
};

await runTests(browser, tests, workFolder, wanted);
