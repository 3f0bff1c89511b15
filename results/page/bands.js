// Faults over time: bars in lanes, one lane for each kind (more where faults of a kind overlap),
// and faint bands behind the other panels. `x` is any scale from time to a position.

import { run } from "#page/data.js";
import * as format from "#page/format.js";
import { longestKindName, traitsOf } from "#page/run_events.js";

export const laneHeight = 22;

/// Longer names of events are cut.
const longestName = 26;

/// Characters of the longest name of a lane. A run in progress may still get faults of any kind.
const longestKind = run.events ? longestKindName
  : Math.min(longestName, d3.max(run.faults, (fault) => fault.kind.length) ?? 0);

/// How much room the names of the lanes need, on the left of every figure.
export const gutter = Math.max(68, Math.ceil(longestKind * 6.7) + 12);

/// The usual kinds have the first places, so that they look the same in every report.
function placeOf(kind) {
  const usual = ["kill", "pause", "partition"];
  return [...new Set([...usual, ...run.faults.map((fault) => fault.kind)])].indexOf(kind);
}

/// All kinds from the sixth on share the last colour.
export function kindClass(kind) {
  return `kind-${Math.min(placeOf(kind), 5)}`;
}

/// [{kind, faults}] such that no two faults in a lane overlap.
export function faultLanes() {
  const lanes = [];
  for (const fault of run.faults) {
    const free = lanes.find((lane) =>
      lane.kind === fault.kind && lane.faults[lane.faults.length - 1].until <= fault.from);
    if (free) free.faults.push(fault);
    else lanes.push({ kind: fault.kind, faults: [fault] });
  }
  return lanes.sort((a, b) => placeOf(a.kind) - placeOf(b.kind));
}

/// The lanes in which something happened within the scale's domain.
export function visibleLanes(x) {
  return faultLanes()
    .map((lane) => ({ ...lane, faults: lane.faults.filter(isVisible(x)) }))
    .filter((lane) => lane.faults.length);
}

function isVisible(x) {
  const [from, until] = [x.domain()[0], x.domain()[x.domain().length - 1]];
  return (fault) => fault.until >= from && fault.from <= until;
}

function extent(x, fault) {
  const [left, right] = [x.range()[0], x.range()[x.range().length - 1]];
  const start = Math.max(left, x(fault.from));
  return { start, width: Math.max(2, Math.min(right, x(fault.until)) - start) };
}

/// An ambush is named by what it did, too: "ambush kill".
function nameOf(fault) {
  const { kind } = traitsOf(fault.detail);
  return kind && kind !== fault.kind ? `${fault.kind} ${kind}` : fault.kind;
}

export function describe(fault) {
  if (run.history) return describeForeign(fault);
  const { shape } = traitsOf(fault.detail);
  const span = `${format.time(fault.from)} – ${format.time(fault.until)}`;
  return `${nameOf(fault)}${shape ? ` (${shape})` : ""} ${fault.targets.join(" ")}\n${span}`;
}

/// What the file says of it, and no more.
function describeForeign(fault) {
  const end = fault.hasEnd ? format.time(fault.until) : "the file has no end of it";
  const span = fault.hasEnd && fault.from === fault.until ? format.time(fault.from)
    : `${format.time(fault.from)} – ${end}`;
  return [`${format.visible(fault.kind)} ${fault.targets.join(" ")}`.trim(), span,
    ...(fault.said ?? []).map(format.visible)].join("\n");
}

/// Bars with the names of the nodes they hit; returns how high they stand.
export function drawFaultLanes(group, x, lanes = faultLanes()) {
  lanes.forEach((lane, row) => {
    const y = row * laneHeight;
    group.append("text").attr({ class: "lane-label", x: -8, y: y + laneHeight / 2, dy: "0.35em" })
      .text(row > 0 && lanes[row - 1].kind === lane.kind ? ""
        : format.short(lane.kind, longestName));
    const bars = group.selectAll(null).data(lane.faults.filter(isVisible(x))).enter().append("g")
      .attr("class", (fault) => `fault ${kindClass(fault.kind)}`);
    bars.append("rect").attr({
      x: (fault) => extent(x, fault).start, width: (fault) => extent(x, fault).width,
      y: y + 3, height: laneHeight - 6, rx: 3,
    });
    bars.append("text").attr({
      x: (fault) => extent(x, fault).start + 5, y: y + laneHeight / 2, dy: "0.35em",
    }).text((fault) => labelFor(fault, extent(x, fault).width));
    bars.append("title").text(describe);
  });
  return lanes.length * laneHeight;
}

function labelFor(fault, width) {
  const letters = Math.floor((width - 10) / 6.2);
  if (fault.said) return letters > 5 ? format.short(fault.said[0], letters) : "";
  const targets = fault.targets.join(" ");
  const { kind, shape } = traitsOf(fault.detail);
  const did = nameOf(fault) === fault.kind ? "" : `${kind} `;
  const candidates = [shape && `${did}${shape}: ${targets}`, did + targets, targets, shape];
  return candidates.find((text) => text && text.length * 6.2 + 10 < width) ?? "";
}

/// Behind other things, over `height`.
export function drawFaultBands(group, x, height) {
  group.selectAll(null).data(run.faults.filter(isVisible(x))).enter().append("rect").attr({
    class: (fault) => `band ${kindClass(fault.kind)}`,
    x: (fault) => extent(x, fault).start, width: (fault) => extent(x, fault).width, y: 0, height,
  });
}
