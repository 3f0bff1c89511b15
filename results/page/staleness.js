// How old the answers of stale reads were: since when, and by how many writes, their values had
// been overwritten.

import { element } from "#page/dom.js";
import * as format from "#page/format.js";

const writes = (number) => (number === 1 ? "1 write" : `${format.count(number)} writes`);

/// A line on all stale reads of a check, or nothing. Without times only the writes are known.
export function staleReads(staleness) {
  if (!staleness) return null;
  const { reads, median, max } = staleness;
  const ages = max.age > 0
    ? `, ${format.latency(median.age)} ago (median), ${format.latency(max.age)} (longest)` : "";
  return element("p", { class: "note stale" },
    `Stale reads: ${format.count(reads)}. Their values had been overwritten by ` +
    `${writes(median.writes)} (median), ${writes(max.writes)} (most)${ages}.`);
}
