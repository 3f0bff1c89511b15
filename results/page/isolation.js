// Transactions by isolation levels: the anomaly that rules out the claimed level, as a picture and in
// the order of time; the finding on each level; all anomalies, counted by name and key.

import { drawOperations } from "#page/counterexample.js";
import { cycleFigure } from "#page/cycle.js";
import { run } from "#page/data.js";
import { element, onWidth, section, table } from "#page/dom.js";
import * as format from "#page/format.js";
import { story } from "#page/story.js";

const judged = run.verdict.checks.filter((check) => check.isolation);
const mostKeys = 6;
const mostLevels = 8;

const signs = { proved: "✓", "not ruled out": "?", "ruled out": "✕" };
const validities = { proved: "valid", "not ruled out": "unknown", "ruled out": "invalid" };
const orders = [["values", "alone"], ["session", "strong-session"], ["realtime", "strong"]];

const list = (texts) => texts.map(format.visible).join(", ");

function callOf(transaction) {
  const more = transaction.steps_left_out;
  const steps = [...transaction.steps, ...(more > 0 ? [`… ${more} more`] : [])];
  return `${transaction.name}: ${steps.join(", ")}`;
}

/// Transactions as operations, in the order of their invocations.
function operationsOf(anomaly, label) {
  return anomaly.transactions.map((each) => ({ ...each, f: "txn", key: "", label: label(each) }))
    .sort((a, b) => a.invoked - b.invoked);
}

function figuresOf(anomaly) {
  const bars = element("div", { class: "figure-holder", tabindex: 0 });
  const operations = operationsOf(anomaly, ({ name }) => name);
  onWidth(bars, () => drawOperations(bars, { operations, sentence: format.visible(anomaly.sentence) }));
  return [
    ...(anomaly.cycle.length ? cycleFigure(anomaly) : []), bars,
    element("p", { class: "note" }, "When they ran: in the order of events, not to scale."),
    story({ operations: operationsOf(anomaly, callOf) }),
  ];
}

function claimedFinding({ claimed, levels }) {
  return levels.find((each) => each.level === claimed);
}

/// A section for each check whose level is ruled out.
export function ruledOut() {
  return judged.filter(({ isolation: account }) =>
    claimedFinding(account).finding === "ruled out").map((check, i) => {
    const account = check.isolation;
    const anomaly = account.anomalies[claimedFinding(account).anomaly];
    return element("section", { id: i ? `anomaly-${i}` : "anomaly", class: "proof" },
      element("h2", {}, `Why it is not ${account.claimed}: ${anomaly.name}`),
      run.verdict.sentence.includes(anomaly.sentence) ? null
        : element("p", { class: "sentence" }, format.visible(anomaly.sentence)),
      figuresOf(anomaly));
  });
}

function cell(finding, account) {
  if (!finding) return "";
  const { level, finding: word, anomaly, open } = finding;
  const because = word === "ruled out" ? account.anomalies[anomaly].name : open || "";
  return element("span", {
    class: `kept ${validities[word]}${level === account.claimed ? " claimed" : ""}`,
    title: format.visible(`${level}: ${word}${because ? `: ${because}` : ""}`),
  }, signs[word], element("span", { class: "word" }, ` ${word}`),
  word === "ruled out" ? element("span", { class: "because" }, format.visible(because)) : null);
}

function levelTable(account) {
  const models = [...new Set(account.levels.map(({ model }) => model))].reverse();
  return table(["model", ...orders.map(([, name]) => name)], models.map((model) => [
    model,
    ...orders.map(([order]) => cell(
      account.levels.find((each) => each.model === model && each.order === order), account)),
  ]), { class: "levels" });
}

/// Why not more is known, each reason once.
function openQuestions(account) {
  const reasons = new Map();
  for (const { level, finding, open } of account.levels) {
    if (finding !== "not ruled out" || !open) continue;
    reasons.set(open, [...(reasons.get(open) ?? []), level]);
  }
  if (reasons.size === 0) return null;
  const which = (levels) => {
    if (levels.length === account.levels.length) return "every level";
    return levels.length > mostLevels ? `${levels.length} levels` : list(levels);
  };
  return element("ul", { class: "note open" }, [...reasons].map(([reason, levels]) =>
    element("li", {}, `Not ruled out: ${which(levels)}: ${format.visible(reason)}`)));
}

function strongest(account) {
  if (account.strongest.length === 0) return "No level stands.";
  const place = (level) => account.levels.findIndex((each) => each.level === level);
  const names = [...account.strongest].sort((a, b) => place(b) - place(a)).map((level) => {
    const found = account.levels.find((each) => each.level === level);
    return found ? `${level} (${found.finding})` : level;
  });
  const one = names.length === 1;
  return `Strongest level${one ? "" : "s"} that stand${one ? "s" : ""}: ${names.join(", ")}.`;
}

/// "12 (key x 7, key y 5)"
function countOf({ name }, counts) {
  const rows = counts.filter((each) => each.anomaly === name).sort((a, b) => b.count - a.count);
  const keyed = rows.filter(({ key }) => key);
  const keys = keyed.slice(0, mostKeys)
    .map(({ key, count }) => `key ${format.short(key, 30)} ${format.count(count)}`);
  const more = keyed.length - mostKeys;
  if (more > 0) keys.push(`${format.count(more)} more key${more === 1 ? "" : "s"}`);
  const total = d3.sum(rows, ({ count }) => count) || 1;
  return format.count(total) + (keys.length ? ` (${keys.join(", ")})` : "");
}

/// Of one name there may be several that rule out different levels; they are counted together.
function anomalyRow(anomaly, { anomalies, counts }) {
  const isFirst = anomalies.find(({ name }) => name === anomaly.name) === anomaly;
  return element("details", { class: "anomaly" },
    element("summary", {}, element("strong", {}, format.visible(anomaly.name)),
      ` ${isFirst ? countOf(anomaly, counts) : "another one"}; rules out ${list(anomaly.rules_out)}`),
    element("p", { class: "sentence" }, format.visible(anomaly.sentence)), figuresOf(anomaly));
}

/// A section for each check by isolation levels.
export function isolation() {
  return judged.map(({ isolation: account }, i) =>
    section(i ? `isolation-${i}` : "isolation", "Isolation levels",
      element("p", {}, `${strongest(account)} `,
        element("span", { class: "note" },
          `${format.count(account.transactions)} transactions; claimed: ${account.claimed}.`)),
      levelTable(account), openQuestions(account),
      account.anomalies.length === 0 ? null
        : element("div", { class: "anomalies" }, element("h3", {}, "Anomalies"),
          account.anomalies.map((anomaly) => anomalyRow(anomaly, account)))));
}
