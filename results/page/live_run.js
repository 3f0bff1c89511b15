// A run in progress, built up from the lines of its history and its traces as they come. Keeps the
// shape that the charts know; of the operations, the latest.

import { begun, complete } from "#page/history_operation.js";
import { OperationTable } from "#page/operation_table.js";
import { endsProcesses, isSameFault, nodesOf, phaseOf } from "#page/run_events.js";

const interval = 1e9;
const mostOperations = 20000;

const roles = {
  started: "follower", became_follower: "follower", became_candidate: "candidate",
  became_leader: "leader",
};

/// The node's spans, by the times of its changes: traces and history come one after the other. A
/// node that starts and was not down was so since it was last heard of.
function rolesOf({ changes }, now) {
  const inOrder = [...changes].sort((a, b) => a.time - b.time).flatMap((change, i, all) =>
    (change.silentSince !== undefined && all[i - 1]?.role !== "down"
      ? [{ time: change.silentSince, role: "down", term: 0 }, change] : [change]));
  return inOrder.map(({ time, role, term }, i) => [time, inOrder[i + 1]?.time ?? now, role, term]);
}

export class LiveRun {
  constructor(run) {
    this.run = run;
    this.open = new Map();
    this.rows = [];
    this.begun = 0;
    this.latencies = [];
    run.statistics.interval = interval;
  }

  /// An object of history.jsonl.
  addEvent(event) {
    this.advance(event.time);
    if (event.process === "nemesis") this.addFault(event);
    else if (event.type === "invoke") this.begin(event);
    else this.complete(event);
  }

  /// An object of a trace.
  addRecord({ time, node, term, event }) {
    this.advance(time);
    const lane = this.laneOf(`n${node}`);
    const silentSince = lane.heard;
    lane.heard = time;
    if (!roles[event]) return;
    lane.changes.push({ time, role: roles[event], term,
      silentSince: event === "started" ? silentSince : undefined });
    lane.marks.push([time, event, term, "", ""]);
  }

  /// Lets what is still going on last until now.
  stretch() {
    const { run } = this;
    for (const fault of run.faults) if (!fault.healed) fault.until = run.duration;
    for (const node of run.nodes) node.roles = rolesOf(node, run.duration);
    for (const [place, latencies] of this.latencies.entries()) this.measure(place, latencies);
  }

  operations() {
    this.rows = this.rows.slice(-mostOperations);
    return OperationTable.fromRows(this.rows, this.begun);
  }

  advance(time) {
    const { run } = this;
    run.duration = Math.max(run.duration, time);
    run.statistics.duration = run.duration;
    while (run.statistics.intervals.length * interval <= run.duration) {
      run.statistics.intervals.push({ ok: 0, refused: 0, info: 0, fail: 0, measured: 0 });
      this.latencies.push([]);
    }
  }

  addFault(event) {
    const phase = phaseOf(event);
    const { faults } = this.run;
    if (phase === "injected" || phase === "moment") {
      const targets = nodesOf(event);
      faults.push({ kind: event.f, targets, from: event.time, until: event.time,
        healed: phase === "moment", detail: event.value });
      if (endsProcesses(event)) targets.forEach((node) => this.fell(node, event.time));
    } else if (phase === "healed") {
      const fault = faults.find((each) => !each.healed && isSameFault(each.detail, event.value));
      if (fault) Object.assign(fault, { until: event.time, healed: true });
    }
  }

  fell(node, time) {
    this.laneOf(node).changes.push({ time, role: "down", term: 0 });
  }

  laneOf(node) {
    const { nodes } = this.run;
    const known = nodes.find((each) => each.node === node);
    if (known) return known;
    const lane = { node, roles: [], marks: [], commits: [], changes: [] };
    nodes.push(lane);
    nodes.sort((a, b) => a.node.localeCompare(b.node, "en", { numeric: true }));
    return lane;
  }

  begin(event) {
    const row = begun(event);
    this.rows.push(row);
    this.begun += 1;
    this.open.set(event.process, row);
  }

  complete(event) {
    const row = this.open.get(event.process);
    if (!row) return;
    this.open.delete(event.process);
    complete(row, event);
    const place = Math.floor(event.time / interval);
    this.run.statistics.intervals[place][row.outcome] += 1;
    this.run.statistics.operations[row.outcome] += 1;
    if (row.outcome !== "ok") return;
    this.latencies[Math.floor(row.invoked / interval)].push(row.latency);
  }

  measure(place, latencies) {
    const each = this.run.statistics.intervals[place];
    if (each.measured === latencies.length) return;
    const sorted = latencies.slice().sort((a, b) => a - b);
    const rank = (quantile) => sorted[Math.ceil(quantile * sorted.length) - 1];
    Object.assign(each, { measured: sorted.length, p50: rank(0.5), p95: rank(0.95), p99: rank(0.99),
      max: sorted[sorted.length - 1] });
  }
}
