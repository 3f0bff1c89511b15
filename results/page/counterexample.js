// The few operations that cannot all have happened, in the order of events, by client; the
// impossible one is marked. Below them, on the same axis, what the cluster was going through.

import { drawFaultLanes, visibleLanes } from "#page/bands.js";
import { run } from "#page/data.js";
import { element, onWidth } from "#page/dom.js";
import { eventOrder } from "#page/event_order.js";
import * as format from "#page/format.js";
import { drawRaftLanes } from "#page/raft_lanes.js";
import { story } from "#page/story.js";

const clientLane = 46;
const gutter = 68;
const barHeight = 26;

/// Time to x, through the places of the events; linear between them.
function timeScale(operations, order, width) {
  const points = operations.flatMap((each) => [
    [each.invoked_at, order.place(each.invoked)],
    ...(each.returned === null ? [] : [[each.returned_at, order.place(each.returned)]]),
  ]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const span = Math.max(1e6, points[points.length - 1][0] - points[0][0]);
  points.unshift([points[0][0] - span * 0.05, 0]);
  points.push([points[points.length - 1][0] + span * 0.05, width]);
  return d3.scale.linear().domain(points.map(([time]) => time)).range(points.map(([, x]) => x))
    .clamp(true);
}

function drawBars(svg, counterexample, clients, order, end) {
  const { operations, culprit } = counterexample;
  const bars = svg.selectAll(null).data(operations).enter().append("g")
    .attr("class", (each, i) => `bar ${each.outcome}${i === culprit ? " culprit" : ""}`)
    .attr("transform", (each) => {
      const y = clients.indexOf(each.process) * clientLane + clientLane - barHeight - 4;
      return `translate(${order.place(each.invoked)},${y})`;
    });
  const width = (each) =>
    (each.returned === null ? end : order.place(each.returned)) - order.place(each.invoked);
  bars.append("rect").attr({ width, height: barHeight, rx: 4 });
  bars.append("text").attr({ x: 8, y: barHeight / 2, dy: "0.36em" }).text(format.called);
  bars.filter((each) => each.returned === null).append("text")
    .attr({ class: "open-end", x: (each) => width(each) - 4, y: barHeight / 2, dy: "0.36em" })
    .text("⋯");
  bars.filter((each, i) => i === culprit).append("text")
    .attr({ class: "impossible", x: 0, y: -5 }).text("✕ impossible");
  bars.append("title").text((each) => `${format.client(each.process)}: ${format.called(each)}`);
}

function drawContext(svg, x, top) {
  const faults = svg.append("g").attr("transform", `translate(0,${top})`);
  const height = drawFaultLanes(faults, x, visibleLanes(x));
  const nodes = svg.append("g").attr("transform", `translate(0,${top + height})`);
  return height + drawRaftLanes(nodes, x);
}

/// Times under the events, as many as fit without touching.
function drawTimes(svg, operations, order, y) {
  const events = operations.flatMap((each) => [
    [order.place(each.invoked), each.invoked_at],
    ...(each.returned === null ? [] : [[order.place(each.returned), each.returned_at]]),
  ]).sort((a, b) => a[0] - b[0]);
  let free = -Infinity;
  for (const [x, time] of events) {
    svg.append("line").attr({ class: "event-line", x1: x, x2: x, y1: 0, y2: y - 14 });
    if (x - 29 < free) continue;
    svg.append("text").attr({ class: "event-time", x, y }).text(format.time(time));
    free = x + 29;
  }
}

function draw(holder, counterexample) {
  const { operations } = counterexample;
  const clients = [...new Set(operations.map((each) => each.process))];
  const widths = operations.map((each) => format.called(each).length * 7.4 + 18);
  const order = eventOrder(operations, widths, holder.clientWidth - gutter - 4);
  const lanes = clients.length * clientLane;
  const contextTop = lanes + 14;

  holder.replaceChildren();
  const svg = d3.select(holder).append("svg")
    .attr({ width: gutter + order.end + 4, role: "img", "aria-label": counterexample.sentence })
    .append("g").attr("transform", `translate(${gutter},0)`);
  svg.selectAll(null).data(clients).enter().append("text")
    .attr({ class: "lane-label client", x: -8, dy: "0.35em" })
    .attr("y", (each, i) => (i + 1) * clientLane - barHeight / 2 - 4).text(format.client);
  const lines = svg.append("g");
  drawBars(svg, counterexample, clients, order, order.end);
  const x = timeScale(operations, order, order.end);
  const height = contextTop + drawContext(svg, x, contextTop) + 22;
  drawTimes(lines, operations, order, height - 4);
  d3.select(holder).select("svg").attr("height", height);
}

export function counterexamples() {
  return run.verdict.checks.filter((check) => check.counterexample).map((check, i) => {
    const { counterexample } = check;
    const holder = element("div", { class: "figure-holder", tabindex: 0 });
    onWidth(holder, () => draw(holder, counterexample));
    const key = counterexample.key ? `, key ${counterexample.key}` : "";
    return element("section", { id: i ? `counterexample-${i}` : "counterexample", class: "proof" },
      element("h2", {}, `Why it is not ${check.name}${key}`),
      counterexample.sentence === run.verdict.sentence ? null
        : element("p", { class: "sentence" }, counterexample.sentence),
      holder,
      element("p", { class: "note" }, "In the order of events, not to scale."),
      story(counterexample));
  });
}
