// The panels over one axis of time: faults, latency, throughput, nodes. They share the window and
// the cursor.

import { drawFaultLanes, faultLanes, gutter, laneHeight } from "#page/bands.js";
import { hasTimes, noun, run } from "#page/data.js";
import { element, onWidth, section } from "#page/dom.js";
import * as format from "#page/format.js";
import { listenToPointer } from "#page/gestures.js";
import { commitPanel, throughputPanel } from "#page/interval_panels.js";
import { latencyPanel } from "#page/latency_panel.js";
import { drawRaftLanes, leadersAt, nodeLaneHeight, raftKeys } from "#page/raft_lanes.js";
import { view } from "#page/view.js";
import { violations } from "#page/violations.js";

const right = 22;

const faultsPanel = {
  title: run.history ? "Nemesis, as the file names its events" : "Faults",
  height: () => faultLanes().length * laneHeight,
  draw: (svg, x) => drawFaultLanes(svg, x),
};

const raftPanel = {
  title: run.nodes_were_asked ? "Nodes, by their answers" : "Nodes",
  keys: raftKeys(),
  height: () => run.nodes.length * nodeLaneHeight,
  draw: (svg, x) => drawRaftLanes(svg, x),
};

const panels = hasTimes ? [faultsPanel, latencyPanel, throughputPanel, raftPanel, commitPanel]
  : [faultsPanel];

/// Its elements, and a function that draws it anew for a scale. A panel without height is hidden.
function mount(panel) {
  const keys = (panel.keys ?? []).map(([className, text]) =>
    element("span", { class: `key ${className}` }, text));
  const note = element("span", { class: "note" });
  const plot = element("div", { class: "plot" });
  const canvas = panel.paint ? element("canvas") : null;
  if (canvas) plot.append(canvas);
  const svg = d3.select(plot).append("svg");
  const body = svg.append("g").attr("transform", `translate(${gutter},0)`);
  const node = element("div", { class: "panel" },
    element("h3", {}, panel.title, element("span", { class: "keys" }, keys), note), plot);
  const redraw = (x, width) => {
    const height = panel.height();
    node.hidden = height === 0;
    plot.style.height = `${height}px`;
    svg.attr({ width, height });
    body.selectAll("*").remove();
    if (height > 0) panel.draw(body, x, height);
    if (canvas) note.textContent = paint(panel, canvas, x, width);
  };
  return { redraw, node };
}

