// `sunder serve` in a real browser, with a run that is going on meanwhile.
//
//   node serve_test.mjs SUNDER_PROGRAM SAMPLE_PAGE_PROGRAM WORK_FOLDER DRIVER_FOLDER [PART OF A TEST'S NAME]
//
// Exits with 77 ("skipped") and a sentence if the browser or its driver is not there.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import {
  assertNoComplaints, launch, openPage, runTests, says,
} from "../../results/page/browser.mjs";

const [sunder, samplePage, workFolder, driverFolder, wanted] = process.argv.slice(2);
const browser = await launch(driverFolder);
const runsDir = join(workFolder, "runs");
rmSync(workFolder, { recursive: true, force: true });
mkdirSync(runsDir, { recursive: true });

function start(...words) {
  const child = spawn(sunder, words, { stdio: ["ignore", "pipe", "inherit"] });
  child.ended = new Promise((resolve) => {
    child.on("exit", (code, signal) => resolve(code ?? signal));
  });
  return child;
}

function startRun(...flags) {
  return start("run", "--runs-dir", runsDir, "--nodes", "3", "--concurrency", "4",
    "--rate", "200", "--seed", "7", ...flags);
}

/// The child and the address that it says on its first line.
async function startServer(port = "0") {
  const server = start("serve", "--runs-dir", runsDir, "--port", port,
    "--campaigns-dir", runsDir);
  for await (const line of createInterface({ input: server.stdout })) {
    return { server, address: line };
  }
  throw new Error(`sunder serve ended: ${await server.ended}`);
}

async function end(child) {
  child.kill("SIGINT");
  return child.ended;
}

/// Opens the list again and again until a row says so: a run needs a moment to be there.
async function openList(address, badge) {
  for (;;) {
    const page = await openPage(browser, address, {}, "input");
    const texts = await page.locator(".run .badge").allInnerTexts();
    if (texts.some((text) => text.includes(badge))) return page;
    await page.close();
  }
}

const tests = {
  async "a run is listed, watched while it goes on, and its report opens when it ends"() {
    const { server, address } = await startServer();
    const run = startRun("--name", "watched", "--time-limit", "60s", "--nemesis", "kill",
      "--nemesis-interval", "1s");
    run.stdout.resume();
    try {
      const page = await openList(address, "running");
      await page.locator(".run-title", { hasText: "watch it" }).click();
      await says(page, "#counts [role=status]", /ok [1-9]/);
      const counts = () => page.locator("#counts [role=status]").innerText();
      const before = await counts();
      await page.waitForFunction((old) =>
        document.querySelector("#counts [role=status]").innerText !== old, before);
      await page.locator(".role.leader").first().waitFor();
      await page.locator(".fault").first().waitFor();
      // It was stopped early, so it has no other verdict.
      assert.equal(await end(run), 2);
      await page.locator("h1 a", { hasText: "the report" }).click();
      await says(page, "h1", /unknown/);
      await page.locator(".row-list .operation").first().waitFor();
      assert.match(page.url(), /\/runs\/watched\/[^/]*\/report.html$/);
      assert.deepEqual(page.complaints.filter((each) => !each.startsWith("request: ")), []);
      await page.close();
    } finally {
      await end(run);
      assert.equal(await end(server), 0);
    }
  },

  async "a page whose server went away and came back has counted every operation once"() {
    const first = await startServer();
    const run = startRun("--name", "interrupted", "--time-limit", "60s", "--nemesis", "none");
    run.stdout.resume();
    let server = first.server;
    try {
      const page = await openList(first.address, "running");
      await page.locator(".run-title", { hasText: "watch it" }).click();
      await says(page, "#counts [role=status]", /ok [1-9]/);
      await end(server);
      await says(page, "h1", /trying again/);
      ({ server } = await startServer(new URL(first.address).port));
      await says(page, "h1", /in progress/);
      await end(run);
      await says(page, "h1", /the report/);
      const report = await page.locator("h1 a").getAttribute("href");
      const verdict = await page.request.get(
        new URL(report.replace("report.html", "verdict.json"), first.address).href);
      const { ok } = (await verdict.json()).statistics.operations;
      await says(page, "#counts [role=status]", new RegExp(`ok ${ok.toLocaleString("en-US")}(?![\\d,])`));
      await page.close();
    } finally {
      await end(run);
      await end(server);
    }
  },

  async "a run that was killed is listed as cut off, and what it recorded can be seen"() {
    const { server, address } = await startServer();
    const run = startRun("--name", "killed", "--time-limit", "60s", "--nemesis", "none");
    run.stdout.resume();
    try {
      const page = await openList(address, "running");
      await page.locator(".run-title", { hasText: "watch it" }).click();
      await says(page, "#counts [role=status]", /ok [1-9]/);
      run.kill("SIGKILL");
      await run.ended;
      await says(page, "h1", /cut off/);
      await page.goto(address);
      await page.locator(".run .badge", { hasText: "cut off" }).waitFor();
      await page.close();
    } finally {
      run.kill("SIGKILL");
      await end(server);
    }
  },

  async "a long run's page loads the window asked for from the server"() {
    const run = "sample/20261124T045318Z-7";
    execFileSync(samplePage, ["valid", "200000", join(runsDir, run)]);
    const { server, address } = await startServer();
    try {
      const url = `${address}runs/${run}/report.html`;
      const page = await openPage(browser, url);
      for (let i = 0; i < 5; ++i) await page.keyboard.press("+");
      await says(page, ".shown", /–/);
      const [from, until] = (await page.locator(".shown").innerText()).match(/[\d.]+/g).map(Number);
      await page.locator(".notice button", { hasText: "load them" }).click();
      await says(page, ".notice", /operations of \d/);
      const first = await page.locator(".row-list .operation .time").first().innerText();
      assert.ok(parseFloat(first) >= from - 0.001 && parseFloat(first) <= until, first);
      assertNoComplaints(page, `${address}runs/${run}/history.jsonl`);
      await page.close();
    } finally {
      await end(server);
    }
  },

  async "the list is filtered and leads to traces, logs and the raw history"() {
    const { server, address } = await startServer();
    try {
      const page = await openPage(browser, address, {}, ".run");
      await page.locator("[aria-label='filter runs']").fill("watched");
      assert.equal(await page.locator(".run").count(), 1);
      await page.locator("summary").click();
      const files = await page.locator(".files a").allInnerTexts();
      for (const [file, text] of [["history.jsonl", /"type":"invoke"/],
        ["trace/n1.jsonl", /"event":"started"/], ["log/n1.log", /./], ["plan.json", /"seed": 7/]]) {
        assert.ok(files.includes(file), files.join());
        const link = page.locator(".files a", { hasText: file }).first();
        const answer = await page.request.get(new URL(await link.getAttribute("href"), address).href);
        assert.equal(answer.status(), 200);
        assert.match(await answer.text(), text);
      }
      assertNoComplaints(page);
      await page.close();
    } finally {
      await end(server);
    }
  },
};

await runTests(browser, tests, workFolder, wanted);
