#include "workloads/workload.h"

#include <array>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "checker/guarantees/long_fork.h"
#include "checker/guarantees/monotonic.h"
#include "checker/guarantees/sessions.h"
#include "checker/guarantees/unique_ids.h"
#include "checker/guarantees/watch.h"

namespace sunder::workloads {

namespace {

using Setting = std::pair<std::string_view, std::string_view>;
constexpr std::array bank_parameters{Setting{"accounts", "8"}, Setting{"total", "80"}};

constexpr std::array table{
    Workload{.name = "register",
             .summary = "read, write and compare-and-set of independent keys, unique values",
             .needs =
                 [] {
                   return Operations{{Kind::register_, {"read", "write", "cas"}}};
                 },
             .make_generator = make_register_generator,
             .model = "register",
             .unique_values = true},
    Workload{.name = "versioned-register",
             .summary = "the same; the versions that the system answers are judged too",
             .needs =
                 [] {
                   return Operations{{Kind::versioned_register, {"read", "write", "cas"}}};
                 },
             .make_generator = make_versioned_register_generator,
             .model = "versioned-register",
             .unique_values = true},
    Workload{.name = "append",
             .summary = "a list by key: append of unique elements, read of the whole list",
             .needs =
                 [] {
                   return Operations{{Kind::list, {"append", "read"}}};
                 },
             .make_generator = make_append_generator,
             .model = "list-append"},
    Workload{.name = "kv",
             .summary = "a text by key: write, append at the end, read",
             .needs =
                 [] {
                   return Operations{{Kind::text, {"append", "read", "write"}}};
                 },
             .make_generator = make_kv_generator,
             .model = "kv"},
    Workload{.name = "set",
             .summary = "a set by key: add of unique elements, read of the whole set; "
                        "--mix remove=2 removes some",
             .needs =
                 [] {
                   return Operations{{Kind::set, {"add", "read"}}};
                 },
             .make_generator = make_set_generator,
             .model = "set"},
    Workload{.name = "counter",
             .summary = "a counter by key: add 1, read",
             .needs =
                 [] {
                   return Operations{{Kind::counter, {"add", "read"}}};
                 },
             .make_generator = make_counter_generator,
             .model = "counter"},
    Workload{
        .name = "queue",
        .summary = "first in, first out: enqueue of unique values, dequeue; drained at the end",
        .needs =
            [] {
              return Operations{{Kind::queue, {"dequeue", "enqueue"}}};
            },
        .make_generator = make_queue_generator,
        .model = "queue"},
    Workload{.name = "unordered-queue",
             .summary = "the same for systems that promise no order: nothing lost, nothing twice",
             .needs =
                 [] {
                   return Operations{{Kind::queue, {"dequeue", "enqueue"}}};
                 },
             .make_generator = make_queue_generator,
             .model = "unordered-queue"},
    Workload{.name = "lock",
             .summary = "a lock by key: acquire and release by owners",
             .needs =
                 [] {
                   return Operations{{Kind::lock, {"acquire", "release"}}};
                 },
             .make_generator = make_lock_generator,
             .model = "owned-mutex"},
    Workload{.name = "unique-ids",
             .summary = "generate: no id is ever given twice",
             .needs =
                 [] {
                   return Operations{{Kind::ids, {"generate"}}};
                 },
             .make_generator = make_unique_ids_generator,
             .check = checker::check_unique_ids,
             .keyless = true},
    Workload{.name = "bank",
             .summary = "transfers between accounts, reads of all: the total stays",
             .needs =
                 [] {
                   return Operations{{Kind::accounts, {"open", "read", "transfer"}}};
                 },
             .make_generator = make_bank_generator,
             .model = "bank",
             .keyless = true,
             .parameters = bank_parameters},
    Workload{.name = "long-fork",
             .summary = "transactions: no two reads see two writes in different orders",
             .needs =
                 [] {
                   return Operations{{Kind::transaction, {"txn"}}};
                 },
             .make_generator = make_long_fork_generator,
             .check = checker::check_long_fork,
             // Of transactions that write one register or only read it forbids long forks, and
             // reads of what was not written.
             .isolation = "snapshot-isolation",
             .keyless = true},
    Workload{.name = "list-append",
             .summary = "transactions that append to lists and read them, judged by isolation",
             .needs =
                 [] {
                   return Operations{{Kind::list_transaction, {"txn"}}};
                 },
             .make_generator = make_list_append_generator,
             .isolation = "strict-serializable",
             .keyless = true,
             .shapes_transactions = true},
    Workload{.name = "rw-register",
             .summary = "transactions that write registers and read them, judged by isolation",
             .needs =
                 [] {
                   return Operations{{Kind::transaction, {"txn"}}};
                 },
             .make_generator = make_rw_register_generator,
             .isolation = "strict-serializable",
             .keyless = true,
             .shapes_transactions = true},
    Workload{.name = "monotonic",
             .summary = "growing registers: no read goes back behind an earlier one of any client",
             .needs =
                 [] {
                   return Operations{{Kind::register_, {"read", "write"}}};
                 },
             .make_generator = make_growing_registers_generator,
             .check = checker::check_monotonic},
    Workload{.name = "session",
             .summary = "growing registers: read your writes, monotonic reads and writes, writes "
                        "follow reads, of each client by itself",
             .needs =
                 [] {
                   return Operations{{Kind::register_, {"read", "write"}}};
                 },
             .make_generator = make_growing_registers_generator,
             .check = checker::check_sessions},
    Workload{.name = "watch",
             .summary = "writes, and watches: every change comes once, in order, none is missed",
             .needs =
                 [] {
                   return Operations{{Kind::log, {"watch", "write"}}};
                 },
             .make_generator = make_watch_generator,
             .check = checker::check_watch},
};

}  // namespace

std::span<const Workload> all_workloads() {
  return table;
}

const Workload& find_workload(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& workload : table) {
    if (workload.name == name) return workload;
    names.push_back(workload.name);
  }
  throw std::invalid_argument(
      fmt::format("unknown workload '{}'; there are: {}", name, fmt::join(names, ", ")));
}

}  // namespace sunder::workloads
