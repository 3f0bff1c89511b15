// Why a history is linearizable: one order in which its operations can have taken effect, with the
// state behind each. 'sunder report HISTORY --witness' puts it on the page.

import { run } from "#page/data.js";
import { element, section } from "#page/dom.js";
import * as format from "#page/format.js";

const text = (value) => format.visible(JSON.stringify(value));

function step(each) {
  const result = "result" in each && each.result !== null ? ` → ${text(each.result)}` : "";
  const argument = each.value === null ? "" : ` ${text(each.value)}`;
  return element("tr", {},
    element("td", {}, format.count(each.position + 1)),
    element("td", {}, `client ${each.process}`),
    element("td", {}, each.key === undefined ? "" : format.visible(each.key)),
    element("td", {}, `${format.visible(each.f)}${argument}${result}`),
    element("td", {}, text(each.state)));
}

/// Nothing unless the page was asked for it and the history is linearizable.
export function witness() {
  const known = run.history?.witness;
  if (!known) return null;
  const { steps, left_out: leftOut } = known;
  const names = ["", "client", "key", "operation", "state behind it"];
  return section("witness", "Why it is linearizable",
    element("p", { class: "note" }, "In this order the operations explain every answer: each one " +
      "takes effect between its invocation and its return. There may be other such orders." +
      (leftOut > 0 ? ` ${format.count(leftOut)} more are not shown: ` +
        "'sunder check HISTORY --witness FILE' writes all." : "")),
    element("table", { class: "witness" },
      element("thead", {}, element("tr", {}, names.map((name) => element("th", {}, name)))),
      element("tbody", {}, steps.map(step))));
}
