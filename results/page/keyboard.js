// The keys of the page, and the panel that lists them.

import { noun, run } from "#page/data.js";
import { element, table } from "#page/dom.js";
import { view } from "#page/view.js";

function moveCursor(part) {
  const [from, until] = view.window;
  const start = view.cursor ?? (from + until) / 2;
  const time = Math.min(Math.max(start + (until - from) * part, 0), run.duration);
  if (time < from || time > until) view.pan(Math.sign(part) * 0.5);
  view.reveal(time);
}

const go = (id) => () => document.getElementById(id)?.scrollIntoView({ block: "start" });

let shownProof = -1;

/// The proofs of all broken checks, one after the other.
function nextProof() {
  const proofs = document.querySelectorAll(".proof");
  shownProof = (shownProof + 1) % Math.max(1, proofs.length);
  proofs[shownProof]?.scrollIntoView({ block: "start" });
}

const keys = {
  "+": ["zoom in", () => view.zoom(0.5)],
  "-": ["zoom out", () => view.zoom(2)],
  "0": [`the whole ${noun}`, () => view.setWindow(0, run.duration)],
  "ArrowLeft": ["cursor earlier", () => moveCursor(-0.01)],
  "ArrowRight": ["cursor later", () => moveCursor(0.01)],
  "Shift ArrowLeft": ["window earlier", () => view.pan(-0.25)],
  "Shift ArrowRight": ["window later", () => view.pan(0.25)],
  "c": ["the next violation", nextProof],
  "t": ["charts over time", go("timeline")],
  "o": ["operations", go("operations")],
  "/": ["search operations", () => document.querySelector(".filters input").focus()],
  "?": ["show or hide this list", () => toggleHelp()],
};

const help = element("dialog", { class: "help", "aria-label": "keys" },
  table(["key", "does"], Object.entries(keys).map(([key, [does]]) =>
    [element("kbd", {}, key.replace("ArrowLeft", "←").replace("ArrowRight", "→")), does])));

function toggleHelp() {
  if (help.open) help.close();
  else help.showModal();
}

export function keyboard() {
  document.body.append(help);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, select")) return;
    const shifted = event.shiftKey && event.key.startsWith("Arrow");
    const entry = keys[shifted ? `Shift ${event.key}` : event.key];
    if (!entry) return;
    event.preventDefault();
    entry[1]();
  });
  return element("footer", {}, element("button", { class: "link", onclick: toggleHelp },
    "Keys: + − 0 zoom, ← → cursor, / search, ? all"));
}
