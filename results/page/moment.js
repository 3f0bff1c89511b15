// A time as a link. It leads to that moment on the charts and in the lists of operations and logs.

import { element } from "#page/dom.js";
import * as format from "#page/format.js";
import { view } from "#page/view.js";

/// `process` is the client whose operation began then, if the time is that of an operation.
export function moment(time, { process, text = format.time(time, 6) } = {}) {
  const show = () => {
    view.reveal(time, process === undefined ? null : view.rowOf(process, time));
    document.getElementById("operations")?.scrollIntoView({ block: "nearest" });
  };
  return element("button",
    { class: "time link", title: "show this moment on the charts and in the lists", onclick: show },
    text);
}
