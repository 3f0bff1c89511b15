// The top of the page: verdict, one sentence, and what was run.

import { badge } from "#page/badge.js";
import { run } from "#page/data.js";
import { element } from "#page/dom.js";
import * as format from "#page/format.js";

export function headline() {
  const { validity, sentence } = run.verdict;
  document.title = `${validity}: ${run.label}`;
  const facts = run.facts.map(([name, text]) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, format.visible(text))));
  return element("header", { class: `headline ${validity}` },
    element("p", { class: "label" }, element("span", { class: "brand" }, "sunder"),
      format.visible(run.label)),
    element("h1", {}, badge(validity),
      element("span", { class: "sentence" }, format.visible(sentence))),
    element("dl", { class: "facts" }, facts));
}
