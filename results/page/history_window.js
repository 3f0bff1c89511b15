// A long run's page holds a sample. This loads every operation of the visible window from
// history.jsonl: from the web server that served the page, or from the file that the user selects.
// It reads only the part that it needs: the lines are in the order of time.

import { run } from "#page/data.js";
import { element } from "#page/dom.js";
import * as format from "#page/format.js";
import { begun, complete } from "#page/history_operation.js";
import { OperationTable } from "#page/operation_table.js";
import { view } from "#page/view.js";

const chunk = 1 << 18;
const mostOperations = 100000;

/// Reads of a file: `read(from, until)` gives text of those bytes.
function fileSource(file) {
  return { size: file.size, read: (from, until) => file.slice(from, until).text() };
}

async function webSource(url) {
  const head = await fetch(url, { method: "HEAD" });
  if (!head.ok) throw new Error(`${url}: ${head.status} ${head.statusText}`);
  return {
    size: Number(head.headers.get("Content-Length")),
    async read(from, until) {
      const answer = await fetch(url, { headers: { Range: `bytes=${from}-${until - 1}` } });
      if (answer.status !== 206) throw new Error(`${url}: the server does not support byte ranges`);
      return answer.text();
    },
  };
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`not a line of a history: ${line.slice(0, 80)}`);
  }
}

/// Where the first line begins whose time is `time` or later, give or take a chunk before it.
export async function placeOf(source, time) {
  let low = 0;
  let high = source.size;
  while (high - low > chunk) {
    const middle = Math.floor((low + high) / 2);
    const lines = (await source.read(middle, Math.min(middle + chunk, source.size))).split("\n");
    if (lines.length < 3) return low;
    if (parse(lines[1]).time < time) low = middle;
    else high = middle;
  }
  return low;
}

/// Gives `take` each whole line from `place` on until it answers false.
async function eachLine(source, place, take) {
  let rest = "";
  let skip = place > 0;
  while (place < source.size) {
    const text = rest + await source.read(place, Math.min(place + chunk, source.size));
    place += chunk;
    const lines = text.split("\n");
    rest = lines.pop();
    for (const line of skip ? lines.slice(1) : lines) {
      if (line !== "" && !take(parse(line))) return;
    }
    skip = false;
  }
}

/// Every operation invoked in the window, with its completion if that comes.
export async function operationsBetween(source, from, until) {
  const rows = [];
  const open = new Map();
  await eachLine(source, await placeOf(source, from), (event) => {
    if (event.process === "nemesis" || event.time < from) return true;
    if (event.type !== "invoke") end(open, event);
    else if (event.time < until && rows.length < mostOperations) rows.push(begin(open, event));
    return (event.time < until && rows.length < mostOperations) || open.size > 0;
  });
  return rows;
}

function begin(open, event) {
  const row = begun(event);
  open.set(event.process, row);
  return row;
}

function end(open, event) {
  const row = open.get(event.process);
  if (!row) return;
  open.delete(event.process);
  complete(row, event);
}

export function historyLoader() {
  const said = element("span", { role: "status" });
  const { size, total } = run.operations;
  const load = async (source) => {
    said.textContent = "reading …";
    try {
      const [from, until] = view.window;
      const rows = await operationsBetween(source, from, until);
      view.setOperations(OperationTable.fromRows(rows, rows.length));
      const more = rows.length === mostOperations ? ", not all of them: zoom in" : "";
      said.textContent = `${format.count(rows.length)} operations of ` +
        `${format.time(from)} – ${format.time(until)}${more}`;
    } catch (error) {
      said.textContent = error.message;
    }
  };
  const file = element("input", { type: "file", id: "history-file", accept: ".jsonl" });
  file.addEventListener("change", () => { if (file.files[0]) load(fileSource(file.files[0])); });
  const fromWeb = async () => {
    try {
      await load(await webSource("history.jsonl"));
    } catch (error) {
      said.textContent = error.message;
    }
  };
  const served = location.protocol.startsWith("http");
  return element("p", { class: "notice" },
    `This page holds ${format.count(size)} of ${format.count(total)} operations. ` +
    "To see all operations of this window, ",
    served ? element("button", { onclick: fromWeb }, "load them")
      : element("label", { for: "history-file" }, "select the run's history.jsonl: ", file),
    " ", said);
}
