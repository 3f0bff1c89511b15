// A broken property of the replicas: the node events that prove it, and the state of the
// cluster at that time.

import { drawFaultLanes, gutter, visibleLanes } from "#page/bands.js";
import { run } from "#page/data.js";
import { element, onWidth } from "#page/dom.js";
import * as format from "#page/format.js";
import { drawMessages, messagesNote } from "#page/messages.js";
import { moment } from "#page/moment.js";
import { drawRaftLanes, nodeLaneHeight } from "#page/raft_lanes.js";

const numbered = 9;

function windowAround(evidence) {
  const [first, last] = d3.extent(evidence, (each) => each.time);
  const margin = Math.max((last - first) * 0.15, 3e8);
  return [Math.max(0, first - margin), Math.min(run.duration, last + margin)];
}

function drawNumbers(svg, evidence, x) {
  const nodes = run.nodes.map((node) => node.node);
  const shown = evidence.filter((each) => nodes.includes(each.node));
  const y = (each) => (nodes.indexOf(each.node) + 0.5) * nodeLaneHeight;
  const pins = svg.selectAll(null).data(shown).enter().append("g").attr("class", "pin")
    .attr("transform", (each) => `translate(${x(each.time)},${y(each)})`);
  pins.append("circle").attr("r", 9);
  pins.append("text").attr("dy", "0.36em").text((each) => evidence.indexOf(each) + 1);
  pins.append("title").text((each) => each.what);
}

function draw(holder, evidence, width) {
  const x = d3.scale.linear().clamp(true)
    .domain(windowAround(evidence)).range([0, width - gutter - 10]);
  const [from, until] = x.domain();
  holder.replaceChildren();
  const svg = d3.select(holder).append("svg").attr({ width, role: "img" });
  const body = svg.append("g").attr("transform", `translate(${gutter},4)`);
  const faults = drawFaultLanes(body.append("g"), x, visibleLanes(x));
  const nodes = body.append("g").attr("transform", `translate(0,${faults})`);
  const height = faults + drawRaftLanes(nodes, x);
  drawMessages(nodes, x);
  drawNumbers(nodes, evidence, x);
  for (const [place, time, anchor] of [[0, from, "start"], [x.range()[1], until, "end"]]) {
    body.append("text").attr({ class: "event-time", x: place, y: height + 16 })
      .style("text-anchor", anchor).text(format.time(time));
  }
  svg.attr("height", height + 26);
}

/// A section for each broken property that has no counterexample of operations.
export function brokenProperties() {
  return run.verdict.checks
    .filter((check) => check.validity === "invalid" && !check.counterexample)
    .filter((check) => check.evidence.length)
    .map((check) => {
      const evidence = check.evidence.slice(0, numbered);
      const holder = element("div", { class: "figure-holder", tabindex: 0 });
      if (run.nodes.length) onWidth(holder, (width) => draw(holder, evidence, width));
      return element("section", { class: "proof" },
        element("h2", {}, `Broken: ${check.name}`),
        run.verdict.sentence.includes(check.message) ? null
          : element("p", { class: "sentence" }, check.message),
        holder,
        run.nodes.length ? element("p", { class: "note" }, messagesNote) : null,
        element("ol", { class: "story" }, evidence.map((each, i) => element("li", {},
          element("span", { class: "number-pin", "aria-hidden": "true" }, String(i + 1)),
          moment(each.time), element("span", { class: "who" }, each.node), element("span", {}, each.what)))));
    });
}
