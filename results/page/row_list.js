// A scrolled list of very many rows of one height: only those in sight are in the document.

import { element, onWidth } from "#page/dom.js";

export class RowList {
  /// `makeRow(index)` gives the element of a row; `onPick(index)` is called on clicks and Enter.
  constructor({ rowHeight, label, makeRow, onPick }) {
    Object.assign(this, { rowHeight, makeRow, onPick, rows: [], active: -1 });
    this.space = element("div", { class: "row-space" });
    this.node = element("div",
      { class: "row-list", role: "listbox", tabindex: 0, "aria-label": label }, this.space);
    this.node.addEventListener("scroll", () => this.draw());
    this.node.addEventListener("keydown", (event) => this.press(event));
    onWidth(this.node, () => this.draw());
  }

  show(rows) {
    this.rows = rows;
    this.active = -1;
    this.space.style.height = `${rows.length * this.rowHeight}px`;
    this.draw();
  }

  draw() {
    const first = Math.max(0, Math.floor(this.node.scrollTop / this.rowHeight) - 4);
    const last = Math.min(this.rows.length,
      first + Math.ceil(this.node.clientHeight / this.rowHeight) + 8);
    const visible = [];
    for (let place = first; place < last; ++place) visible.push(this.place(place));
    this.space.replaceChildren(...visible);
  }

  place(place) {
    const row = this.makeRow(this.rows[place]);
    row.style.top = `${place * this.rowHeight}px`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", place === this.active);
    row.addEventListener("click", () => this.pick(place));
    return row;
  }

  pick(place) {
    this.active = place;
    this.draw();
    this.onPick(this.rows[place]);
  }

  /// Marks `place`, and scrolls so that it is in the middle if it was not in sight.
  center(place) {
    this.active = place;
    const top = place * this.rowHeight - this.node.scrollTop;
    const isInSight = top >= 0 && top + this.rowHeight <= this.node.clientHeight;
    if (!isInSight) this.node.scrollTop = place * this.rowHeight - this.node.clientHeight / 2;
    this.draw();
  }

  press(event) {
    const page = Math.floor(this.node.clientHeight / this.rowHeight);
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[event.key];
    if (!step || this.rows.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const place = Math.min(Math.max(this.active + step, 0), this.rows.length - 1);
    this.center(place);
    this.onPick(this.rows[place]);
  }
}
