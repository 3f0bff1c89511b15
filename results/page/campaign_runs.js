// The runs of a campaign: as a matrix, the slowest, and all of them, filtered by any words.

import { badge } from "#page/badge.js";
import { campaign } from "#page/campaign_data.js";
import { tally } from "#page/campaign_figures.js";
import { element, section, table } from "#page/dom.js";
import * as format from "#page/format.js";

const filter = element("input", { type: "search", placeholder: "invalid kill seed 7",
  "aria-label": "filter runs" });

function show(words) {
  filter.value = words;
  filter.dispatchEvent(new Event("input"));
  document.getElementById("runs").scrollIntoView();
}

function cell(row, standings, column) {
  if (!Object.keys(standings).length) return "";
  return element("button", { class: "link", onclick: () => show(`${row.name} ${column}`) },
    tally(standings));
}

// A matrix with few cells is shown as a list of cells.
export function matrix() {
  const { columns, rows, sparse } = campaign.matrix;
  if (!rows.length) return null;
  const cellsOf = (row) => row.cells.map((standings, i) => cell(row, standings, columns[i]));
  const head = sparse ? ["runs", "", "under"] : ["", ...columns];
  const lines = sparse
    ? rows.flatMap((row) => cellsOf(row).map((each, i) => [each, row.name, columns[i]]))
      .filter(([each]) => each)
    : rows.map((row) => [row.name, ...cellsOf(row)]);
  return section("matrix", "The correct node",
    element("div", { class: "scroll" }, table(head, lines, { class: "ruled" })));
}

function title(run) {
  return run.report ? element("a", { href: run.report }, run.what) : run.what;
}

export function slowest() {
  if (!campaign.slowest.length) return null;
  const rows = campaign.slowest.map((place) => campaign.runs[place]).map((run) =>
    [format.time(run.seconds * 1e9, 1), badge(run.standing), title(run)]);
  return section("slowest", "Slowest", element("div", { class: "scroll" },
    table(["took", "", "run"], rows, { class: "ruled" })));
}

function runRow(run) {
  return element("li", { class: "run" }, badge(run.standing),
    element("div", {},
      run.report ? element("a", { class: "run-title", href: run.report }, run.what)
        : element("span", { class: "run-title" }, run.what),
      element("p", { class: "note" }, run.sentence),
      element("details", {}, element("summary", {}, "repeat it"),
        element("p", {}, element("code", {}, run.command)))),
    element("div", { class: "note when" },
      element("span", {}, run.seconds ? format.time(run.seconds * 1e9, 1) : "")));
}

export function runList() {
  const list = element("ul", { class: "runs" });
  const counted = element("p", { class: "note", role: "status" });
  const refresh = () => {
    const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (run) => {
      const words = `${run.standing} ${run.what} ${run.sentence}`.toLowerCase();
      return wanted.every((word) => words.includes(word));
    };
    const shown = campaign.runs.filter(matches);
    list.replaceChildren(...shown.map(runRow));
    counted.textContent =
      `${format.count(shown.length)} of ${format.count(campaign.runs.length)} runs`;
  };
  filter.addEventListener("input", refresh);
  refresh();
  return section("runs", "All runs", element("div", { class: "log-bar" }, filter, counted), list);
}
