// The pages in a real browser: Debian's chromium driven by playwright-core.
//
//   node page_test.mjs SAMPLE_PAGE_PROGRAM WORK_FOLDER PLAYWRIGHT_FOLDER [PART OF A TEST'S NAME]
//
// Exits with 77 ("skipped") and a sentence if the browser or playwright-core is not there.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [samplePage, workFolder, playwrightFolder, wanted = ""] = process.argv.slice(2);
const browserPath = process.env.CHROMIUM ?? "/usr/bin/chromium";

function skip(reason) {
  console.log(`skipped: ${reason}`);
  process.exit(77);
}

function playwright() {
  try {
    return createRequire(join(playwrightFolder, "package.json"))("playwright-core").chromium;
  } catch {
    return skip("playwright-core is not installed; " +
      `'npm install --prefix ${playwrightFolder} playwright-core' installs it`);
  }
}

if (!existsSync(browserPath)) {
  skip(`${browserPath} is not installed; 'apt install chromium' does it`);
}
const chromium = playwright();
const browser = await chromium.launch({
  executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"],
});

function makeSample(kind, operations) {
  const folder = join(workFolder, `${kind}-${operations}`);
  execFileSync(samplePage, [kind, String(operations), folder]);
  return folder;
}

/// Opens a page, with everything noted that it must not do. It is there when `sign` is.
async function openPage(url, options = {}, sign = ".plot svg") {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  page.complaints = [];
  page.on("console", (message) => page.complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => page.complaints.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) {
      page.complaints.push(`request: ${request.url()}`);
    }
  });
  // Processor time, so that a busy machine does not fail the test.
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  page.busySeconds = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value;
  };
  await page.goto(url);
  await page.locator(sign).first().waitFor();
  return page;
}

function openSample(kind, operations, options) {
  const file = join(makeSample(kind, operations), "report.html");
  return openPage(pathToFileURL(file).href, options);
}

/// Waits until the text of the only element of that selector matches.
function says(page, selector, pattern) {
  return page.waitForFunction(
    ([which, source]) => new RegExp(source).test(document.querySelector(which).textContent),
    [selector, pattern.source]);
}

