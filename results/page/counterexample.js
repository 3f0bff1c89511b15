// The few operations that cannot all have happened, in the order of events, by client; the
// impossible one is marked. Below them, on the same axis, what the cluster was going through.
// An operation with an open end may take effect at any time after it began: it crashed, or the
// proof holds whenever it took effect.

import { drawFaultLanes, gutter, visibleLanes } from "#page/bands.js";
import { run } from "#page/data.js";
import { element, onWidth } from "#page/dom.js";
import { eventOrder, laneOfEach } from "#page/event_order.js";
import * as format from "#page/format.js";
import { drawRaftLanes } from "#page/raft_lanes.js";
import { drawMessages, messagesNote } from "#page/messages.js";
import { story } from "#page/story.js";

const laneHeight = 46;
const barHeight = 26;

/// [[x, time]] of all invocations and completions, from left to right.
function eventsOf(operations, order) {
  return operations.flatMap((each) => [
    [order.place(each.invoked), each.invoked_at],
    ...(each.returned === null ? [] : [[order.place(each.returned), each.returned_at]]),
  ]).sort((a, b) => a[0] - b[0]);
}

/// Time to x, through the places of the events; linear between them.
function timeScale(operations, order) {
  const events = eventsOf(operations, order);
  const times = events.map(([, time]) => time);
  const margin = Math.max(1e6, times[times.length - 1] - times[0]) * 0.05;
  return d3.scale.linear().clamp(true)
    .domain([times[0] - margin, ...times, times[times.length - 1] + margin])
    .range([0, ...events.map(([x]) => x), order.end]);
}

function drawBars(svg, { operations, culprit }, lanes, order) {
  const width = (each) =>
    (each.returned === null ? order.end : order.place(each.returned)) - order.place(each.invoked);
  const bars = svg.selectAll(null).data(operations).enter().append("g").attr({
    class: (each, i) => ["bar", each.outcome, each.returned === null && "open",
      i === culprit && "culprit"].filter(Boolean).join(" "),
    transform: (each, i) => {
      const y = (lanes[i] + 1) * laneHeight - barHeight - 4;
      return `translate(${order.place(each.invoked)},${y})`;
    },
  });
  bars.append("rect").attr({ width, height: barHeight, rx: 4 });
  bars.append("text").attr({ x: 8, y: barHeight / 2, dy: "0.36em" }).text(format.called);
  bars.filter((each) => each.returned === null).append("text")
    .attr({ class: "open-end", x: (each) => width(each) - 4, y: barHeight / 2, dy: "0.36em" })
    .text((each) => (each.weakened ? "answered ⋯" : "⋯"));
  bars.filter((each, i) => i === culprit).append("text")
    .attr({ class: "impossible", x: 0, y: -5 }).text("✕ impossible");
  bars.append("title").text((each) => [format.client(each.process),
    each.node && `answered by ${each.node}`, format.called(each)].filter(Boolean).join(", "));
}

/// Each client's name at the first of its lanes.
function drawClients(svg, operations, lanes) {
  const first = new Map();
  operations.forEach((each, i) => {
    if (!first.has(each.process)) first.set(each.process, lanes[i]);
  });
  svg.selectAll(null).data([...first]).enter().append("text")
    .attr({ class: "lane-label client", x: -8, dy: "0.35em" })
    .attr("y", ([, lane]) => (lane + 1) * laneHeight - barHeight / 2 - 4)
    .text(([process]) => format.client(process));
}

function drawContext(svg, x, top) {
  const faults = svg.append("g").attr("transform", `translate(0,${top})`);
  const height = drawFaultLanes(faults, x, visibleLanes(x));
  const nodes = svg.append("g").attr("transform", `translate(0,${top + height})`);
  const lanes = drawRaftLanes(nodes, x);
  drawMessages(nodes, x);
  return height + lanes;
}

/// Times under the events, as many as fit without touching.
function drawTimes(svg, operations, order, y) {
  const halfWidth = 29;
  let free = -Infinity;
  for (const [x, time] of eventsOf(operations, order)) {
    svg.append("line").attr({ class: "event-line", x1: x, x2: x, y1: 0, y2: y - 14 });
    if (x - halfWidth < free) continue;
    svg.append("text").attr({ class: "event-time", x, y }).text(format.time(time));
    free = x + halfWidth;
  }
}

/// `culprit` is absent if the operations are impossible only together.
export function drawOperations(holder, counterexample) {
  const { operations, culprit } = counterexample;
  const isNarrow = holder.clientWidth < 500;
  const letter = isNarrow ? 6.6 : 7.4;
  const ending = (each) => (each.weakened ? " answered ⋯".length : 0);
  const widths = operations.map((each) =>
    (format.called(each).length + ending(each)) * letter + 16);
  const available = holder.clientWidth - gutter - 4;
  const order = eventOrder(operations, widths, available, isNarrow ? 10 : 16);
  const lanes = laneOfEach(operations);
  const contextTop = (d3.max(lanes) + 1) * laneHeight + 14;

  const drawing = d3.select(holder).html("").append("svg").classed("narrow", isNarrow)
    .attr({ width: gutter + order.end + 4, role: "img", "aria-label": counterexample.sentence });
  const body = drawing.append("g").attr("transform", `translate(${gutter},0)`);
  const lines = body.append("g");
  drawClients(body, operations, lanes);
  drawBars(body, counterexample, lanes, order);
  const height = contextTop + drawContext(body, timeScale(operations, order), contextTop) + 22;
  drawTimes(lines, operations, order, height - 4);
  drawing.attr("height", height);
  if (culprit === undefined) return;
  const end = operations[culprit].returned ?? operations[culprit].invoked;
  holder.scrollLeft = Math.max(0, gutter + order.place(end) + 8 - holder.clientWidth);
}

export function counterexamples() {
  return run.verdict.checks.filter((check) => check.counterexample).map((check, i) => {
    const { counterexample } = check;
    const holder = element("div", { class: "figure-holder", tabindex: 0 });
    onWidth(holder, () => drawOperations(holder, counterexample));
    const key = counterexample.key ? `, key ${format.short(counterexample.key, 80)}` : "";
    return element("section", { id: i ? `counterexample-${i}` : "counterexample", class: "proof" },
      element("h2", {}, `Why it is not ${check.name}${key}`),
      run.verdict.sentence.includes(counterexample.sentence) ? null
        : element("p", { class: "sentence" }, format.visible(counterexample.sentence)),
      holder,
      element("p", { class: "note" }, "In the order of events, not to scale. ",
        run.nodes.length ? messagesNote : null),
      story(counterexample));
  });
}
