// How a bare history was understood: what the file left open, what the reader warned of, and what
// stands for the times that it does not have.

import { hasTimes, run } from "#page/data.js";
import { element } from "#page/dom.js";
import * as format from "#page/format.js";

const lines = (className, name, texts) => texts.map((text) =>
  element("li", { class: className }, element("span", { class: "what" }, name),
    element("span", {}, format.visible(text))));

/// Nothing on the page of a run.
export function reading() {
  if (!run.history) return null;
  const { assumptions, warnings } = run.history;
  const order = hasTimes ? []
    : ["There are no times to show. #1 is the first event of the history, #2 the second."];
  return element("ul", { class: "reading", "aria-label": "how the file was read" },
    lines("warning", "warning", warnings), lines("assumed", "assumed", assumptions),
    lines("note", "order", order));
}
