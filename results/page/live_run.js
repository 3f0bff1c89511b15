// A run in progress, built up from the lines of its history and its traces as they come. Keeps the
// shape that the charts know; of the operations, the latest.

import { OperationTable } from "#page/operation_table.js";
import { endsProcesses, isSameFault, nodesOf, phaseOf } from "#page/run_events.js";

const interval = 1e9;
const mostOperations = 20000;

const roles = {
  started: "follower", became_follower: "follower", became_candidate: "candidate",
  became_leader: "leader",
};

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
    if (event === "committed") return;
    if (roles[event]) {
      const last = lane.roles[lane.roles.length - 1];
      if (last) last[1] = time;
      lane.roles.push([time, time, roles[event], term]);
      lane.marks.push([time, event, term, "", ""]);
    }
  }

  /// Lets what is still going on last until now.
  stretch() {
    const { run } = this;
    for (const fault of run.faults) if (!fault.healed) fault.until = run.duration;
    for (const node of run.nodes) {
      const last = node.roles[node.roles.length - 1];
      if (last) last[1] = run.duration;
    }
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
      run.statistics.intervals.push({ ok: 0, fail: 0, info: 0, measured: 0 });
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
      if (endsProcesses(event)) targets.forEach((node) => this.fell(node));
    } else if (phase === "healed") {
      const fault = faults.find((each) => !each.healed && isSameFault(each.detail, event.value));
      if (fault) Object.assign(fault, { until: event.time, healed: true });
    }
  }

  fell(node) {
    const { roles: spans } = this.laneOf(node);
    if (spans.length) spans[spans.length - 1][1] = this.run.duration;
    spans.push([this.run.duration, this.run.duration, "down", 0]);
  }

  laneOf(node) {
    const { nodes } = this.run;
    const known = nodes.find((each) => each.node === node);
    if (known) return known;
    const lane = { node, roles: [], marks: [], commits: [] };
    nodes.push(lane);
    nodes.sort((a, b) => a.node.localeCompare(b.node, "en", { numeric: true }));
    return lane;
  }

  begin(event) {
    const argument = event.value ?? null;
    const row = { f: event.f, key: event.key ?? "", process: event.process, outcome: "info",
      invoked: event.time, latency: -1, argument, result: argument };
    this.rows.push(row);
    this.begun += 1;
    this.open.set(event.process, row);
  }

  complete(event) {
    const row = this.open.get(event.process);
    if (!row) return;
    this.open.delete(event.process);
    row.outcome = event.type;
    const place = Math.floor(event.time / interval);
    this.run.statistics.intervals[place][event.type] += 1;
    this.run.statistics.operations[event.type] += 1;
    if (event.type === "info") return;
    row.latency = event.time - row.invoked;
    if (event.type !== "ok") return;
    row.result = event.value ?? null;
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
