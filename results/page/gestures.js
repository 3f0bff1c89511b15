// What a pointer does on the charts: move to set the cursor, drag to zoom, click to reveal, click
// twice for the whole run. A wheel zooms with Ctrl and pans with Shift, so that the page scrolls.

import { run } from "#page/data.js";
import { element } from "#page/dom.js";
import { view } from "#page/view.js";

const smallestDrag = 5;

/// `x` is the scale of the charts in `stack`, which begin `gutter` pixels from its left.
export function listenToPointer(stack, x, gutter) {
  const timeAt = (event) => {
    const left = event.clientX - stack.getBoundingClientRect().left - gutter;
    return Math.min(Math.max(x.invert(left), x.domain()[0]), x.domain()[1]);
  };
  listenToDrag(stack, x, gutter, timeAt);
  stack.addEventListener("dblclick", () => view.setWindow(0, run.duration));
  stack.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.shiftKey) return;
    event.preventDefault();
    const turn = event.deltaY || event.deltaX;
    if (event.ctrlKey) view.zoom(turn > 0 ? 1.25 : 0.8, timeAt(event));
    else view.pan(turn > 0 ? 0.1 : -0.1);
  }, { passive: false });
}

function listenToDrag(stack, x, gutter, timeAt) {
  const selection = element("div", { class: "selection" });
  stack.append(selection);
  let start = null;
  stack.addEventListener("pointerdown", (event) => {
    if (event.button === 0) start = timeAt(event);
  });
  stack.addEventListener("pointermove", (event) => {
    view.setCursor(timeAt(event));
    if (start === null || event.buttons !== 1) return;
    const [left, right] = [start, timeAt(event)].sort((a, b) => a - b).map(x);
    selection.style.cssText = `display:block;left:${gutter + left}px;width:${right - left}px`;
  });
  const forget = () => {
    start = null;
    selection.style.display = "none";
  };
  window.addEventListener("pointercancel", forget);
  window.addEventListener("pointerup", (event) => {
    if (start === null) return;
    const [from, until] = [start, timeAt(event)].sort((a, b) => a - b);
    forget();
    if (x(until) - x(from) > smallestDrag) view.setWindow(from, until);
    else view.reveal(from);
  });
}
