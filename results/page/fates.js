// What became of the elements of sets and lists, and of the messages of queues, as far as it is worth
// a look. The same lines are in the terminal's summary.

import { element } from "#page/dom.js";
import * as format from "#page/format.js";

function named({ count, values }) {
  if (values.length === 0) return "";
  const more = count - values.length;
  const rest = more > 0 ? ` and ${format.count(more)} more` : "";
  return `: ${values.map((value) => format.visible(JSON.stringify(value))).join(", ")}${rest}`;
}

function takers({ unanswered_drains: drains, unanswered_dequeues: dequeues }) {
  const unanswered = (number, what) =>
    `${format.count(number)} unanswered ${what}${number === 1 ? "" : "s"}`;
  if (drains > 0) return `${unanswered(drains, "drain")} could have taken any of them`;
  return dequeues > 0 ? `${unanswered(dequeues, "dequeue")} could have taken one each`
    : "every dequeue was answered";
}

function unaccounted(fates) {
  return `${format.count(fates.never_read.count)} of ${format.count(fates.acknowledged)} ` +
    `acknowledged messages unaccounted for${named(fates.never_read)}; ${takers(fates)}`;
}

function fateLines(fates) {
  const ofMessages = fates.of === "messages";
  const what = ofMessages ? "messages" : "elements";
  const line = (fate, text) =>
    (fate && fate.count > 0 ? `${text}: ${format.count(fate.count)} ${what}${named(fate)}` : null);
  const ages = fates.stale_max > 0
    ? ` (median ${format.latency(fates.stale_median)}, longest ${format.latency(fates.stale_max)})`
    : "";
  return [
    ofMessages && fates.never_read.count > 0 ? unaccounted(fates) : null,
    line(fates.lost, ofMessages ? "Lost at least" : "Lost"),
    line(fates.stale, `Missing for a while${ages}`),
    line(fates.duplicated, "Duplicated"),
    line(fates.unexpected, ofMessages ? "Dequeued, enqueued by nobody" : "Read, added by nobody"),
    line(fates.recovered, ofMessages ? "Dequeued, the enqueue unanswered"
      : "Read, the add unanswered"),
    ofMessages ? null : line(fates.never_read, "Never read"),
  ].filter(Boolean);
}

/// A list of what happened, or nothing.
export function elementFates(fates) {
  const lines = fates ? fateLines(fates) : [];
  if (lines.length === 0) return null;
  return element("ul", { class: "note fates" }, lines.map((line) => element("li", {}, line)));
}
