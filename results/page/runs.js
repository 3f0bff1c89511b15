// The list of runs: filtered by any text and by verdict, each with links to what it left.

import { badge } from "#page/badge.js";
import { element } from "#page/dom.js";
import * as format from "#page/format.js";

const { runs } = JSON.parse(document.getElementById("data").textContent);
const words = (run) => [run.label, run.started, run.system, run.workload, run.nemesis,
  run.validity ?? "in progress", run.sentence, `seed ${run.seed}`].join(" ").toLowerCase();

function address(run, file) {
  return ["runs", ...run.label.split("/"), ...file.split("/")].map(encodeURIComponent).join("/");
}

function title(run) {
  const has = run.files.includes("report.html");
  const live = `live/${run.label.split("/").map(encodeURIComponent).join("/")}`;
  return element("a", { class: "run-title", href: has ? address(run, "report.html") : live },
    run.sentence || (run.validity ? run.label : "in progress: watch it"));
}

function outcomes(run) {
  const total = run.operations.ok + run.operations.info + run.operations.fail;
  return total ? `${format.count(total)} operations in ${format.time(run.duration, 1)}` : null;
}

function runRow(run) {
  const facts = [run.system, run.workload, run.nemesis, run.seed === null ? "" : `seed ${run.seed}`,
    outcomes(run)].filter(Boolean);
  const links = run.files.map((file) => element("a", { href: address(run, file) }, file));
  return element("li", { class: "run" },
    run.validity ? badge(run.validity) : element("span", { class: "badge unknown" }, "no verdict"),
    element("div", {},
      title(run),
      element("p", { class: "note" }, facts.join("  ·  ")),
      element("details", {}, element("summary", {}, `${run.files.length} files`),
        element("p", { class: "files" }, links))),
    element("div", { class: "note when" }, element("time", {}, run.started),
      element("span", {}, run.label.split("/")[0])));
}

function page() {
  const list = element("ul", { class: "runs" });
  const counted = element("p", { class: "note", role: "status" });
  const text = element("input", { type: "search", placeholder: "invalid kill raft seed 7",
    "aria-label": "filter runs" });
  const refresh = () => {
    const wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = runs.filter((run) => wanted.every((word) => words(run).includes(word)));
    list.replaceChildren(...shown.map(runRow));
    counted.textContent = `${format.count(shown.length)} of ${format.count(runs.length)} runs`;
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
      element("p", { class: "label" }, element("span", { class: "brand" }, "sunder"), "all runs")),
    element("section", {}, element("div", { class: "log-bar" }, text, counted), list)];
}

document.getElementById("page").append(...page());
