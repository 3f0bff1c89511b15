// The events of all traces in one list, and the log of each node.

import { run } from "#page/data.js";
import { element, section } from "#page/dom.js";
import * as format from "#page/format.js";
import { RowList } from "#page/row_list.js";
import { view } from "#page/view.js";

const events = run.nodes
  .flatMap((node) => node.marks.map(([time, kind, term, text]) => (
    { time, node: node.node, kind, term, text: text || kind.replace(/_/g, " ") })))
  .sort((a, b) => a.time - b.time);

function eventRow(event) {
  return element("div", { class: `row event ${event.kind}` },
    element("span", { class: "time" }, format.time(event.time)),
    element("span", { class: "node" }, event.node),
    element("span", {}, event.text),
    element("span", { class: "number" }, `t${event.term}`));
}

function lineRow(line) {
  return element("div", { class: "row line", title: line }, line);
}

function eventSource(list) {
  const all = (text) => events.filter((event) =>
    event.time >= view.window[0] && event.time <= view.window[1] &&
    (!text || `${event.node} ${event.text} t${event.term}`.toLowerCase().includes(text)));
  return {
    name: "events", rows: all,
    reveal() {
      const times = list.rows.map((event) => event.time);
      if (times.length) list.center(Math.min(d3.bisectLeft(times, view.cursor), times.length - 1));
    },
  };
}

function logSource(log) {
  const lines = log.text.split("\n").filter((line) => line !== "");
  if (log.cut) lines.unshift("(earlier lines are in the run's folder)");
  return {
    name: log.node, reveal() {},
    rows: (text) => (text ? lines.filter((line) => line.toLowerCase().includes(text)) : lines),
  };
}

function tabs(sources, select) {
  const buttons = sources.map((source) => element("button", {
    role: "tab", "aria-selected": false, onclick: () => choose(source),
  }, source.name));
  const choose = (source) => {
    buttons.forEach((button, i) => button.setAttribute("aria-selected", sources[i] === source));
    select(source);
  };
  return { node: element("div", { class: "tabs", role: "tablist" }, buttons), choose };
}

export function logs() {
  if (events.length === 0 && run.logs.length === 0) return null;
  const list = new RowList({
    rowHeight: 22, label: "events and logs of the nodes",
    makeRow: (row) => (typeof row === "string" ? lineRow(row) : eventRow(row)),
    onPick: (row) => { if (row.time !== undefined) view.reveal(row.time); },
  });
  const sources = [...(events.length ? [eventSource(list)] : []), ...run.logs.map(logSource)];
  let source = sources[0];
  const search = element("input",
    { type: "search", placeholder: "filter", "aria-label": "filter lines" });
  const refresh = () => list.show(source.rows(search.value.trim().toLowerCase()));
  const bar = tabs(sources, (chosen) => { source = chosen; refresh(); });
  search.addEventListener("input", refresh);
  view.on("window", "logs", refresh);
  view.on("reveal", "logs", () => source.reveal());
  bar.choose(source);
  const leftOut = d3.sum(run.nodes, (node) => node.marks_left_out);
  const note = leftOut ? element("p", { class: "note" },
    `${format.count(leftOut)} repeated events are only in the traces`) : null;
  const controls = element("div", { class: "log-bar" }, bar.node, search);
  return section("logs", "Nodes", controls, note, list.node);
}
