// The run, or the bare history, that this page shows, as results/report/report_data.h describes it,
// with the columns of operations unpacked.

import * as format from "#page/format.js";
import { OperationTable } from "#page/operation_table.js";

function readData() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const operations = OperationTable.fromColumns(data.operations);
  const ends = [
    data.statistics.duration,
    ...data.faults.map((fault) => fault.until ?? fault.from),
    ...data.nodes.flatMap((node) => node.roles.map(([, until]) => until)),
  ];
  if (data.history && !data.history.has_times) {
    format.showPlaces();
    const endOf = (time, row) => time + Math.max(0, operations.latency[row]);
    ends.push(d3.max(operations.invoked, endOf));
  }
  const duration = Math.max(1, ...ends.filter(Number.isFinite));
  const faults = data.faults.map((fault) =>
    ({ ...fault, hasEnd: fault.until !== null, until: fault.until ?? duration }));
  return { ...data, operations, duration, faults };
}

export const run = readData();
/// What it is, in a sentence.
export const noun = run.history ? "history" : "run";
/// Of a history without times every "time" is the place of an event.
export const hasTimes = run.history?.has_times ?? true;
