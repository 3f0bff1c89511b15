#pragma once
// The vocabulary of clients: kinds of objects, and the operations of each. A `read` of a set is
// another call than a `read` of a counter, so a call names the kind of object that its key holds.
// A workload lists the operations that it needs, a system those that it can do.

#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace sunder::workloads {

/// What a key holds, with its operations: "write value" asks for it, "read -> value" answers it.
enum class Kind {
  register_,           ///< read -> value; write value; cas [expected, new]
  versioned_register,  ///< the same; `revision` of each answer is the version of the key
  text,                ///< read -> text; write text; append text at the end
  list,                ///< read -> list; append element
  set,                 ///< read -> list in any order; add element; remove element
  counter,             ///< read -> integer; add amount
  queue,               ///< enqueue value; dequeue -> value, or fail "empty"; drain -> list
  lock,                ///< acquire owner -> fencing token, or the owner again; release owner
  ids,                 ///< generate -> id
  accounts,            ///< open {account: balance}; transfer {from, to, amount}; read -> balances
  transaction,         ///< of registers: txn [[f, key, value], ...] -> what was read in it: r, w
  list_transaction,    ///< the same of lists: r, append
  log,                 ///< write value; watch from a revision -> [[revision, key, value], ...]
};

std::string_view name_of(Kind kind);
/// Throws std::invalid_argument listing what there is.
Kind kind_named(std::string_view name);

/// Operations by kind of object.
class Operations {
 public:
  Operations() = default;
  Operations(std::initializer_list<std::pair<const Kind, std::set<std::string>>> operations)
      : by_kind_(operations) {}

  void add(Kind kind, const std::string& f) { by_kind_[kind].insert(f); }
  bool has(Kind kind, const std::string& f) const;
  /// What `needed` has and this does not: "set (add, read)"; empty if nothing is missing.
  std::string missing_for(const Operations& needed) const;
  /// "register (cas, read, write), set (add, read)"
  std::string text() const;
  const std::map<Kind, std::set<std::string>>& by_kind() const { return by_kind_; }

 private:
  std::map<Kind, std::set<std::string>> by_kind_;
};

}  // namespace sunder::workloads
