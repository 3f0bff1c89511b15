// A place for each event of a few operations, in the order of events and not to scale: what
// matters in a counterexample is what came before what. Every bar gets at least the width of its
// label.

const tailGaps = 2;

/// `operations` have `invoked` and `returned` (null: never) as positions; `widths` are those of
/// their labels. Returns {place: position -> x, end}.
export function eventOrder(operations, widths, available, smallestGap) {
  const positions = operations
    .flatMap(({ invoked, returned }) => (returned === null ? [invoked] : [invoked, returned]))
    .sort((a, b) => a - b);
  const order = new Map(positions.map((position, i) => [position, i]));
  const gaps = positions.map(() => smallestGap);
  gaps[gaps.length - 1] = tailGaps * smallestGap;

  const byEnd = operations
    .map(({ invoked, returned }, i) => ({
      first: order.get(invoked), last: returned === null ? gaps.length : order.get(returned),
      width: widths[i],
    }))
    .sort((a, b) => a.last - b.last);
  for (const { first, last, width } of byEnd) {
    const missing = width - d3.sum(gaps.slice(first, last));
    if (missing <= 0) continue;
    for (let gap = first; gap < last; ++gap) gaps[gap] += missing / (last - first);
  }

  const stretch = Math.max(1, (available - smallestGap) / d3.sum(gaps));
  const places = new Map();
  let x = smallestGap;
  positions.forEach((position, i) => {
    places.set(position, x);
    x += gaps[i] * stretch;
  });
  return { place: (position) => places.get(position), end: x };
}

/// The lane of each operation: a client's operations share one, but for those that overlap because
/// an end was left open.
export function laneOfEach(operations) {
  const lanes = [];
  const clients = [...new Set(operations.map((each) => each.process))];
  for (const process of clients) {
    for (const operation of operations.filter((each) => each.process === process)) {
      const free = lanes.find((lane) => lane.process === process && lane.end < operation.invoked);
      const lane = free ?? lanes[lanes.push({ process, operations: [] }) - 1];
      lane.end = operation.returned ?? Infinity;
      lane.operations.push(operation);
    }
  }
  return operations.map((each) => lanes.findIndex((lane) => lane.operations.includes(each)));
}
