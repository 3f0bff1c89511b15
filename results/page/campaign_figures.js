// What a campaign's runs add up to: mutants, the trend, what was never reached.

import { badge, classOf, signs } from "#page/badge.js";
import { campaign } from "#page/campaign_data.js";
import { element, section, table } from "#page/dom.js";
import * as format from "#page/format.js";

/// "3 ✓ 1 ✕" with a word for each in its title.
export function tally(standings) {
  return element("span", { class: "tally" }, Object.entries(standings).map(([name, number]) =>
    element("span", { class: classOf(name), title: `${number} ${name}` },
      `${format.count(number)} ${signs[name]}`)));
}

export function mutants() {
  if (!campaign.mutants.length) return null;
  const found = campaign.mutants.filter((each) => each.found > 0).length;
  const rows = campaign.mutants.map((each) => [
    each.mutant, badge(each.found > 0 ? "found" : "missed"),
    `${each.found} of ${each.hunts} hunts`, `${each.reached} of ${each.runs} runs`,
    each.median === null ? "" : format.time(each.median * 1e9, 0), each.by.join(", "),
    each.faults.join(", ")]);
  return section("mutants", `Mutants: ${found} of ${campaign.mutants.length} found`,
    element("div", { class: "scroll" }, table(
      ["mutant", "", "found in", "reached in", "after (median)", "by", "faults at that time"], rows, { class: "ruled" })));
}

function trendRow(point) {
  const parts = Object.entries(point.standings);
  const hunted = point.mutants ? `  ·  ${point.mutants_found}/${point.mutants} mutants` : "";
  return [element("span", { class: "time" }, point.id), badge(point.result),
    element("div", { class: "bar", role: "img",
      "aria-label": parts.map(([name, number]) => `${number} ${name}`).join(", ") },
    parts.filter(([, number]) => number > 0).map(([name, number]) => element("span", { class: classOf(name), style: `flex-grow:${number}`,
      title: `${number} ${name}` }))),
    element("span", {}, tally(point.standings), hunted)];
}

export function trend() {
  const note = campaign.trend.length > 1
    ? "The earlier campaigns of this name, the oldest first." : "The first campaign of this name.";
  return section("trend", "Trend", element("p", { class: "note" }, note),
    element("div", { class: "trend" }, campaign.trend.flatMap(trendRow)));
}

export function neverReached() {
  const lists = [["events in traces", campaign.never.events],
    ["situations", campaign.never.situations],
    ["requested faults", campaign.never.faults],
    ["mutants that never made their mistake", campaign.never.mutants]]
    .filter(([, names]) => names.length);
  return section("never", "Never reached", lists.length
    ? element("dl", { class: "never" }, lists.flatMap(([what, names]) =>
      [element("dt", {}, what), element("dd", {}, names.join(", "))]))
    : element("p", { class: "note" }, "Every known event, situation and fault occurred."));
}
