// Elements from nested calls. Text always becomes a text node, so nothing from outside is markup.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child != null));
  return made;
}

export function section(id, title, ...children) {
  const heading = element("h2", { id: `${id}-title` }, title);
  return element("section", { id, "aria-labelledby": `${id}-title` }, heading, ...children);
}

/// A table whose cells are texts or elements.
export function table(columns, rows, attributes = {}) {
  const cells = (tag, texts) => texts.map((text) => element(tag, {}, text));
  return element("table", attributes,
    element("thead", {}, element("tr", {}, cells("th", columns))),
    element("tbody", {}, rows.map((row) => element("tr", {}, cells("td", row)))));
}

/// Calls `draw(width)` now and whenever the width of `holder` changes.
export function onWidth(holder, draw) {
  let last = 0;
  const look = () => {
    const width = holder.clientWidth;
    if (width === 0 || width === last) return;
    last = width;
    draw(width);
  };
  new ResizeObserver(() => requestAnimationFrame(look)).observe(holder);
}
