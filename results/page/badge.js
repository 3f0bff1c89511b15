// A validity, or how a campaign or a run of one stands, as word, sign and colour.

import { element } from "#page/dom.js";

export const signs = {
  valid: "✓", unknown: "?", invalid: "✕", found: "●", missed: "○", crashed: "!", hung: "!",
  failed: "!", "not run": "·",
};

export function badge(word) {
  return element("span", { class: `badge ${word}` },
    element("span", { class: "sign", "aria-hidden": "true" }, signs[word]), word);
}
