// A cycle of transactions: a box for each with its micro-operations, an arrow for each edge with its
// kind, and the reasons below as text. On wide screens the boxes stand around a ring of two rows, or
// two side by side; on narrow ones in a column, with the last edge back along its side.

import { element, onWidth } from "#page/dom.js";
import * as format from "#page/format.js";

const letter = 7.3;
const line = 17;
const padding = 10;
const pillHeight = 20;
const rowGap = 64;
const mostLines = 6;
const widestBox = 330;
const narrowestBox = 150;

const cut = (text, most) => (text.length > most ? `${text.slice(0, Math.max(1, most - 1))}…` : text);

function linesOf(transaction) {
  const shown = transaction.steps.slice(0, mostLines).map(format.visible);
  const left = transaction.steps_left_out + transaction.steps.length - shown.length;
  return [...shown, ...(left > 0 ? [`… ${left} more`] : [])];
}

function titleOf({ name, process, outcome }) {
  const ending = { info: ", no answer", fail: ", aborted" }[outcome] || "";
  return `${name}  ${format.client(process)}`.trim() + ending;
}

function boxOf(transaction) {
  const title = titleOf(transaction);
  const lines = linesOf(transaction);
  const longest = Math.max(title.length, ...lines.map((each) => each.length));
  return {
    transaction, title, lines,
    width: Math.min(widestBox, Math.ceil(longest * letter) + 2 * padding),
    height: (lines.length + 1) * line + 2 * padding - 4,
  };
}

export function edgeName({ kind, key }) {
  return key ? `${kind} ${format.short(key, 14)}` : kind;
}

const pillWidth = (text) => Math.ceil(text.length * letter) + 14;

/// Side by side, or in two rows that run round; null if there is no room.
function ring(boxes, pills, available) {
  const columns = Math.ceil(boxes.length / 2);
  const isPair = boxes.length === 2;
  const height = Math.max(...boxes.map((box) => box.height), isPair ? 76 : 0);
  const gap = Math.max(...pills) + 32;
  const perRow = isPair ? 2 : columns;
  const room = Math.floor((available - (perRow - 1) * gap) / perRow);
  if (room < narrowestBox) return null;
  const width = Math.min(room, Math.max(...boxes.map((box) => box.width)));
  const whole = perRow * width + (perRow - 1) * gap;
  const x = (column) => column * (width + gap);
  const below = boxes.length - columns;
  boxes.forEach((box, i) => {
    const isTop = isPair || i < columns;
    const fromRight = i - columns;
    const spread = below > 1 ? (columns - 1) / (below - 1) : 0;
    box.x = isTop ? x(i) : below > 1 ? x(columns - 1 - fromRight * spread) : (whole - width) / 2;
    box.y = isTop ? 0 : height + rowGap;
    Object.assign(box, { width, height });
  });
  return { width: whole, height: isPair ? height : 2 * height + rowGap };
}

/// One below the other; the last edge leads back beside them.
function column(boxes, pills, available) {
  const side = 26;
  const arrow = Math.max(...pills) / 2 + 6;
  const width = Math.min(available - side, widestBox);
  let y = 0;
  for (const box of boxes) {
    Object.assign(box, { x: 0, y, width });
    y += box.height + 46;
  }
  return { width: width + side, height: y - 46 + 38, side, arrow };
}

const centre = ({ x, y, width, height }) => [x + width / 2, y + height / 2];

/// Where the straight line from the centre of `box` to that of `other` leaves the box.
function border(box, other) {
  const [x, y] = centre(box);
  const [dx, dy] = centre(other).map((to, i) => to - [x, y][i]);
  const scale = Math.min(
    dx === 0 ? Infinity : box.width / 2 / Math.abs(dx),
    dy === 0 ? Infinity : box.height / 2 / Math.abs(dy));
  return [x + dx * scale, y + dy * scale];
}

