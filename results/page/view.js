// What the parts of the page share: the visible window of time, the cursor, the known operations,
// and the moment that was revealed. A part changes them by the setters. `on` calls it back after a
// change, once a frame. The revealed moment stands in the address, so that it can be sent to others
// and the browser's back and forward lead to it (address.js).

import { run } from "#page/data.js";

const events = d3.dispatch("window", "cursor", "operations", "reveal");
const shortestWindow = 1e5;
const pending = new Set();

export const view = {
  operations: run.operations,
  window: [0, run.duration],
  cursor: null,
  /// {time, row}: what was revealed last; `row` is null if no operation was meant.
  revealed: null,

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

  /// Brings that moment into the window of the charts, and its operations and logs into their lists.
  /// `row` is the operation that is meant, if it is one.
  reveal(time, row = null) {
    const [from, until] = view.window;
    if (time < from || time > until) view.setWindow(time - (until - from) / 2, time + (until - from) / 2);
    view.revealed = { time, row };
    view.setCursor(time);
    announce("reveal");
  },

  /// The operation that the client invoked at that time; null if the page does not hold it.
  rowOf(process, time) {
    const table = view.operations;
    const microsecond = table.roundedTime(time);
    for (let row = table.firstFrom(microsecond); table.invoked[row] === microsecond; ++row) {
      if (table.process[row] === process) return row;
    }
    return null;
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
