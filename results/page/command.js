// A command that repeats something, with a button that copies it.

import { element } from "#page/dom.js";

function copyButton(text) {
  const button = element("button", {
    onclick: async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "copied";
      } catch {
        getSelection().selectAllChildren(button.previousSibling);
        button.textContent = "selected";
      }
    },
  }, "copy");
  return button;
}

export function command(text) {
  return element("div", { class: "command" }, element("code", {}, text), copyButton(text));
}
