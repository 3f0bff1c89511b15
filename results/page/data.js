// The run this page shows, as results/report/report_data.h describes it, with the columns of operations
// unpacked.

import { OperationTable } from "#page/operation_table.js";

function readData() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const operations = OperationTable.fromColumns(data.operations);
  const ends = [
    data.statistics.duration,
    ...data.faults.map((fault) => fault.until ?? fault.from),
    ...data.nodes.flatMap((node) => node.roles.map(([, until]) => until)),
  ];
  const duration = Math.max(1, ...ends);
  const faults = data.faults.map((fault) => ({ ...fault, until: fault.until ?? duration }));
  return { ...data, operations, duration, faults };
}

export const run = readData();