/// A server for live.html of `folder` whose events the test sends.
async function serveLive(folder) {
  let connect;
  let stream;
  const send = (name, lines) => {
    const data = lines.filter(Boolean).map((line) => `data: ${line}\n`).join("");
    stream.write(`event: ${name}\n${data}\n`);
  };
  send.connected = new Promise((resolve) => { connect = resolve; });
  const server = createServer((request, response) => {
    if (request.url === "/live.html") {
      response.setHeader("Content-Type", "text/html");
      response.end(readFileSync(join(folder, "live.html")));
      return;
    }
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.flushHeaders();
    stream = response;
    connect();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, send };
}

const shown = (page) => page.locator(".controls .shown").innerText();
const counted = (page) => page.locator("#operations [role=status]").last().innerText();
const sizes = [{ width: 1280, height: 900 }, { width: 390, height: 844 }];

const tests = {
  async "every kind of run opens without a complaint, a request or a sideways scroll"() {
    for (const kind of ["valid", "stale-read", "two-leaders", "no-operations"]) {
      for (const viewport of sizes) {
        for (const colorScheme of ["light", "dark"]) {
          const page = await openSample(kind, 3000, { viewport, colorScheme });
          await page.locator("footer").scrollIntoViewIfNeeded();
          assert.deepEqual(page.complaints, [], `${kind} at ${viewport.width}, ${colorScheme}`);
          const width = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.equal(width, viewport.width, `${kind} at ${viewport.width}`);
          await page.close();
        }
      }
    }
  },

  async "the verdict, the sentence and the impossible read are on screen at first sight"() {
    for (const viewport of sizes) {
      const page = await openSample("stale-read", 3000, { viewport });
      assert.match(await page.locator("h1").innerText(),
        /invalid\s+client 3 read 17 after client 5's write of 21 had returned/);
      const culprit = await page.locator(".bar.culprit").boundingBox();
      assert.ok(culprit.y > 0 && culprit.y + culprit.height < viewport.height, "it is below");
      assert.ok(culprit.x > 0 && culprit.x + culprit.width < viewport.width, "it is beside");
      assert.equal(await page.locator(".bar.culprit .impossible").count(), 1);
      assert.equal(await page.locator(".proof .bar").count(), 4);
      await page.close();
    }
  },

  async "the counterexample is told in the order of time, with the cluster's events"() {
    const page = await openSample("stale-read", 3000);
    const lines = await page.locator("#counterexample .story li").allInnerTexts();
    const told = lines.map((line) => line.replace(/\s+/g, " "));
    assert.match(told[0], /client 7 write 17/);
    assert.match(told[1], /never returned client 12 write 19, no answer/);
    assert.match(told[2], /nemesis partition \(halves\) n1 n3 begins/);
    assert.match(told.at(-1), /client 3 read → 17 impossible/);
    assert.ok(told.some((line) => /n5 became leader, term 7/.test(line)));
    await page.close();
  },

  async "a broken property is shown with its numbered evidence on the nodes' lanes"() {
    const page = await openSample("two-leaders", 3000);
    assert.match(await page.locator("h1").innerText(), /n5 and n1 were both leaders of term 7/);
    const pins = await page.locator(".proof .pin text").allTextContents();
    assert.deepEqual(pins, ["1", "2", "3", "4"]);
    await page.close();
  },

  async "filters leave the operations that pass them all"() {
    const page = await openSample("valid", 3000);
    assert.equal(await counted(page), "3,000 of 3,000");
    await page.locator("[name=f]").selectOption("write");
    await page.locator("[name=key]").selectOption("k1");
    const calls = await page.locator(".row-list .operation").evaluateAll((rows) =>
      rows.map((row) => `${row.children[2].textContent} ${row.children[3].textContent}`));
    assert.ok(calls.length > 10);
    assert.ok(calls.every((call) => /^k1 write \d+$/.test(call)), calls.join());
    await page.locator("[name=client]").fill("3");
    const clients = await page.locator(".row-list .operation .client").allInnerTexts();
    assert.ok(clients.length > 0 && clients.every((client) => client === "3"), clients.join());
    for (const outcome of ["ok", "info", "fail"]) {
      await page.locator(`.filters [value=${outcome}]`).uncheck();
    }
    assert.match(await counted(page), /^0 of 3,000/);
    await page.close();
  },

  async "dragging over the charts zooms all of them and the operations"() {
    const page = await openSample("valid", 3000);
    const stack = page.locator(".stack");
    await stack.scrollIntoViewIfNeeded();
    const box = await stack.boundingBox();
    const y = box.y + 150;
    await page.mouse.move(box.x + box.width * 0.4, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, y, { steps: 4 });
    await page.mouse.up();
    await says(page, ".shown", /–/);
    const [from, until] = (await shown(page)).match(/[\d.]+/g).map(Number);
    assert.ok(until - from > 2 && until - from < 5, `${from} to ${until}`);
    assert.match(await counted(page), /^[1-9]\d* of 3,000 in the window/);
    const first = await page.locator(".row-list .operation .time").first().innerText();
    assert.ok(parseFloat(first) >= from && parseFloat(first) <= until, first);
    await page.keyboard.press("0");
    await says(page, ".shown", /the whole run/);
    await page.close();
  },

  async "one cursor stands on all charts, and a click brings the operations of that moment"() {
    const page = await openSample("valid", 3000);
    const stack = page.locator(".stack");
    await stack.scrollIntoViewIfNeeded();
    const box = await stack.boundingBox();
    await page.mouse.click(box.x + box.width * 0.7, box.y + 150);
    await says(page, ".readout", /leader/);
    const time = parseFloat(await page.locator(".readout").innerText());
    const cursor = await page.locator(".cursor").boundingBox();
    assert.ok(cursor.height > box.height * 0.95, "the cursor does not cover all charts");
    const picked = await page.locator("#operations [aria-selected=true] .time").innerText();
    assert.ok(Math.abs(parseFloat(picked) - time) < 0.5, `${picked} for ${time} s`);
    await page.close();
  },

  async "the page can be used by keys alone"() {
    const page = await openSample("stale-read", 3000);
    await page.keyboard.press("+");
    await says(page, ".shown", /–/);
    const before = await shown(page);
    await page.keyboard.press("Shift+ArrowRight");
    await page.waitForFunction((old) =>
      document.querySelector(".shown").textContent !== old, before);
    await page.keyboard.press("ArrowRight");
    await says(page, ".readout", /leader/);
    await page.keyboard.press("/");
    await page.keyboard.type("write");
    assert.equal(await page.locator("[name=text]").inputValue(), "write");
    await page.locator("[name=text]").blur();
    await page.keyboard.press("?");
    assert.ok(await page.locator("dialog").isVisible());
    await page.keyboard.press("Escape");
    assert.ok(!await page.locator("dialog").isVisible());
    await page.close();
  },

  async "the nodes' events and logs stand beside the operations"() {
    const page = await openSample("valid", 3000);
    const first = page.locator("#logs .row").first();
    assert.match(await first.innerText(), /started with an empty log/);
    await page.locator("#logs [role=tab]", { hasText: "n2" }).click();
    assert.match(await first.innerText(), /n2 heartbeat 0 sent, <everything> & more/);
    await page.locator("#logs input").fill("heartbeat 42 ");
    assert.equal(await page.locator("#logs .row").count(), 1);
    await page.close();
  },

  async "the page of a million operations opens in 3 s and loads a window of the history"() {
    const folder = makeSample("valid", 1000000);
    const page = await openPage(pathToFileURL(join(folder, "report.html")).href);
    await page.locator(".row-list .operation").first().waitFor();
    const seconds = await page.busySeconds();
    console.log(`    the page was busy for ${seconds.toFixed(2)} s`);
    assert.ok(seconds < 3, `${seconds} s`);
    assert.match(await page.locator(".notice").innerText(), /This page holds \d\d,\d\d\d of 1,000,000/);
    for (let i = 0; i < 6; ++i) await page.keyboard.press("+");
    await says(page, ".shown", /–/);
    await page.locator("#history-file").setInputFiles(join(folder, "history.jsonl"));
    await says(page, ".notice", /operations of \d/);
    const loaded = (await page.locator(".notice [role=status]").innerText()).replaceAll(",", "");
    const [count, from, until] = loaded.match(/[\d.]+/g).map(Number);
    assert.ok(count > 10000, loaded);
    const times = await page.evaluate(async () => {
      const { view } = await import("#page/view.js");
      return [...view.operations.invoked];
    });
    assert.equal(times.length, count);
    assert.ok(times.every((time, i) => i === 0 || time >= times[i - 1]));
    assert.ok(times[0] / 1e9 >= from - 0.001 && times.at(-1) / 1e9 <= until + 0.001);
    assert.deepEqual(page.complaints, []);
    await page.close();
  },

  async "the list of runs is filtered by any words and leads to reports and live runs"() {
    const folder = makeSample("stale-read", 3000);
    const page = await openPage(pathToFileURL(join(folder, "runs.html")).href, {}, ".run");
    assert.deepEqual(await page.locator(".run-title").allInnerTexts(), ["in progress: watch it",
      "client 3 read 17 after client 5's write of 21 had returned"]);
    assert.deepEqual(
      await page.locator(".run-title").evaluateAll((links) =>
        links.map((link) => link.getAttribute("href"))),
      ["live/append/20261124T050000Z-8", "runs/register/20261124T045318Z-7/report.html"]);
    await page.keyboard.press("/");
    await page.keyboard.type("invalid register");
    assert.equal(await page.locator(".run").count(), 1);
    assert.match(await page.locator("[role=status]").innerText(), /1 of 2 runs/);
    assert.deepEqual(page.complaints, []);
    await page.close();
  },

  async "the live page moves with the events and ends at the report"() {
    const { server, send } = await serveLive(makeSample("valid", 3000));
    const url = `http://127.0.0.1:${server.address().port}/live.html`;
    const page = await openPage(url, {}, "h1");
    await send.connected;
    const events = readFileSync(join(workFolder, "valid-3000", "history.jsonl"), "utf8").split("\n");
    send("history", events.slice(0, 1000));
    send("trace", ['{"time":310000000,"node":2,"term":1,"event":"became_leader","last":0}']);
    await says(page, "#counts [role=status]", /ok \d/);
    const before = await page.locator("#counts [role=status]").innerText();
    assert.equal(await page.locator(".role.leader").count(), 1);
    send("history", events.slice(1000));
    await page.waitForFunction((old) =>
      document.querySelector("#counts [role=status]").innerText !== old, before);
    await says(page, "#counts [role=status]", /30\.\d s/);
    await page.locator(".fault").nth(6).waitFor();
    assert.equal(await page.locator(".role.down").count(), 3);
    send("done", ["report.html"]);
    await says(page, "h1", /the report/);
    assert.deepEqual(page.complaints.filter((each) => !each.endsWith("/events")), []);
    await page.close();
    server.close();
  },
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
  if (!name.includes(wanted)) continue;
  try {
    await test();
    console.log(`ok   ${name}`);
  } catch (error) {
    ++failed;
    console.log(`FAIL ${name}\n${error.stack}`);
  }
}
await browser.close();
process.exit(failed === 0 ? 0 : 1);