function paint(panel, canvas, x, width) {
  const density = window.devicePixelRatio || 1;
  canvas.width = width * density;
  canvas.height = panel.height() * density;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${panel.height()}px`;
  const context = canvas.getContext("2d");
  context.setTransform(density, 0, 0, density, gutter * density, 0);
  return panel.paint(context, x, width - gutter);
}

function axis() {
  const plot = element("div", { class: "plot axis", style: "height:24px" });
  const body = d3.select(plot).append("svg").attr("height", 24).append("g")
    .attr("transform", `translate(${gutter},0)`);
  const redraw = (x, width) => {
    d3.select(plot).select("svg").attr("width", width);
    const ticks = x.ticks(Math.max(2, Math.floor(width / 110)))
      .filter((tick) => hasTimes || tick % 1e6 === 0);
    const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
    const decimals = Math.max(0, Math.min(6, Math.ceil(9 - Math.log10(step))));
    body.selectAll("*").remove();
    const marks = body.selectAll(null).data(ticks).enter().append("g")
      .attr("transform", (time) => `translate(${x(time)},0)`);
    marks.append("line").attr({ y1: 0, y2: 5 });
    marks.append("text").attr("y", 17).text((time) => format.time(time, decimals));
  };
  return { node: plot, redraw };
}

/// What was true at the cursor.
function describe(time) {
  const faults = run.faults.filter((fault) => fault.from <= time && time < fault.until)
    .map((fault) => `${format.short(fault.kind, 40)} ${fault.targets.join(" ")}`.trim());
  const calm = run.history ? [] : ["no fault"];
  const interval = run.statistics.intervals[Math.floor(time / run.statistics.interval)];
  const figures = interval && [
    `${format.count(interval.ok / (run.statistics.interval / 1e9))} ok/s`,
    interval.measured ? `p50 ${format.latency(interval.p50)}, p99 ${format.latency(interval.p99)}`
      : "no operation succeeded",
  ];
  const leaders = leadersAt(time);
  const leading = run.nodes.length === 0 ? [] : [leaders.length ? `leader ${leaders.join(" and ")}`
    : "no leader"];
  return [format.time(time), ...leading, ...(faults.length ? faults : calm),
    ...(figures ?? [])].join("  ·  ");
}

function windowControls() {
  const shown = element("span", { class: "shown" });
  const button = (text, title, onclick) =>
    element("button", { title, "aria-label": title, onclick }, text);
  view.on("window", "controls", () => {
    const [from, until] = view.window;
    shown.textContent = view.isWhole() ? `the whole ${noun}`
      : `${format.time(from)} – ${format.time(until)}`;
  });
  shown.textContent = `the whole ${noun}`;
  const group = { class: "controls", role: "group", "aria-label": "window of time" };
  return element("div", group, shown,
    button("−", "zoom out (-)", () => view.zoom(2)),
    button("+", "zoom in (+)", () => view.zoom(0.5)),
    button("‹", "earlier (Shift ←)", () => view.pan(-0.5)),
    button("›", "later (Shift →)", () => view.pan(0.5)),
    button("all", `the whole ${noun} (0)`, () => view.setWindow(0, run.duration)));
}

function leftOut() {
  const count = run.history?.nemesis_events_left_out ?? 0;
  return count === 0 ? null : element("p", { class: "note" },
    `${format.count(count)} events of the nemesis are not drawn: there are too many.`);
}

/// A line across all panels for each of {time, name}; `place` moves them to where the scale says.
function linesAcross(className, marks, x) {
  const lines = marks.map(({ name }) =>
    element("div", { class: className }, name ? element("span", {}, `✕ ${format.short(name, 40)}`) : ""));
  const place = () => lines.forEach((line, i) => {
    const { time } = marks[i];
    const isInside = time !== null && time >= view.window[0] && time <= view.window[1];
    line.style.display = isInside ? "block" : "none";
    line.style.left = `${gutter + x(time ?? 0)}px`;
    line.classList.toggle("leftwards", x(time ?? 0) > x.range()[1] / 2);
  });
  return { nodes: lines, place };
}

/// Nothing if the history has neither times nor events of a nemesis.
export function timeline() {
  if (panels.every((panel) => panel.height() === 0)) return null;
  const x = d3.scale.linear();
  const parts = [...panels.map(mount), axis()];
  const cursor = element("div", { class: "cursor" });
  const pinned = { time: null };
  const lines = [linesAcross("violation", violations, x), linesAcross("pinned", [pinned], x)];
  const stack = element("div", { class: "stack" }, parts.map((part) => part.node),
    lines.flatMap((each) => each.nodes), cursor);
  const readout = element("p", { class: "readout", "aria-live": "off" },
    "Point at a chart to read its values. Drag to zoom. Click to list the operations at that time.");
  const drawCursor = () => {
    if (view.cursor === null) return;
    const inside = view.cursor >= view.window[0] && view.cursor <= view.window[1];
    cursor.style.display = inside ? "block" : "none";
    cursor.style.left = `${gutter + x(view.cursor)}px`;
    readout.textContent = describe(view.cursor);
  };
  const redraw = () => {
    const width = stack.clientWidth;
    x.domain(view.window).range([0, Math.max(50, width - gutter - right)]);
    for (const part of parts) part.redraw(x, width);
    for (const each of lines) each.place();
    drawCursor();
  };
  onWidth(stack, redraw);
  view.on("window", "timeline", redraw);
  view.on("operations", "timeline", redraw);
  view.on("cursor", "timeline", drawCursor);
  view.on("reveal", "timeline", () => {
    pinned.time = view.revealed.time;
    lines.forEach((each) => each.place());
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  listenToPointer(stack, x, gutter);
  return section("timeline", "Over time", windowControls(), readout, leftOut(), stack);
}
