// The operations, filtered by client, key, function, outcome, value and the window of the charts.

import { hasTimes, run } from "#page/data.js";
import { element, section } from "#page/dom.js";
import * as format from "#page/format.js";
import { historyLoader } from "#page/history_window.js";
import { RowList } from "#page/row_list.js";
import { view } from "#page/view.js";

const anything = { client: "", key: "", f: "", text: "" };

/// Rows of `table` that pass, in order.
export function matching(table, filter, [from, until]) {
  const key = filter.key === "" ? -1 : table.keys.indexOf(filter.key);
  const f = filter.f === "" ? -1 : table.f.indexOf(filter.f);
  const text = filter.text.toLowerCase();
  const rows = [];
  const end = table.firstFrom(until);
  for (let row = table.firstFrom(from); row < end; ++row) {
    if (filter.client !== "" && String(table.process[row]) !== filter.client) continue;
    if (filter.key !== "" && table.key[row] !== key) continue;
    if (filter.f !== "" && table.function[row] !== f) continue;
    if (!filter.outcomes.has(table.outcomeAt(row))) continue;
    if (text && !format.call(table.at(row)).toLowerCase().includes(text)) continue;
    rows.push(row);
  }
  return rows;
}

/// Whether the history says who answered.
const saysNodes = Boolean(run.operations.nodes);
const rowClass = `row operation${saysNodes ? " with-nodes" : ""}`;

function rowElement(row) {
  const operation = view.operations.at(row);
  const known = hasTimes ? format.latency(operation.latency) : "";
  const duration = operation.latency < 0 ? "–" : known;
  return element("div", { class: rowClass },
    element("span", { class: "time" }, format.time(operation.invoked)),
    element("span", { class: "client" }, String(operation.process)),
    saysNodes ? element("span", { class: "node" }, operation.node) : null,
    element("span", { class: "key-name" }, format.visible(operation.key)),
    element("span", { class: "call" }, format.call(operation)),
    element("span", { class: "number" }, duration),
    element("span", { class: `key ${operation.outcome}`, title: format.meaning[operation.outcome] },
      operation.outcome));
}

function choice(name, label, options, onchange) {
  const select = element("select", { name, onchange },
    element("option", { value: "" }, "all"), options.map((each) =>
      element("option", { value: each }, format.visible(each))));
  return element("label", {}, label, select);
}

/// A list of all keys; of very many, a field.
function keyChoice(change) {
  const mostListed = 2000;
  const { keys } = view.operations;
  if (keys.length > mostListed) return input("key", "Key", keys[0], change);
  return choice("key", "Key", [...keys].sort(), change);
}

function input(name, label, placeholder, oninput) {
  return element("label", {}, label,
    element("input", { name, placeholder, oninput, type: "search" }));
}

function filterForm(filter, changed) {
  const change = (event) => {
    filter[event.target.name] = event.target.value.trim();
    changed();
  };
  const toggle = (event) => {
    const { value, checked } = event.target;
    checked ? filter.outcomes.add(value) : filter.outcomes.delete(value);
    changed();
  };
  const boxes = format.outcomes.map((value) => element("label",
    { class: `key ${value}`, title: format.meaning[value] },
    element("input", { type: "checkbox", value, checked: true, onchange: toggle }), value));
  const stay = (event) => event.preventDefault();
  return element("form", { class: "filters", role: "search", onsubmit: stay },
    input("text", "Operation", "write 17", change),
    input("client", "Client", "3", change),
    keyChoice(change),
    choice("f", "Function", view.operations.f, change),
    element("fieldset", {}, element("legend", {}, "Outcome"), boxes));
}

/// What the page does not hold.
function partNotice() {
  const { complete, size, total, cut } = run.operations;
  const notices = [];
  if (!complete && !run.history) notices.push(historyLoader());
  if (!complete && run.history) {
    notices.push(element("p", { class: "notice" },
      `This page holds ${format.count(size)} of ${format.count(total)} operations: those beside a ` +
      "counterexample, a part of those that failed or got no answer, the slowest, and an even " +
      "choice of the rest. The verdict and the figures are of all of them."));
  }
  if (cut) {
    notices.push(element("p", { class: "notice" },
      `Values of more than ${format.count(cut)} bytes are cut in this list.`));
  }
  return notices;
}

export function operations() {
  const filter = { ...anything, outcomes: new Set(format.outcomes) };
  const counted = element("p", { class: "note", role: "status" });
  const list = new RowList({
    rowHeight: 26, label: "operations", makeRow: rowElement,
    onPick: (row) => view.reveal(view.operations.invoked[row], row),
  });
  const refresh = () => {
    const rows = matching(view.operations, filter, view.window);
    list.show(rows);
    const all = format.count(view.operations.size);
    const where = view.isWhole() ? "" : " in the window of the charts";
    counted.textContent = `${format.count(rows.length)} of ${all}${where}`;
  };
  view.on("window", "operations", refresh);
  view.on("operations", "operations", refresh);
  const form = filterForm(filter, refresh);
  /// An operation that the filter hides is shown without it.
  const showEach = () => {
    Object.assign(filter, anything, { outcomes: new Set(format.outcomes) });
    form.reset();
    refresh();
  };
  view.on("reveal", "operations", () => {
    const { time, row } = view.revealed;
    if (row !== null && !list.rows.includes(row)) showEach();
    const after = view.operations.firstFrom(view.operations.roundedTime(time));
    const place = d3.bisectLeft(list.rows, row ?? after);
    if (list.rows.length) list.center(Math.min(place, list.rows.length - 1));
  });
  refresh();
  return section("operations", "Operations",
    partNotice(), form, counted,
    element("div", { class: `${rowClass} head`, "aria-hidden": "true" },
      [hasTimes ? "time" : "event", "client", ...(saysNodes ? ["node"] : []), "key", "operation",
        hasTimes ? "latency" : "", "outcome"].map((name) =>
        element("span", {}, name))),
    list.node);
}
