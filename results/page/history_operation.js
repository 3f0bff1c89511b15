// An operation of two lines of history.jsonl, as OperationTable.fromRows takes it.

/// They repeat is_refused in checker/history/event.cc: a test in C++ compares them.
const conditional = ["cas", "dequeue", "acquire", "release", "transfer", "remove"];
const wordsForRefusal = ["mismatch", "held", "not held", "insufficient"];
const wordsForEmpty = ["empty", "queue-empty", "queue empty", "queue is empty", "exhausted"];

function isRefused({ f, found, error }) {
  if (found !== undefined) return true;
  if (!conditional.includes(f)) return false;
  return !error || wordsForRefusal.includes(error) || wordsForEmpty.includes(error.toLowerCase());
}

/// The operation that the invocation begins.
export function begun(event) {
  const argument = event.value ?? null;
  return { f: event.f, key: event.key ?? "", process: event.process, node: "", outcome: "info",
    invoked: event.time, latency: -1, argument, result: argument };
}

export function complete(operation, event) {
  operation.node = event.node ?? "";
  operation.outcome = event.type === "fail" && isRefused(event) ? "refused" : event.type;
  if (event.type === "info") return;
  operation.latency = event.time - operation.invoked;
  if (event.type === "ok") operation.result = event.value ?? null;
  if (event.found !== undefined) operation.result = event.found;
}
