// Everything that determined the run, and the command that repeats it.

import { command } from "#page/command.js";
import { noun, run } from "#page/data.js";
import { element, section } from "#page/dom.js";

function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function folded(title, text) {
  return text ? element("details", {}, element("summary", {}, title),
    element("pre", { tabindex: 0 }, indented(text))) : null;
}

export function plan() {
  return section("plan", noun === "run" ? "Repeat it" : "Judge it again",
    command(run.command),
    folded("plan.json", run.plan), folded("schedule.json", run.schedule));
}
