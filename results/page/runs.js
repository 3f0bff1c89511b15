// The list of runs and campaigns, newest first: filtered by any words, each with links to what it
// left.

import { badge } from "#page/badge.js";
import { element } from "#page/dom.js";
import * as format from "#page/format.js";

const data = JSON.parse(document.getElementById("data").textContent);

/// An address below the page's own, of any number of paths.
const address = (...paths) =>
  paths.flatMap((path) => path.split("/")).map(encodeURIComponent).join("/");

function entryOfRun(run) {
  const count = format.outcomes.reduce((sum, outcome) => sum + run.operations[outcome], 0);
  const standing = run.validity ?? (run.in_progress ? "running" : "cut off");
  const hasReport = run.files.includes("report.html");
  return {
    ...run, standing, kind: "run", folder: "runs",
    link: hasReport ? address("runs", run.label, "report.html") : address("live", run.label),
    title: run.sentence || (run.in_progress ? "in progress: watch it"
      : run.validity ? run.label : "without a verdict: what it recorded"),
    facts: [run.system, run.workload, run.nemesis, run.seed === null ? "" : `seed ${run.seed}`,
      count ? `${format.count(count)} operations` : "",
      run.duration ? format.time(run.duration, 1) : ""],
  };
}

function entryOfCampaign(campaign) {
  const { runs, carried_out: done } = campaign;
  const page = campaign.files.find((file) => file === "campaign.html") ?? "campaign.json";
  return {
    ...campaign, standing: campaign.in_progress ? "running" : campaign.result, kind: "campaign",
    folder: "campaigns", link: address("campaigns", campaign.label, page),
    title: campaign.sentence,
    facts: ["campaign", campaign.systems, campaign.workloads, campaign.nemeses,
      done === runs ? `${format.count(runs)} runs`
        : `${format.count(done)} of ${format.count(runs)} runs`,
      campaign.seconds ? format.time(campaign.seconds * 1e9, 1) : ""],
  };
}

/// Those that began last come first; of one second, in the order in which they were listed.
const entries = [...data.campaigns.map(entryOfCampaign), ...data.runs.map(entryOfRun)]
  .sort((a, b) => (a.started < b.started) - (a.started > b.started));

for (const entry of entries) {
  entry.words = [entry.standing, entry.kind, entry.label, entry.started, entry.title,
    ...entry.facts].join(" ").toLowerCase();
}

function row(entry) {
  const links = entry.files.map((file) =>
    element("a", { href: address(entry.folder, entry.label, file) }, file));
  return element("li", { class: "run" },
    badge(entry.standing),
    element("div", {},
      element("a", { class: "run-title", href: entry.link }, entry.title),
      element("p", { class: "note" }, entry.facts.filter(Boolean).join("  ·  ")),
      element("details", {}, element("summary", {}, `${entry.files.length} files`),
        element("p", { class: "files" }, links))),
    element("div", { class: "note when" }, element("time", {}, entry.started),
      element("span", {}, entry.label.split("/")[0])));
}

function page() {
  const list = element("ul", { class: "runs" });
  const counted = element("p", { class: "note", role: "status" });
  const text = element("input", { type: "search", placeholder: "invalid kill raft seed 7",
    "aria-label": "filter runs" });
  const refresh = () => {
    const wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = entries.filter((entry) => wanted.every((word) => entry.words.includes(word)));
    list.replaceChildren(...shown.map(row));
    counted.textContent = entries.length === 0 ? "no runs yet: start one with 'sunder run'"
      : `${format.count(shown.length)} of ${format.count(entries.length)}`;
  };
  text.addEventListener("input", refresh);
  refresh();
  document.title = "sunder: runs";
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target === text) return;
    event.preventDefault();
    text.focus();
  });
  return [
    element("header", { class: "headline" },
      element("p", { class: "label" }, element("span", { class: "brand" }, "sunder"),
        "all runs and campaigns")),
    element("section", {}, element("div", { class: "log-bar" }, text, counted), list)];
}

document.getElementById("page").append(...page());