/// The points of an edge's line, and where its label stands.
function lineOf(i, from, to, boxes, size) {
  const isLast = i === boxes.length - 1;
  if (size.side !== undefined) {
    const x = from.x + size.arrow;
    if (!isLast) {
      const ends = [[x, from.y + from.height], [x, to.y]];
      return { points: ends, label: [x, (ends[0][1] + ends[1][1]) / 2] };
    }
    const right = from.x + from.width + size.side - 8;
    const bottom = from.y + from.height + 22;
    const into = to.y + Math.min(to.height / 2, 24);
    return {
      points: [[x, from.y + from.height], [x, bottom], [right, bottom], [right, into],
        [to.x + to.width, into]],
      label: [x + size.arrow + 14, bottom],
    };
  }
  if (boxes.length === 2) {
    const y = from.height * (i === 0 ? 0.28 : 0.72);
    const ends = i === 0 ? [[from.x + from.width, y], [to.x, y]] : [[from.x, y], [to.x + to.width, y]];
    return { points: ends, label: [(ends[0][0] + ends[1][0]) / 2, y] };
  }
  const ends = [border(from, to), border(to, from)];
  return { points: ends, label: [0, 1].map((axis) => (ends[0][axis] + ends[1][axis]) / 2) };
}

function drawBoxes(svg, boxes) {
  for (const box of boxes) {
    const letters = Math.floor((box.width - 2 * padding) / letter);
    const group = svg.append("g").attr("class", `transaction ${box.transaction.outcome}`)
      .attr("transform", `translate(${box.x},${box.y})`);
    group.append("rect").attr({ width: box.width, height: box.height, rx: 6 });
    group.append("text").attr({ class: "name", x: padding, y: padding + 11 })
      .text(cut(box.title, letters));
    box.lines.forEach((text, i) => {
      group.append("text").attr({ class: "step", x: padding, y: padding + 11 + (i + 1) * line })
        .text(cut(text, letters));
    });
    group.append("title").text([box.title, ...box.transaction.steps.map(format.visible)].join("\n"));
  }
}

function drawEdge(svg, edge, label, { points, label: [x, y] }) {
  const group = svg.append("g").attr("class", `dependency ${edge.kind}`);
  group.append("path").attr("d", `M${points.map((point) => point.join(",")).join("L")}`);
  const [[x1, y1], [x2, y2]] = points.slice(-2);
  const angle = Math.atan2(y2 - y1, x2 - x1) * 180 / Math.PI;
  group.append("path").attr({ class: "tip", d: "M0,0L-9,-4.5L-9,4.5Z",
    transform: `translate(${x2},${y2}) rotate(${angle})` });
  const width = pillWidth(label);
  group.append("rect").attr({ x: x - width / 2, y: y - pillHeight / 2, width, height: pillHeight,
    rx: pillHeight / 2 });
  group.append("text").attr({ x, y, dy: "0.36em" }).text(label);
  group.append("title").text(format.visible(edge.reason));
}

function draw(holder, { transactions, cycle, sentence }) {
  // Edge i begins at transaction i.
  const boxes = cycle.map((edge) => boxOf(transactions[edge.from]));
  const labels = cycle.map((edge, i) => `${i + 1} ${edgeName(edge)}`);
  const available = holder.clientWidth - 4;
  const pills = labels.map(pillWidth);
  const size = ring(boxes, pills, available) ?? column(boxes, pills, available);
  const margin = 2;
  const svg = d3.select(holder).html("").append("svg").attr({
    width: size.width + 2 * margin, height: size.height + 2 * margin, role: "img",
    "aria-label": format.visible(sentence),
  }).append("g").attr("transform", `translate(${margin},${margin})`);
  drawBoxes(svg, boxes);
  cycle.forEach((edge, i) => {
    const to = boxes[(i + 1) % boxes.length];
    drawEdge(svg, edge, labels[i], lineOf(i, boxes[i], to, boxes, size));
  });
}

function reasons({ transactions, cycle }) {
  return element("ol", { class: "reasons" }, cycle.map((edge, i) =>
    element("li", {},
      element("span", { class: `kind ${edge.kind}` }, `${i + 1} ${edgeName(edge)}`),
      element("span", { class: "who" },
        `${transactions[edge.from].name} → ${transactions[edge.to].name}`),
      element("span", { class: "why" }, format.visible(edge.reason)))));
}

/// The figure and the reasons of an anomaly's cycle.
export function cycleFigure(anomaly) {
  const holder = element("div", { class: "figure-holder cycle", tabindex: 0 });
  onWidth(holder, () => draw(holder, anomaly));
  return [holder, reasons(anomaly)];
}
