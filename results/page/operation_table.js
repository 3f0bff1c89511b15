// The operations the page knows, one array per field, by invocation. Times in nanoseconds, but only
// to the microsecond in what the page holds itself; a latency of -1 is an operation that never
// returned.

const letters = { o: "ok", i: "info", f: "fail", r: "refused" };

function sumsOf(differences, unit) {
  const sums = new Float64Array(differences.length);
  let sum = 0;
  differences.forEach((difference, i) => { sums[i] = (sum += difference) * unit; });
  return sums;
}

function expand({ at, values }) {
  const column = new Map();
  let row = 0;
  at.forEach((difference, i) => column.set((row += difference), values[i]));
  return column;
}

export class OperationTable {
  static fromColumns(columns) {
    const table = new OperationTable();
    Object.assign(table, columns);
    table.invoked = sumsOf(columns.invoked, 1e3);
    table.latency = Float64Array.from(columns.latency, (each) => (each < 0 ? -1 : each * 1e3));
    table.argument = expand(columns.argument);
    table.result = expand(columns.result);
    return table;
  }

  /// From objects like those `at` returns, already by invocation.
  static fromRows(rows, total) {
    const place = (names, name) => {
      if (!names.includes(name)) names.push(name);
      return names.indexOf(name);
    };
    const table = new OperationTable();
    Object.assign(table, { isExact: true, f: [], keys: [], nodes: [], total, complete: rows.length === total });
    table.function = rows.map((row) => place(table.f, row.f));
    table.key = rows.map((row) => place(table.keys, row.key));
    table.process = rows.map((row) => row.process);
    table.node = rows.map((row) => (row.node ? place(table.nodes, row.node) : -1));
    table.outcome = rows.map((row) => row.outcome[0]).join("");
    table.invoked = Float64Array.from(rows, (row) => row.invoked);
    table.latency = Float64Array.from(rows, (row) => row.latency);
    table.argument = new Map(rows.map((row, i) => [i, row.argument]));
    table.result = new Map(rows.map((row, i) => [i, row.result]));
    return table;
  }

  get size() {
    return this.invoked.length;
  }

  /// Who answered; empty if the history does not say.
  nodeAt(row) {
    return this.nodes?.[this.node[row]] ?? "";
  }

  outcomeAt(row) {
    return letters[this.outcome[row]];
  }

  at(row) {
    const argument = this.argument.get(row) ?? null;
    return {
      row,
      f: this.f[this.function[row]],
      key: this.keys[this.key[row]],
      process: this.process[row],
      node: this.nodeAt(row),
      outcome: this.outcomeAt(row),
      invoked: this.invoked[row],
      latency: this.latency[row],
      argument,
      result: this.result.has(row) ? this.result.get(row) : argument,
    };
  }

  /// A time as `invoked` has it, to the microsecond.
  roundedTime(time) {
    return this.isExact ? time : Math.floor(time / 1e3) * 1e3;
  }

  /// The first row invoked at `time` or later.
  firstFrom(time) {
    return d3.bisectLeft(this.invoked, time);
  }
}
