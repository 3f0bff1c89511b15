// A validity, or how a campaign or a run stands, as word, sign and colour.

import { element } from "#page/dom.js";

export const signs = {
  valid: "✓", unknown: "?", invalid: "✕", found: "●", missed: "○", crashed: "!", hung: "!",
  failed: "!", "not run": "·", running: "▸", "cut off": "·",
};

/// One class for each: "not-run".
export const classOf = (word) => word.replace(" ", "-");

export function badge(word) {
  return element("span", { class: `badge ${classOf(word)}` },
    element("span", { class: "sign", "aria-hidden": "true" }, signs[word]), word);
}
