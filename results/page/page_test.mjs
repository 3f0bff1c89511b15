// The pages in a real browser.
//
//   node page_test.mjs SAMPLE_PAGE_PROGRAM WORK_FOLDER DRIVER_FOLDER [PART OF A TEST'S NAME]
//
// Exits with 77 ("skipped") and a sentence if the browser or its driver is not there.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { assertNoComplaints, launch, openPage, runTests, says, sizes } from "./browser.mjs";

const [samplePage, workFolder, driverFolder, wanted] = process.argv.slice(2);
const gallery = fileURLToPath(new URL("../gallery", import.meta.url));
const browser = await launch(driverFolder);

function makeSample(kind, operations) {
  const folder = join(workFolder, `${kind}-${operations}`);
  execFileSync(samplePage, [kind, String(operations), folder]);
  return folder;
}

function openSample(kind, operations, options) {
  const file = join(makeSample(kind, operations), "report.html");
  return openPage(browser, pathToFileURL(file).href, options);
}

function openGallery(name) {
  const url = pathToFileURL(join(gallery, name, "report.html")).href;
  return openPage(browser, url, {}, ".proof svg");
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

async function assertNoSidewaysScroll(page, what) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(width, page.viewportSize().width, what);
}

const tests = {
  async "every kind of run opens without a complaint, a request or a sideways scroll"() {
    for (const kind of ["valid", "stale-read", "two-leaders", "stale-transaction",
      "no-operations"]) {
      for (const viewport of sizes) {
        for (const colorScheme of ["light", "dark"]) {
          const page = await openSample(kind, 3000, { viewport, colorScheme });
          await page.locator("footer").scrollIntoViewIfNeeded();
          assertNoComplaints(page);
          await assertNoSidewaysScroll(page, kind);
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
    assert.match(told[1], /never answered client 12 write 19, info/);
    assert.match(told[2], /nemesis partition \(halves\) n1 n3 begins/);
    assert.match(told.at(-1), /client 3 read → 17 impossible/);
    assert.ok(told.some((line) => /n5 became leader, term 7, elected by n2, n4/.test(line)));
    await page.close();
  },

  async "votes and a leader's first message go to the nodes that received them, and to no other"() {
    const page = await openSample("stale-read", 3000);
    const messages = (kind) => page.locator(`#counterexample .message.${kind} title`);
    assert.deepEqual((await messages("vote_granted").allTextContents()).sort(),
      ["16.840 s n2 voted for n5, term 7", "16.840 s n4 voted for n5, term 7"]);
    assert.deepEqual((await messages("became_follower").allTextContents()).sort(),
      ["16.902 s n2 follows n5, term 7", "16.902 s n4 follows n5, term 7"]);
    await page.close();
  },

  async "a cycle of transactions is a picture with named arrows, and its reasons are text"() {
    for (const viewport of sizes) {
      const page = await openSample("stale-transaction", 3000, { viewport });
      const first = page.locator(".transaction").first().locator("text");
      assert.deepEqual(await first.allTextContents(), ["T701  client 5", "r 34 → []", "… 2 more"]);
      assert.deepEqual(await page.locator(".dependency text").allTextContents(),
        ["1 rw 34", "2 realtime"]);
      const why = await page.locator("#anomaly .reasons").innerText();
      assert.match(why, /T701 → T692\s+T701's read of \[\] at key 34 did not see/);
      assert.match(why, /T692 → T701\s+T692 had returned \(line 1395\)/);
      const boxes = await page.locator(".transaction rect, .dependency rect").evaluateAll((all) =>
        all.map((each) => each.getBoundingClientRect().toJSON()));
      const overlap = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 &&
        a.top < b.bottom - 1 && b.top < a.bottom - 1;
      assert.ok(boxes.every((a, i) => boxes.every((b, j) => i === j || !overlap(a, b))));
      const picture = await page.locator(".cycle svg").first().boundingBox();
      assert.ok(picture.y + picture.height < viewport.height, "it is below");
      assert.ok(picture.x + picture.width <= viewport.width, "it is beside");
      assert.equal(await page.locator("#anomaly .bar").count(), 2);
      assert.equal(await page.locator(".impossible").count(), 0);
      await page.close();
    }
  },

  async "each isolation level has its finding, and anomalies are counted by name and key"() {
    const page = await openSample("stale-transaction", 3000);
    const rows = await page.locator(".levels tbody tr").allInnerTexts();
    assert.match(rows[0],
      /serializable\s+✓ proved\s+✓ proved\s+✕ ruled out\s*G-single-realtime/);
    assert.equal(rows.length, 15);
    assert.equal(await page.locator(".levels .claimed").count(), 1);
    assert.match(await page.locator("#isolation").innerText(),
      /Strongest level that stands: strong-session-serializable \(proved\)/);
    const summary = page.locator("#isolation summary");
    assert.match(await summary.innerText(),
      /G-single-realtime 12 \(key 34 7, key 3 5\); rules out strict-serializable/);
    await summary.click();
    await page.locator("#isolation .cycle svg").waitFor();
    assertNoComplaints(page);
    await page.close();
  },

  async "a broken property is shown with its numbered evidence on the nodes' lanes"() {
    const page = await openSample("two-leaders", 3000);
    assert.match(await page.locator("h1").innerText(), /n5 and n1 were both leaders of term 7/);
    const pins = await page.locator(".proof .pin text").allTextContents();
    assert.deepEqual(pins, ["1", "2", "3", "4"]);
    await page.close();
  },

  async "the gallery's pages open, with the proof on screen at first sight"() {
    const runs = readdirSync(gallery, { withFileTypes: true }).filter((each) => each.isDirectory());
    assert.equal(runs.length, 8);
    for (const { name } of runs) {
      for (const viewport of sizes) {
        const url = pathToFileURL(join(gallery, name, "report.html")).href;
        const page = await openPage(browser, url, { viewport }, ".proof svg");
        assertNoComplaints(page);
        await assertNoSidewaysScroll(page, name);
        const proof = await page.locator(".proof svg").first().boundingBox();
        assert.ok(proof.y < viewport.height / 2, `${name} at ${viewport.width}: ${proof.y}`);
        await page.close();
      }
    }
  },

  async "a value that nobody wrote is told with the operation that was said to have failed"() {
    const url = pathToFileURL(join(gallery, "lost-session", "report.html")).href;
    const page = await openPage(browser, url, {}, ".proof svg");
    const story = (await page.locator("#counterexample .story").innerText()).replace(/\s+/g, " ");
    assert.match(story, /client 9 cas 169 → 200, answered fail/);
    await page.close();
  },

  async "an outcome that no operation had is no part of the bar"() {
    const page = await openSample("valid", 3);
    const parts = await page.locator(".outcome-bar .part").evaluateAll((all) =>
      all.map((part) => part.className));
    assert.deepEqual(parts, ["part ok"]);
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
    for (const outcome of ["ok", "refused", "info", "fail"]) {
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

  async "a time of the story leads to its operation, on the charts and in the list"() {
    const page = await openGallery("stale-read");
    const lines = page.locator("#counterexample .story li:has(.key)");
    for (let i = 0; i < await lines.count(); ++i) {
      const [time, client, called] = await lines.nth(i).evaluate((line) => [
        line.querySelector(".time").textContent, line.querySelector(".who").textContent,
        line.querySelector(".key").textContent]);
      await lines.nth(i).locator(".time").click();
      const seconds = parseFloat(time);
      await page.waitForFunction((t) =>
        Math.abs(parseFloat(location.hash.slice("#t=".length)) - t) < 1e-6, seconds);
      const picked = await page.locator("#operations [aria-selected=true]").evaluate((row) =>
        [...row.children].map((cell) => cell.textContent));
      assert.ok(Math.abs(parseFloat(picked[0]) - seconds) < 0.001, `${picked[0]} for ${seconds}`);
      assert.equal(`client ${picked[1]}`, client);
      assert.ok(picked.some((cell) => cell !== "" && called.startsWith(cell)), picked.join());
      assert.ok(await page.locator(".pinned").isVisible());
    }
    await page.close();
  },

  async "an address with a moment opens there, and back leads to the moment before"() {
    const page = await openGallery("stale-read");
    const picked = () => page.locator("#operations [aria-selected=true] .time").innerText();
    const times = page.locator("#counterexample .story li:has(.key) .time");
    await times.nth(0).click();
    await page.locator("#operations [aria-selected=true]").waitFor();
    const [first, address] = [await picked(), page.url()];
    await times.nth(2).click();
    await page.waitForFunction((old) => location.href !== old, address);
    const second = await picked();
    assert.notEqual(first, second);
    await page.goBack();
    await page.waitForFunction((old) =>
      document.querySelector("#operations [aria-selected=true] .time").innerText === old, first);
    await page.close();
    const again = await openPage(browser, address);
    await again.locator("#operations [aria-selected=true]").waitFor();
    assert.equal(await again.locator("#operations [aria-selected=true] .time").innerText(), first);
    await again.close();
  },

  async "each violation is a red line over all charts"() {
    const page = await openSample("stale-read", 3000);
    const lines = page.locator(".violation");
    assert.ok(await lines.count() >= 1);
    const stack = await page.locator(".stack").boundingBox();
    assert.ok((await lines.first().boundingBox()).height > stack.height * 0.95);
    assert.match(await lines.first().innerText(), /linearizable/);
    await page.close();
  },

  async "a refused cas is no error"() {
    const page = await openSample("valid", 3000);
    for (const outcome of ["ok", "info", "fail"]) {
      await page.locator(`.filters [value=${outcome}]`).uncheck();
    }
    const rows = page.locator("#operations .row-list .operation");
    assert.match(await counted(page), /^[1-9]/);
    assert.ok((await rows.allInnerTexts()).every((row) => /cas/.test(row) && /refused/.test(row)));
    assert.match(await page.locator(".tile .legend").first().innerText(), /refused [1-9]/);
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

  async "a page of 100,000 operations holds them all in less than 5 MB"() {
    const folder = makeSample("valid", 100000);
    const { size } = statSync(join(folder, "report.html"));
    console.log(`    ${(size / 1e6).toFixed(2)} MB`);
    assert.ok(size < 5e6, `${size} bytes`);
    const page = await openPage(browser, pathToFileURL(join(folder, "report.html")).href);
    assert.equal(await counted(page), "100,000 of 100,000");
    assertNoComplaints(page);
    await page.close();
  },

  async "the page of a million operations opens in 3 s and loads a window of the history"() {
    const folder = makeSample("valid", 1000000);
    const page = await openPage(browser, pathToFileURL(join(folder, "report.html")).href);
    await page.locator(".row-list .operation").first().waitFor();
    const seconds = await page.evaluate(() => performance.now() / 1000);
    console.log(`    opened after ${seconds.toFixed(2)} s`);
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
    assertNoComplaints(page);
    await page.close();
  },

  async "the list is filtered by any words and leads to reports, live runs and campaigns"() {
    const folder = makeSample("stale-read", 3000);
    const page = await openPage(browser, pathToFileURL(join(folder, "runs.html")).href, {}, ".run");
    assert.deepEqual(await page.locator(".run .badge").allInnerTexts(),
      ["▸\nrunning", "✕\ninvalid", "✓\nvalid"]);
    assert.deepEqual(await page.locator(".run-title").allInnerTexts(), ["in progress: watch it",
      "client 3 read 17 after client 5's write of 21 had returned",
      "8 of 8 runs of the correct node are valid"]);
    assert.deepEqual(
      await page.locator(".run-title").evaluateAll((links) =>
        links.map((link) => link.getAttribute("href"))),
      ["live/append/20261124T050000Z-8", "runs/register/20261124T045318Z-7/report.html",
        "campaigns/nightly/20261123T021700Z/campaign.html"]);
    await page.keyboard.press("/");
    await page.keyboard.type("invalid register");
    assert.equal(await page.locator(".run").count(), 1);
    assert.match(await page.locator("[role=status]").innerText(), /1 of 3/);
    assertNoComplaints(page);
    await page.close();
  },

  async "lists and campaigns open at both widths and in both schemes"() {
    const folder = makeSample("stale-read", 3000);
    for (const file of ["runs.html", "campaign.html"]) {
      for (const viewport of sizes) {
        for (const colorScheme of ["light", "dark"]) {
          const url = pathToFileURL(join(folder, file)).href;
          const page = await openPage(browser, url, { viewport, colorScheme }, ".run");
          assertNoComplaints(page);
          await assertNoSidewaysScroll(page, file);
          await page.close();
        }
      }
    }
  },

  async "a campaign's page lists violations first, and its matrix filters its runs"() {
    const file = pathToFileURL(join(makeSample("stale-read", 3000), "campaign.html")).href;
    const page = await openPage(browser, file, {}, ".run");
    assert.match(await page.locator("h1").innerText(), /invalid\s+5 runs: 1 invalid, 1 valid, 1 found, 1 missed, 1 not run/);
    assert.match(await page.locator(".finding .what").first().innerText(),
      /linearizable: client # read #/);
    const runs = page.locator("#runs .run");
    assert.equal(await runs.count(), 6);
    await page.locator("#matrix button").first().click();
    assert.ok(await runs.count() < 6);
    await page.locator("[aria-label='filter runs']").fill("missed");
    assert.match(await runs.innerText(), /mutant R1 seed 1/);
    await page.close();
  },

  async "the live page moves with the events and ends at the report"() {
    const { server, send } = await serveLive(makeSample("valid", 3000));
    const url = `http://127.0.0.1:${server.address().port}/live.html`;
    const page = await openPage(browser, url, {}, "h1");
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
    assertNoComplaints(page, new URL("/events", url).href);
    await page.close();
    server.close();
  },
};

await runTests(browser, tests, workFolder, wanted);
