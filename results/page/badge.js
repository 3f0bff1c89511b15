// A validity as word, sign and colour.

import { element } from "#page/dom.js";

const signs = { valid: "✓", unknown: "?", invalid: "✕" };

export function badge(validity) {
  return element("span", { class: `badge ${validity}` },
    element("span", { class: "sign", "aria-hidden": "true" }, signs[validity]), validity);
}
