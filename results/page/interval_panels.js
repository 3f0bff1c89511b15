// What is counted over time: throughput by outcome, the pauses in which no operation succeeded,
// and the commit index of each node.

import { drawFaultBands } from "#page/bands.js";
import { run } from "#page/data.js";
import * as format from "#page/format.js";

const throughputHeight = 96;
const commitHeight = 72;

function drawGrid(svg, y, width, ticks) {
  const marks = svg.selectAll(null).data(ticks).enter().append("g").attr("class", "grid")
    .attr("transform", (tick) => `translate(0,${y(tick)})`);
  marks.append("line").attr({ x1: 0, x2: width });
  marks.append("text").attr({ x: -8, dy: "0.35em" }).text((tick) => format.count(tick));
}

function visibleIntervals(x) {
  const { interval, intervals } = run.statistics;
  const [from, until] = x.domain();
  return intervals
    .map((each, i) => ({ ...each, from: i * interval, until: (i + 1) * interval }))
    .filter((each) => each.until >= from && each.from <= until);
}

function drawStack(svg, x, y) {
  const seconds = run.statistics.interval / 1e9;
  const [left, right] = x.range();
  for (const each of visibleIntervals(x)) {
    const start = Math.max(left, x(each.from));
    const full = Math.min(right, x(each.until)) - start;
    const width = Math.max(0.5, full > 4 ? full - 0.5 : full);
    let below = 0;
    for (const outcome of format.outcomes) {
      if (!each[outcome]) continue;
      const above = below + each[outcome] / seconds;
      svg.append("rect").attr({
        class: `part ${outcome}`, x: start, width, y: y(above), height: y(below) - y(above),
      });
      below = above;
    }
  }
}

function drawUnavailability(svg, x, height) {
  const [left, right] = x.range();
  for (const span of run.statistics.unavailable) {
    if (x(span.until) <= left || x(span.from) >= right) continue;
    const start = Math.max(left, x(span.from));
    const width = Math.min(right, x(span.until)) - start;
    const length = format.latency(span.until - span.from);
    const group = svg.append("g").attr("class", "unavailable");
    group.append("rect").attr({ x: start, width, y: 0, height });
    group.append("title").text(`no operation succeeded for ${length}`);
    if (width > 64) {
      group.append("text").attr({ x: start + width / 2, y: 12 })
        .text(`none ok ${length}`);
    }
  }
}

export const throughputPanel = {
  title: "Throughput, operations per second",
  keys: format.outcomes.map((outcome) => [outcome, outcome]),
  height: () => throughputHeight,
  draw(svg, x, height) {
    const seconds = run.statistics.interval / 1e9;
    const most = d3.max(run.statistics.intervals, 
      (each) => d3.sum(format.outcomes, (outcome) => each[outcome])) ?? 0;
    const y = d3.scale.linear().domain([0, Math.max(1, most / seconds)]).nice(3)
      .range([height - 6, 8]);
    drawFaultBands(svg, x, height);
    drawGrid(svg, y, x.range()[1], y.ticks(3));
    drawStack(svg, x, y);
    drawUnavailability(svg, x, height);
  },
};

function drawCommits(svg, x, y) {
  const line = d3.svg.line().interpolate("step-after")
    .x(([time]) => x(time)).y(([, index]) => y(index));
  for (const node of run.nodes.filter((each) => each.commits.length)) {
    svg.append("path").attr({ class: "commits", d: line(node.commits) })
      .append("title").text(`${node.node}'s commit index`);
  }
}

export const commitPanel = {
  title: "Commit index of each node",
  height: () => (run.nodes.some((node) => node.commits.length) ? commitHeight : 0),
  draw(svg, x, height) {
    const most = d3.max(run.nodes, (node) => d3.max(node.commits, ([, index]) => index));
    const y = d3.scale.linear().domain([0, most]).range([height - 6, 8]);
    svg.append("clipPath").attr("id", "commit-clip")
      .append("rect").attr({ width: x.range()[1], height });
    drawFaultBands(svg, x, height);
    drawGrid(svg, y, x.range()[1], y.ticks(3));
    drawCommits(svg.append("g").attr("clip-path", "url(#commit-clip)"), x, y);
  },
};
