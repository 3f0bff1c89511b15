// Latency over time on a logarithmic scale: every operation as a point (dot ok, square
// refused, cross fail, triangle at the top: info) while they are few enough, and the quantiles of each
// interval as lines.

import { drawFaultBands } from "#page/bands.js";
import { run } from "#page/data.js";
import * as format from "#page/format.js";
import { view } from "#page/view.js";

const height = 200;
const top = 14;
const mostPoints = 40000;

function latencyScale() {
  const measured = run.statistics.intervals.filter((each) => each.measured);
  const smallest = Math.max(1e3, d3.min(measured, (each) => each.p50) / 4 || 1e5);
  const largest = Math.max(smallest * 10, d3.max(measured, (each) => each.max) * 1.2 || 1e9);
  return d3.scale.log().domain([smallest, largest]).range([height - 4, top + 10]).clamp(true);
}

function intervalTime(i) {
  return (i + 0.5) * run.statistics.interval;
}

function drawGrid(svg, y, width) {
  const [smallest, largest] = y.domain();
  const ticks = d3.range(3, 12).map((power) => 10 ** power)
    .filter((tick) => tick >= smallest && tick <= largest);
  const marks = svg.selectAll(null).data(ticks).enter().append("g").attr("class", "grid")
    .attr("transform", (tick) => `translate(0,${y(tick)})`);
  marks.append("line").attr({ x1: 0, x2: width });
  marks.append("text").attr({ x: -8, dy: "0.35em" }).text(format.latency);
}

function drawQuantiles(svg, x, y) {
  const { intervals } = run.statistics;
  const rows = intervals.map((each, i) => ({ ...each, time: intervalTime(i) }));
  for (const quantile of ["p99", "p95", "p50"]) {
    const line = d3.svg.line().defined((each) => each.measured > 0)
      .x((each) => x(each.time)).y((each) => y(each[quantile]));
    svg.append("path").attr({ class: `quantile ${quantile}`, d: line(rows) });
  }
}

const painters = {
  ok(context, x, at) { context.fillRect(x - 1, at - 1, 2.4, 2.4); },
  fail(context, x, at, size) {
    context.beginPath();
    context.moveTo(x - size, at - size);
    context.lineTo(x + size, at + size);
    context.moveTo(x + size, at - size);
    context.lineTo(x - size, at + size);
    context.stroke();
  },
  refused(context, x, at) { context.strokeRect(x - 1.5, at - 1.5, 3, 3); },
  info(context, x) {
    context.beginPath();
    context.moveTo(x - 4, 2);
    context.lineTo(x + 4, 2);
    context.lineTo(x, 10);
    context.fill();
  },
};

/// Draws the points of one outcome; ok only if all fit in `budget`.
function paintOutcome(context, x, y, outcome, rows) {
  const style = getComputedStyle(document.documentElement);
  const colour = style.getPropertyValue(`--${outcome}-strong`);
  context.fillStyle = context.strokeStyle = colour;
  context.lineWidth = 1.4;
  context.globalAlpha = outcome === "ok" || outcome === "refused" ? Math.min(0.9, Math.max(0.25, 4000 / rows.length)) : 0.9;
  const { invoked, latency } = view.operations;
  const size = rows.length > 300 ? 2 : 3;
  for (const row of rows) {
    painters[outcome](context, x(invoked[row]), y(Math.max(latency[row], 1)), size);
  }
}

export const latencyPanel = {
  title: "Latency",
  keys: [["ok", "ok"], ["refused", "refused"], ["fail", "fail"], ["info", "info"], ["p50", "p50"], ["p95", "p95"],
    ["p99", "p99"]],
  height: () => height,

  draw(svg, x) {
    const width = x.range()[1];
    const clip = svg.append("clipPath").attr("id", "latency-clip");
    clip.append("rect").attr({ width, height });
    drawFaultBands(svg, x, height);
    const y = latencyScale();
    drawGrid(svg, y, width);
    drawQuantiles(svg.append("g").attr("clip-path", "url(#latency-clip)"), x, y);
  },

  /// Returns a remark on the points, or nothing.
  paint(context, x, width) {
    context.clearRect(-100, 0, width + 200, height);
    const { operations, window: [from, until] } = view;
    const y = latencyScale();
    const byOutcome = { ok: [], refused: [], fail: [], info: [] };
    const end = operations.firstFrom(until);
    for (let row = operations.firstFrom(from); row < end; ++row) {
      byOutcome[operations.outcomeAt(row)].push(row);
    }
    const tooMany = byOutcome.ok.length + byOutcome.refused.length > mostPoints;
    for (const outcome of tooMany ? ["fail", "info"] : ["ok", "refused", "fail", "info"]) {
      paintOutcome(context, x, y, outcome, byOutcome[outcome]);
    }
    if (tooMany) return "Too many answers to draw: zoom in to see each";
    if (operations.complete) return "";
    const { size, total } = operations;
    return `points: ${format.count(size)} of ${format.count(total)} operations`;
  },
};
