// When each broken check broke: the moments that the charts mark and the key `c` leads to.

import { run } from "#page/data.js";

function endOf({ invoked_at: invoked, returned_at: returned }) {
  return returned ?? invoked;
}

/// When the first proof of it was complete; nothing if the check gives no time.
function momentOf(check) {
  const { counterexample, evidence, isolation } = check;
  if (counterexample) {
    const { operations, culprit } = counterexample;
    return culprit === undefined ? d3.max(operations, endOf) : endOf(operations[culprit]);
  }
  if (isolation) {
    const claimed = isolation.levels.find(({ level }) => level === isolation.claimed);
    const anomaly = isolation.anomalies[claimed?.anomaly];
    return anomaly && d3.max(anomaly.transactions, endOf);
  }
  return d3.min(evidence, ({ time }) => time);
}

/// [{time, name}], the earliest first.
export const violations = run.verdict ? run.verdict.checks
  .filter((check) => check.validity === "invalid")
  .map((check) => ({ name: check.name, time: momentOf(check) }))
  .filter(({ time }) => Number.isFinite(time))
  .sort((a, b) => a.time - b.time) : [];
