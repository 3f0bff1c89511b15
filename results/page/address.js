// The revealed moment in the page's address: #t=8.252001&op=1804, in seconds, with the operation's
// place among those that the page holds. Such an address opens there; back and forward lead to the
// moments that were revealed before.

import { view } from "#page/view.js";

function addressOf({ time, row }) {
  const seconds = (time / 1e9).toFixed(9).replace(/0+$/, "").replace(/\.$/, "");
  return `#t=${seconds}${row === null ? "" : `&op=${row}`}`;
}

function momentIn(address) {
  const found = /^#t=(\d+(?:\.\d+)?)(?:&op=(\d+))?$/.exec(address);
  if (!found) return null;
  const row = found[2] === undefined ? null : Number(found[2]);
  const time = Math.round(Number(found[1]) * 1e9);
  // Another choice of operations may be loaded than when the address was written.
  const isThere = row !== null &&
    view.operations.invoked[row] === view.operations.roundedTime(time);
  return { time, row: isThere ? row : null };
}

function open() {
  const moment = momentIn(location.hash);
  if (!moment) return;
  view.reveal(moment.time, moment.row);
  document.getElementById("operations")?.scrollIntoView({ block: "nearest" });
}

/// Call it when the page's parts are in the document.
export function followAddress() {
  view.on("reveal", "address", () => {
    const address = addressOf(view.revealed);
    if (address !== location.hash) location.hash = address;
  });
  window.addEventListener("hashchange", () => {
    if (!view.revealed || location.hash !== addressOf(view.revealed)) open();
  });
  open();
}
