#pragma once
// Reads the files with what the nodes and the witnesses of a run recorded, and checks the records
// (invariants.h). Each piece that is missing, empty, cut or garbled is named, and makes the
// properties that need it unknown.
// Surprise: files without a seal are compared with each other. A trace that ends before what other
// evidence says of its node is cut: it is not the node that lied.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/history/operation.h"
#include "checker/history/seal.h"
#include "checker/raft/trace_reader.h"
#include "checker/verdict.h"
#include "node/api/types.h"

namespace sunder::checker::raft {

struct EvidenceFile {
  std::filesystem::path path;
  /// For people: "trace/n1.jsonl".
  std::string name;
  /// What the file held when the run ended; absent if the run kept no seals.
  std::optional<history::Seal> seal;
};

struct TraceFile {
  NodeId node;
  EvidenceFile file;
  /// When the history says that the node's process ended, in order.
  std::vector<history::Time> ends;
};

struct EvidenceFiles {
  std::vector<TraceFile> traces;
  /// Those that the run was to record.
  std::optional<EvidenceFile> wire;
  std::optional<EvidenceFile> disks;
  /// The traces were to have digests of the nodes' states.
  bool has_states = false;
  /// What clients were answered, and why that is not whole; neither if nobody knows.
  std::span<const history::Operation> operations;
  std::optional<std::string> history_gap;
  /// Up to where every node had committed when the run ended, by the history.
  std::optional<Index> caught_up_to;
};

struct Findings {
  std::vector<CheckResult> checks;
  /// A sentence on each piece that is missing, empty, cut or garbled.
  std::vector<std::string> gaps;
  std::vector<std::string> warnings;
  std::uint64_t records = 0;
};

Findings examine(const EvidenceFiles& files);

/// What is wrong with a file that was read: a sentence; empty if nothing is.
struct Damage {
  std::string sentence;
  /// Records are missing or out of order; else they are only others than those that were written.
  bool loses_records = true;
};
std::optional<Damage> damage_of(const EvidenceFile& file, const TraceReport& report,
                                bool may_be_empty);

}  // namespace sunder::checker::raft
