// The figures of the run at a glance.

import { hasTimes, run } from "#page/data.js";
import { element, section, table } from "#page/dom.js";
import * as format from "#page/format.js";

function tile(name, figure, ...notes) {
  return element("div", { class: "tile" }, element("h3", {}, name),
    element("p", { class: "figure" }, figure), notes);
}

const countAll = (operations) => d3.sum(format.outcomes, (outcome) => operations[outcome]);

function outcomeBar(operations) {
  const total = countAll(operations);
  const part = (outcome) => element("span", {
    class: `part ${outcome}`, style: `flex-grow:${operations[outcome]}`,
    title: `${outcome} ${format.count(operations[outcome])}`,
  });
  return total && element("div", { class: "outcome-bar", "aria-hidden": "true" },
    format.outcomes.filter((outcome) => operations[outcome] > 0).map(part));
}

function legend(operations) {
  return element("p", { class: "legend" }, format.outcomes.map((outcome) =>
    element("span", { class: `key ${outcome}`, title: format.meaning[outcome] },
      `${outcome} ${format.count(operations[outcome])}`)));
}

function byFunction() {
  const rows = Object.entries(run.statistics.by_function).map(([f, counts]) =>
    [f, ...format.outcomes.map((outcome) => format.count(counts[outcome]))]);
  return table(["operation", ...format.outcomes], rows, { class: "numbers" });
}

export function tiles() {
  const { statistics } = run;
  const { operations, latency, unavailable } = statistics;
  const total = countAll(operations);
  const counts = tile("Operations", format.count(total),
    outcomeBar(operations), legend(operations), byFunction());
  if (!hasTimes) return section("figures", "Figures", element("div", { class: "tiles" }, counts));
  const quantiles = ["p50", "p95", "p99", "max"].map((name) =>
    [name, format.latency(latency[name])]);
  const pauses = unavailable.length === 1 ? "1 pause" : `${unavailable.length} pauses`;
  const longest = statistics.longest_unavailability;
  return section("figures", "Figures", element("div", { class: "tiles" },
    counts,
    tile("Latency of ok, median", format.latency(latency.p50),
      table(["quantile", "latency"], quantiles, { class: "numbers" })),
    tile("Throughput of ok", `${format.count(statistics.ok_per_second)}/s`,
      element("p", { class: "note" }, `over ${format.time(statistics.duration, 1)}`)),
    tile("Longest unavailability", longest ? format.latency(longest) : "none",
      element("p", { class: "note" }, `${pauses} of 0.5 s or more`))));
}
