// A counterexample in the order of time: its operations, and between them faults, leaders,
// and what nodes lost.

import { describe } from "#page/bands.js";
import { run } from "#page/data.js";
import { element } from "#page/dom.js";
import * as format from "#page/format.js";
import { moment } from "#page/moment.js";
import { view } from "#page/view.js";

/// The node events that can explain a wrong answer.
const telling = new Set(["became_leader", "truncated", "snapshot_installed", "started",
  "mutant_reached"]);
const mostEvents = 14;

function faultLines(from, until) {
  const lines = run.faults.flatMap((fault) => {
    const name = describe(fault).split("\n")[0];
    if (fault.from === fault.until) return [[fault.from, name]];
    const end = run.history ? `${name} ends` : `${name} is healed`;
    return [[fault.from, `${name} begins`], ...(fault.hasEnd ? [[fault.until, end]] : [])];
  });
  return lines.filter(([time]) => time >= from && time <= until)
    .map(([time, text]) => ({ time, who: "nemesis", text, className: "nemesis" }));
}

/// ", elected by n2, n4": those whose votes were cast for it.
function electorate(leader, term) {
  const voters = run.nodes.filter((node) => node.marks.some(([, kind, of, , peer]) =>
    kind === "vote_granted" && of === term && peer === leader.node));
  return voters.length ? `, elected by ${voters.map((node) => node.node).join(", ")}` : "";
}

function nodeLines(from, until) {
  return run.nodes.flatMap((node) => {
    const marks = node.marks.filter(([time, kind]) =>
      telling.has(kind) && time >= from && time <= until);
    // A mutant may make its mistake thousands of times; only the last one is shown.
    const lastMistake = marks.map(([, kind]) => kind).lastIndexOf("mutant_reached");
    return marks
      .filter(([, kind], i) => kind !== "mutant_reached" || i === lastMistake)
      .map(([time, kind, term, text]) => ({
        time, who: node.node, className: kind,
        text: `${text || kind.replace(/_/g, " ")}, term ${term}` +
          (kind === "became_leader" ? electorate(node, term) : ""),
      }));
  });
}

/// The cluster's events up to the impossible answer, or the last one; the latest, if there are many.
function clusterLines({ operations, culprit }) {
  const from = d3.min(operations, (each) => each.invoked_at);
  const until = d3.max(culprit === undefined ? operations : [operations[culprit]],
    (each) => each.returned_at ?? each.invoked_at);
  return [...faultLines(from, until), ...nodeLines(from, until)]
    .sort((a, b) => a.time - b.time).slice(-mostEvents);
}

function remarkOn(operation) {
  if (!operation.weakened) return null;
  return element("span", { class: "note" },
    "answered; the proof holds whenever it took effect");
}

function operationLine(operation, isCulprit) {
  const isAnswered = operation.returned_at !== null;
  const end = isAnswered ? format.time(operation.returned_at, 6)
    : operation.weakened ? "answered" : "never answered";
  return {
    time: operation.invoked_at, process: operation.process, until: end,
    who: [format.client(operation.process), operation.node && `at ${operation.node}`]
      .filter(Boolean).join(" "),
    className: isCulprit ? "culprit" : "operation",
    text: element("span", { class: `key ${operation.outcome}` }, format.called(operation)),
    remark: isCulprit ? element("strong", {}, "impossible") : remarkOn(operation),
  };
}

/// Failed operations that would have written the value that the culprit saw. If no other operation
/// wrote it, one of these took effect although it failed.
function deniedSources({ operations, culprit }) {
  if (culprit === undefined) return [];
  const { key, result, returned_at: until } = operations[culprit];
  const wanted = JSON.stringify(result);
  const known = view.operations;
  const failed = d3.range(known.size).filter((row) => ["fail", "refused"].includes(known.outcomeAt(row)));
  const isShown = (each) => operations.some(({ process, invoked_at }) =>
    process === each.process && Math.floor(invoked_at / 1e3) * 1e3 === each.invoked);
  const denied = failed.map((row) => known.at(row)).filter((each) => {
    if (isShown(each)) return false;
    const left = (each.f === "cas" ? each.argument?.[1] : each.argument) ?? null;
    return each.f !== "read" && left !== null && each.key === key && each.invoked < (until ?? Infinity) &&
      JSON.stringify(left) === wanted;
  });
  return denied.map((each) => ({
    time: each.invoked, process: each.process, who: format.client(each.process), className: "operation",
    until: format.time(each.invoked + each.latency, 6),
    text: element("span", { class: "key fail" }, format.call(each)),
    remark: element("span", { class: "note" }, "failed"),
  }));
}

export function story(counterexample) {
  const { operations, culprit } = counterexample;
  const lines = [
    ...operations.map((each, i) => operationLine(each, i === culprit)),
    ...deniedSources(counterexample), ...clusterLines(counterexample),
  ].sort((a, b) => a.time - b.time);
  const saysNodes = operations.some(({ node }) => node);
  return element("ol", { class: `story${saysNodes ? " with-nodes" : ""}` }, lines.map((line) =>
    element("li", { class: line.className },
      moment(line.time, { process: line.process,
        text: format.time(line.time, 6) + (line.until ? ` – ${line.until}` : "") }),
      element("span", { class: "who" }, line.who),
      element("span", {}, line.text), line.remark)));
}
