// One lane for each node: its role over time (leader with term, candidate, follower, down) and
// what happened to it. Any scale from time to x will do.

import { run } from "#page/data.js";
import * as format from "#page/format.js";

export const nodeLaneHeight = 24;

/// What is drawn as a mark; other events are in the log pane only.
const glyphs = {
  started: { shape: "triangle-up", sign: "▵", says: "started" },
  became_candidate: { shape: "circle", sign: "○", says: "became candidate" },
  truncated: { shape: "diamond", sign: "◇", says: "truncated its log" },
  snapshot_taken: { shape: "square", sign: "□", says: "snapshot taken" },
  snapshot_installed: { shape: "square", sign: "□", says: "snapshot installed" },
  mutant_reached: { shape: "cross", sign: "✚", says: "mistake of the mutant" },
};

/// The roles, and the marks that occur in this run.
export const raftKeys = () => [
  ...["leader", "candidate", "follower", "down"].map((role) => [role, role]),
  ...Object.entries(glyphs)
    .filter(([kind]) => run.nodes.some((node) => node.marks.some((mark) => mark[1] === kind)))
    .map(([, { sign, says }]) => ["mark", `${sign} ${says}`]),
];
const mostGlyphs = 400;

function within(x) {
  const domain = x.domain();
  return [domain[0], domain[domain.length - 1]];
}

function rolesIn(node, x) {
  const [first, last] = within(x);
  return node.roles
    .filter(([from, until]) => until >= first && from <= last)
    .map(([from, until, role, term]) => {
      const start = x(Math.max(from, first));
      const width = Math.max(1, x(Math.min(until, last)) - start);
      return { from, until, role, term, start, width };
    });
}

function drawRoles(lane, node, x) {
  const spans = lane.selectAll(null).data(rolesIn(node, x)).enter().append("g")
    .attr("class", (span) => `role ${span.role} ${span.term % 2 ? "odd" : "even"}`);
  const thickness = { leader: 16, candidate: 10, follower: 3, down: 3 };
  spans.append("rect").attr({
    x: (span) => span.start, width: (span) => span.width,
    y: (span) => (nodeLaneHeight - thickness[span.role]) / 2,
    height: (span) => thickness[span.role], rx: (span) => (span.role === "leader" ? 3 : 0),
  });
  spans.filter((span) => span.role === "leader" && span.width > 30).append("text")
    .attr({ x: (span) => span.start + 6, y: nodeLaneHeight / 2, dy: "0.35em" })
    .text((span) => (span.width > 66 ? `term ${span.term}` : `t${span.term}`));
  spans.filter((span) => span.role === "down" && span.width > 40).append("text")
    .attr({ x: (span) => span.start + 6, y: nodeLaneHeight / 2 - 4 }).text("down");
  spans.append("title").text(({ role, term, from, until }) =>
    `${node.node} ${role}, term ${term}\n${format.time(from)} – ${format.time(until)}`);
}

function drawMarks(lane, node, x) {
  const [first, last] = within(x);
  const marks = node.marks
    .filter(([time, kind]) => kind in glyphs && time >= first && time <= last)
    .slice(0, mostGlyphs);
  lane.selectAll(null).data(marks).enter().append("path")
    .attr({
      class: ([, kind]) => `mark ${kind}`,
      transform: ([time]) => `translate(${x(time)},${nodeLaneHeight / 2})`,
      d: d3.svg.symbol().size(38).type(([, kind]) => glyphs[kind].shape),
    })
    .append("title").text(([time, kind, term, text]) =>
      `${format.time(time)} ${node.node} ${text || glyphs[kind].says}, term ${term}`);
}

/// Returns how high they stand.
export function drawRaftLanes(group, x) {
  run.nodes.forEach((node, row) => {
    const lane = group.append("g").attr("transform", `translate(0,${row * nodeLaneHeight})`);
    lane.append("text").attr({ class: "lane-label", x: -8, y: nodeLaneHeight / 2, dy: "0.35em" })
      .text(node.node);
    drawRoles(lane, node, x);
    drawMarks(lane, node, x);
  });
  return run.nodes.length * nodeLaneHeight;
}

/// ["n2 of term 5"], the nodes that believe to lead at that moment.
export function leadersAt(time) {
  return run.nodes.flatMap((node) => node.roles
    .filter(([from, until, role]) => role === "leader" && from <= time && time < until)
    .map(([, , , term]) => `${node.node} of term ${term}`));
}
