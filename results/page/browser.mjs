// A real browser for the tests of pages: Debian's chromium driven by playwright-core.

import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

export const sizes = [{ width: 1280, height: 900 }, { width: 390, height: 844 }];

const programs = ["chromium", "chromium-browser", "google-chrome"];

/// Ends the test as one that was skipped, for CTest.
function skip(reason) {
  console.log(`skipped: ${reason}`);
  process.exit(77);
}

function findBrowser() {
  const named = process.env.CHROMIUM;
  const folders = process.env.PATH.split(":");
  const places = named ? [named]
    : programs.flatMap((program) => folders.map((folder) => join(folder, program)));
  return places.find(existsSync)
    ?? skip(`no ${named ?? "chromium"} here; './dev test' installs it on Debian`);
}

function findDriver(folder) {
  try {
    return createRequire(resolve(folder, "package.json"))("playwright-core").chromium;
  } catch {
    return skip(`no playwright-core in ${folder}; './dev test' installs it where there is npm`);
  }
}

/// `driverFolder` is where `npm ci` has put playwright-core.
export async function launch(driverFolder) {
  const executablePath = findBrowser();
  return findDriver(driverFolder).launch({
    executablePath, args: ["--no-sandbox", "--disable-gpu"],
  });
}

/// Opens a page, with everything noted that it must not do. It is there when `sign` is.
export async function openPage(browser, url, options = {}, sign = ".plot svg") {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  page.complaints = [];
  page.on("console", (message) => page.complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => page.complaints.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) {
      page.complaints.push(`request: ${request.url()}`);
    }
  });
  await page.goto(url);
  await page.locator(sign).first().waitFor();
  return page;
}

/// Waits until the text of the only element of that selector matches, also beyond a change of page.
export function says(page, selector, pattern) {
  return page.waitForFunction(
    ([which, source]) => {
      const found = document.querySelector(which);
      return found !== null && new RegExp(source).test(found.textContent);
    },
    [selector, pattern.source]);
}

/// On the page's account: nothing was complained of, apart from requests to these addresses.
export function assertNoComplaints(page, ...allowed) {
  const unexpected = page.complaints.filter((complaint) =>
    !allowed.some((address) => complaint === `request: ${address}`));
  assert.deepEqual(unexpected, []);
}

/// Carries out those whose name has `wanted` in it, removes their folder, and ends the process.
export async function runTests(browser, tests, folder, wanted = "") {
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    if (!name.includes(wanted)) continue;
    const began = performance.now();
    try {
      await test();
      console.log(`ok   ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    } catch (error) {
      ++failed;
      console.log(`FAIL ${name}\n${error.stack}`);
    }
  }
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
  process.exit(failed === 0 ? 0 : 1);
}
