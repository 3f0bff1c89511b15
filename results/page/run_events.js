// What sunder itself writes into a history: the events of the process "nemesis". The pages read
// them by the functions below and nowhere else. The tables repeat checker/history/run_event.h and
// FaultKind::ends_processes; tests in C++ compare them.

/// Events that always have the same name, and what each says about faults.
const phases = {
  "crash": "moment",
  "stopped": "moment",
  "recovery": "moment",
  "stall-report": "report",
  "clock-report": "report",
  "disk-report": "report",
  "files-report": "report",
  "bypass-report": "report",
  "driver-report": "report",
};
const healedPrefix = "heal-";
const skippedPrefix = "skip-";
const reportSuffix = "-report";

/// Characters of the longest name of a kind of fault.
export const longestKindName = 13;

/// Faults that end the processes of their targets.
const ending = {
  "kill": () => true,
  "restart-storm": () => true,
  "slow-start": () => true,
  "power-loss": () => true,
  "membership": ({ change }) => change !== "remove",
  "disk": ({ trouble }) =>
    ["flip", "flip-many", "truncate", "lost-write", "copy"].includes(trouble),
};

/// "injected", "healed", "skipped", "moment" or "report".
export function phaseOf({ f, value }) {
  if (f in phases) return phases[f];
  const isFault = Number.isInteger(value?.id) && typeof value.kind === "string";
  if (!isFault) return f.endsWith(reportSuffix) ? "report" : "moment";
  if (f.startsWith(healedPrefix)) return "healed";
  return f.startsWith(skippedPrefix) ? "skipped" : "injected";
}

/// The nodes that the event names.
export function nodesOf({ value }) {
  return value?.targets ?? (value?.node ? [value.node] : []);
}

/// Of an event that is "injected" or a "moment": whether it ended the processes of its nodes.
export function endsProcesses({ f, value }) {
  return f === "crash" || f === "stopped" || Boolean(ending[value?.kind]?.(value));
}

/// Of the values of two events: whether they are about one fault.
export function isSameFault(value, other) {
  return value.id === other.id;
}

/// What the value of an injection says beside nodes. Of an ambush, `kind` is what it did.
export function traitsOf(value) {
  return { kind: value?.kind, shape: value?.shape };
}
