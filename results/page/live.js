// A run in progress: the charts move as the server sends the lines of the history and the traces.
// Server-sent events: "history" and "trace" carry lines, one or several, separated by newlines;
// "done" carries the address of the report, "cut-off" says that there will be none.

import { run } from "#page/data.js";
import { element, section } from "#page/dom.js";
import * as format from "#page/format.js";
import { LiveRun } from "#page/live_run.js";
import { timeline } from "#page/timeline.js";
import { view } from "#page/view.js";

const framesPerSecond = 4;

function countersOf({ operations }) {
  return format.outcomes.map((outcome) =>
    element("span", { class: `key ${outcome}` }, `${outcome} ${format.count(operations[outcome])}`));
}

function show(live, counters) {
  const followed = view.window[1] >= live.shownUntil;
  live.stretch();
  counters.replaceChildren(element("strong", {}, format.time(run.duration, 1)),
    ...countersOf(run.statistics));
  view.setOperations(live.operations());
  if (followed) {
    const whole = view.window[0] === 0;
    const length = view.window[1] - view.window[0];
    view.setWindow(whole ? 0 : run.duration - length, run.duration);
  }
  live.shownUntil = run.duration;
}

function listen(live, counters, state) {
  const source = new EventSource(run.events);
  let dirty = false;
  const lines = (event) => event.data.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  source.addEventListener("history", (event) => {
    lines(event).forEach((each) => live.addEvent(each));
    dirty = true;
  });
  source.addEventListener("trace", (event) => {
    lines(event).forEach((each) => live.addRecord(each));
    dirty = true;
  });
  source.addEventListener("done", (event) => {
    source.close();
    state.replaceChildren("ended: ", element("a", { href: event.data }, "the report"));
  });
  source.addEventListener("cut-off", () => {
    source.close();
    state.textContent = "cut off: it ended without a verdict";
  });
  source.onerror = () => { state.textContent = "the server does not answer; trying again"; };
  source.onopen = () => { state.textContent = "in progress"; };
  setInterval(() => {
    if (dirty) show(live, counters);
    dirty = false;
  }, 1000 / framesPerSecond);
}

function page() {
  const live = new LiveRun(run);
  live.shownUntil = 0;
  const counters = element("p", { class: "legend", role: "status" });
  const state = element("span", { class: "sentence" }, "waiting for the first events");
  document.title = `running: ${run.label}`;
  listen(live, counters, state);
  return [
    element("header", { class: "headline" },
      element("p", { class: "label" }, element("span", { class: "brand" }, "sunder"), run.label),
      element("h1", {}, state)),
    section("counts", "Operations", counters), timeline()];
}

document.getElementById("page").append(...page());
