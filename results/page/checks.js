// What was checked, how, and on what evidence.

import { badge } from "#page/badge.js";
import { run } from "#page/data.js";
import { element, section } from "#page/dom.js";
import { elementFates } from "#page/fates.js";
import * as format from "#page/format.js";
import { moment } from "#page/moment.js";
import { staleReads } from "#page/staleness.js";


const shownAtOnce = 50;

function evidenceList(evidence) {
  const rows = evidence.slice(0, shownAtOnce).map((each) =>
    element("li", {},
      moment(each.time, { text: format.time(each.time) }),
      element("span", { class: "node" }, each.node),
      element("span", {}, each.what),
      element("span", { class: "note" },
        `${each.term ? `term ${each.term}` : ""}${each.index ? `, index ${each.index}` : ""}`)));
  const more = evidence.length - rows.length;
  const rest = `and ${format.count(more)} more in verdict.json`;
  return element("ol", { class: "evidence" }, rows,
    more > 0 ? element("li", { class: "note" }, rest) : null);
}

function checkRow(check) {
  return element("li", { class: `check ${check.validity}` },
    element("h3", {}, check.name),
    badge(check.validity),
    element("p", {}, format.visible(check.message)),
    element("p", { class: "note" }, check.procedure ? `by ${check.procedure}` : ""),
    staleReads(check.staleness), elementFates(check.fates), check.evidence.length ? evidenceList(check.evidence) : null);
}

function listOf(some) {
  return some.length ? element("ul", { class: "checks" }, some.map(checkRow)) : null;
}

/// Those that passed are one line until they are asked for.
export function checks() {
  const { checks: all } = run.verdict;
  const passed = all.filter(({ validity }) => validity === "valid");
  const others = ["invalid", "unknown"].flatMap((validity) =>
    all.filter((check) => check.validity === validity));
  const names = passed.map(({ name }) => name).join(", ");
  const many = passed.length === 1 ? "1 check passed" : `${passed.length} checks passed`;
  return section("checks", "Checks",
    all.length ? null : element("p", { class: "note" }, "Nothing was checked."), listOf(others),
    passed.length ? element("details", { class: "passed" },
      element("summary", {}, badge("valid"), ` ${many}: ${format.visible(names)}`), listOf(passed)) : null);
}
