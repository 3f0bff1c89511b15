// A campaign: violations first, all runs last.

import { badge } from "#page/badge.js";
import { command } from "#page/command.js";
import { campaign } from "#page/campaign_data.js";
import { mutants, neverReached, trend } from "#page/campaign_figures.js";
import { matrix, runList, slowest } from "#page/campaign_runs.js";
import { element, section } from "#page/dom.js";
import * as format from "#page/format.js";

function facts() {
  const canaries = campaign.runs.filter((run) => run.canary).map((run) => run.standing);
  const known = [["campaign", campaign.name], ["began", campaign.began],
    ["took", format.time(campaign.seconds * 1e9, 0)], ["at a time", String(campaign.jobs)],
    ["shard", campaign.shard],
    ["distinct states", campaign.states ? `${format.count(campaign.states)}` : ""],
    ["canary", [...new Set(canaries)].join(", ") || "none"]];
  return element("dl", { class: "facts" }, known.filter(([, text]) => text).map(([name, text]) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, text))));
}

function headline() {
  document.title = `${campaign.result}: ${campaign.name} ${campaign.id}`;
  const notes = [...campaign.reasons, ...campaign.remarks];
  return element("header", { class: "headline" },
    element("p", { class: "label" }, element("span", { class: "brand" }, "sunder"),
      `${campaign.name}/${campaign.id}`),
    element("h1", {}, badge(campaign.result),
      element("span", { class: "sentence" }, campaign.sentence)),
    facts(),
    notes.length ? element("ul", { class: "reasons" },
      notes.map((note) => element("li", {}, note))) : null);
}

function finding(each) {
  const example = campaign.runs[each.example];
  const seen = each.new ? "new" : `first seen ${each.first_seen}`;
  const under = each.faults.length ? `under ${each.faults.join(", ")}` : "no fault was active";
  return element("li", { class: "finding" },
    element("span", { class: "times" }, `${format.count(each.times)}×`),
    element("div", {},
      element("p", { class: "what" }, `${each.property}: ${each.shape}`),
      element("p", { class: "note" },
        [each.mutant && `mutant ${each.mutant}`, under, seen].filter(Boolean).join("  ·  ")),
      element("p", {}, example.report
        ? element("a", { href: example.report }, example.sentence) : example.sentence),
      command(example.command)));
}

function findings() {
  const groups = [["In the correct node", (each) => !each.mutant], ["In mutants", (each) => each.mutant]];
  const shown = groups.map(([title, belongs]) => [title, campaign.findings.filter(belongs)])
    .filter(([, rows]) => rows.length);
  if (!shown.length) return null;
  return section("findings", "Violations", element("p", { class: "note" },
    "One row per bug. New bugs come first, and among those the rarest."),
  shown.map(([title, rows]) => element("div", { class: "findings" }, element("h3", {}, title),
    element("ol", { class: "runs" }, rows.map(finding)))));
}

function spec() {
  return section("spec", "The spec", element("details", {},
    element("summary", {}, "show the spec"),
    element("pre", { tabindex: 0 }, JSON.stringify(JSON.parse(campaign.spec), null, 2))));
}

const parts = [headline(), findings(), matrix(), mutants(), trend(), neverReached(), slowest(),
  runList(), spec()];
document.getElementById("page").append(...parts.filter(Boolean));
