// The messages that made leaders, between the nodes' lanes: each vote, from who cast it, and the
// first message of a leader to each node that then follows it. No arrow reaches a node that has not
// received one.

import { run } from "#page/data.js";
import * as format from "#page/format.js";
import { nodeLaneHeight } from "#page/raft_lanes.js";

const mostMessages = 60;

export const messagesNote = "Arrows between nodes: votes, and the first message of a new leader.";

/// Sender and receiver of a message, as the node that recorded it at `time` knows them.
function messagesIn(from, until) {
  return run.nodes.flatMap((node) => node.marks
    .filter(([time, kind, , , peer]) => peer && time >= from && time <= until &&
      (kind === "vote_granted" || kind === "became_follower"))
    .map(([time, kind, term, text, peer]) => {
      const ends = kind === "vote_granted" ? [node.node, peer] : [peer, node.node];
      return { time, kind, ends, text: `${node.node} ${text}, term ${term}` };
    })).sort((a, b) => a.time - b.time).slice(-mostMessages);
}

function middleOf(node) {
  return (run.nodes.findIndex((each) => each.node === node) + 0.5) * nodeLaneHeight;
}

/// On the lanes that `drawRaftLanes` has drawn in `group`, by the same scale.
export function drawMessages(group, x) {
  const domain = x.domain();
  const messages = messagesIn(domain[0], domain[domain.length - 1])
    .filter(({ ends }) => ends.every((node) => middleOf(node) > 0));
  const arrows = group.selectAll(null).data(messages).enter().append("g")
    .attr({ class: ({ kind }) => `message ${kind}`, transform: ({ time }) => `translate(${x(time)},0)` });
  arrows.append("line").attr({ y1: ({ ends }) => middleOf(ends[0]), y2: ({ ends }) => middleOf(ends[1]) });
  arrows.append("path").attr("d", ({ ends: [from, to] }) => {
    const tip = middleOf(to);
    const back = tip - 7 * Math.sign(tip - middleOf(from));
    return `M0,${tip}L-3.5,${back}L3.5,${back}Z`;
  });
  arrows.append("title").text(({ time, text }) => `${format.time(time)} ${text}`);
}
