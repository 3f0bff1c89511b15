// Numbers, times and operations as people read them. Times come in nanoseconds.

export const outcomes = ["ok", "refused", "info", "fail"];

/// For a title. A refused operation is a `fail` of the history that is an answer.
export const meaning = {
  ok: "it took effect",
  refused: "answered that what it requires was not so: another value, an empty queue, a held lock",
  info: "nobody knows whether it took effect: it timed out, or its connection broke",
  fail: "it certainly did not take effect: an error",
};

let timesArePlaces = false;

/// From now on times are the places of events, in milliseconds from the first: "#1", "#2".
export function showPlaces() {
  timesArePlaces = true;
}

/// "12.034 s", "4:05.120"
export function time(nanoseconds, decimals = 3) {
  if (timesArePlaces) return `#${count(Math.round(nanoseconds / 1e6) + 1)}`;
  const seconds = nanoseconds / 1e9;
  if (seconds < 600) return `${seconds.toFixed(decimals)} s`;
  const rest = (seconds % 60).toFixed(decimals).padStart(decimals ? 3 + decimals : 2, "0");
  return `${Math.floor(seconds / 60)}:${rest}`;
}

const units = [["s", 1e9], ["ms", 1e6], ["µs", 1e3], ["ns", 1]];

/// Three digits and the unit that fits: "840 µs", "3.21 ms", "1.5 s"
export function latency(nanoseconds) {
  const rounded = Number(nanoseconds.toPrecision(3));
  const [unit, size] = units.find(([, least]) => rounded >= least) ?? units[units.length - 1];
  return `${Number((rounded / size).toPrecision(3))} ${unit}`;
}

export function count(number) {
  return number.toLocaleString("en-US", { maximumFractionDigits: number < 10 ? 1 : 0 });
}

/// Characters that show nothing or change the direction of the text, as \u001b.
export function visible(text) {
  return text.replace(/[\p{Cc}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu,
    (sign) => `\\u${sign.codePointAt(0).toString(16).padStart(4, "0")}`);
}

/// At most that many characters.
export function short(text, most) {
  const shown = visible(text);
  return shown.length > most ? `${shown.slice(0, most - 1)}…` : shown;
}

/// Texts that could be taken for numbers, lists, null, ...
const looksLikeAnotherKind = /^-?[0-9]|^["[{]|^(null|true|false)$/;

export function value(json) {
  if (json === null || json === undefined) return "nil";
  const isPlain = typeof json === "string" && !looksLikeAnotherKind.test(json);
  return visible(isPlain ? json : JSON.stringify(json));
}

/// "r x → 1, w y 3" of [["r","x",1],["w","y",3]]; empty if it is no list of such steps.
function steps(list) {
  const isStep = (step) => Array.isArray(step) && step.length === 3 && typeof step[0] === "string";
  if (!Array.isArray(list) || !list.every(isStep)) return "";
  return list.map(([f, key, written]) => {
    const reads = f.startsWith("r");
    const shown = written === null && reads ? "" : `${reads ? " → " : " "}${value(written)}`;
    return `${value(f)} ${value(key)}${shown}`;
  }).join(", ");
}

/// "write 17", "read → 17", "cas 3 → 5". Unknown results are left out.
/// `label` is there if the values are long: then it has them cut around what matters.
export function call({ f, argument, result, outcome, label }) {
  if (label) return visible(label);
  if (f === "cas" && Array.isArray(argument)) {
    const cas = `cas ${argument.map(value).join(" → ")}`;
    const saysFound = (outcome === "fail" || outcome === "refused") && result !== undefined &&
      JSON.stringify(result) !== JSON.stringify(argument);
    return saysFound ? `${cas} found ${value(result)}` : cas;
  }
  if (f === "transfer" && argument && "amount" in argument) {
    return `transfer ${value(argument.amount)} from ${value(argument.from)} to ${value(argument.to)}`;
  }
  const ofTransaction = f === "txn" ? steps(outcome === "ok" ? result : argument) : "";
  if (ofTransaction) return `txn ${ofTransaction}`;
  const asked = argument === null || argument === undefined ? f : `${f} ${value(argument)}`;
  const answered = outcome === "ok" && JSON.stringify(result) !== JSON.stringify(argument);
  return answered || (outcome === "ok" && f === "read") ? `${asked} → ${value(result)}` : asked;
}

/// As `call`, with the outcome if it is not ok.
export function called(operation) {
  // A dequeue that failed is in a proof because it said that the queue was empty.
  if (operation.f === "dequeue" && operation.outcome === "fail") return "dequeue → empty";
  const ending = { info: ", info", fail: ", answered fail" }[operation.outcome] || "";
  return call(operation) + ending;
}

/// Empty if the history does not say which client it was.
export function client(process) {
  if (process === null) return "";
  return `client ${process}`;
}
