// The page of one run or of a bare history, from the violation to the command that repeats it.

import { followAddress } from "#page/address.js";
import { checks } from "#page/checks.js";
import { counterexamples } from "#page/counterexample.js";
import { run } from "#page/data.js";
import { element } from "#page/dom.js";
import { brokenProperties } from "#page/evidence.js";
import { headline } from "#page/headline.js";
import { isolation, ruledOut } from "#page/isolation.js";
import { keyboard } from "#page/keyboard.js";
import { logs } from "#page/logs.js";
import { operations } from "#page/operations.js";
import { plan } from "#page/plan.js";
import { reading } from "#page/reading.js";
import { tiles } from "#page/tiles.js";
import { timeline } from "#page/timeline.js";
import { witness } from "#page/witness.js";

const parts = [
  headline(), reading() ?? "", ...counterexamples(), ...ruledOut(), ...isolation(), ...brokenProperties(), witness() ?? "", tiles(),
  timeline() ?? "", checks(),
  element("div", { class: run.history ? "" : "beside" }, operations(), logs() ?? ""), plan(),
  keyboard(),
];
document.getElementById("page").append(...parts);
followAddress();
