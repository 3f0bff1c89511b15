// What the parts of the page share: the visible window of time, the cursor, the known operations.
// A part changes them by the setters. `on` calls it back after a change, once a frame.

import { run } from "#page/data.js";

const events = d3.dispatch("window", "cursor", "operations", "reveal");
const shortestWindow = 1e5;
const pending = new Set();

export const view = {
  operations: run.operations,
  window: [0, run.duration],
  cursor: null,

  on(event, name, listener) {
    events.on(`${event}.${name}`, listener);
  },

  setWindow(from, until) {
    const length = Math.min(Math.max(until - from, shortestWindow), run.duration);
    const start = Math.min(Math.max(from, 0), run.duration - length);
    view.window = [start, start + length];
    announce("window");
  },

  /// By a factor, around `center`.
  zoom(factor, center = view.cursor ?? (view.window[0] + view.window[1]) / 2) {
    const [from, until] = view.window;
    view.setWindow(center - (center - from) * factor, center + (until - center) * factor);
  },

  /// By a part of the window's length.
  pan(part) {
    const [from, until] = view.window;
    const step = (until - from) * part;
    view.setWindow(from + step, until + step);
  },

  setCursor(time) {
    view.cursor = time;
    announce("cursor");
  },

  /// Brings the operations and logs of that moment on screen.
  reveal(time) {
    view.setCursor(time);
    announce("reveal");
  },

  setOperations(operations) {
    view.operations = operations;
    announce("operations");
  },

  isWhole() {
    return view.window[1] - view.window[0] >= run.duration;
  },
};

function announce(event) {
  if (pending.size === 0) requestAnimationFrame(deliver);
  pending.add(event);
}

function deliver() {
  const due = [...pending];
  pending.clear();
  for (const event of due) events[event]();
}
