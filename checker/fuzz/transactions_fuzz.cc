// libFuzzer over transactions: bytes choose pieces of own lines, which are read in both ways. If
// own lines are read straight, the general way must read the same transactions; and whatever is
// read is judged.

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sys/mman.h>
#include <unistd.h>

#include "checker/history/read.h"
#include "checker/isolation/isolation.h"
#include "checker/isolation/transaction_lines.h"

namespace {

using namespace sunder::checker;
using isolation::Step;
using isolation::Transactions;

/// What stands between an opening and a closing piece is chosen by the bytes.
constexpr std::array<std::string_view, 40> pieces{
    R"({"index":0,"time":0,"process":0,"type":"invoke","f":"txn","value":[)",
    R"({"index":0,"time":0,"process":0,"type":"ok","f":"txn","value":[)",
    R"({"index":0,"time":0,"process":1,"type":"invoke","f":"txn","value":[)",
    R"({"index":0,"time":0,"process":1,"type":"ok","f":"txn","value":[)",
    R"({"index":0,"time":0,"process":2,"type":"invoke","f":"txn","value":[)",
    R"({"index":0,"time":0,"process":2,"type":"ok","f":"txn","value":[)",
    R"({"index":0,"time":0,"process":0,"type":"info","f":"txn","value":[)",
    R"({"index":0,"time":0,"process":1,"type":"fail","f":"txn","value":[)",
    R"({"type": "invoke", "process": 2, "f": "txn", "value": [)",
    R"({"process":"nemesis","type":"info","f":"kill","value":[)",
    R"(["append",1,1])",
    R"(["append",1,2])",
    R"(["append",1,3])",
    R"(["append","x",1])",
    R"(["append","x","a"])",
    R"(["w",2,1])",
    R"(["w",2,2])",
    R"(["w","y","a]"])",
    R"(["r",1,null])",
    R"(["r",2,null])",
    R"(["r","x",null])",
    R"(["r","y",null])",
    R"(["r",1,[1]])",
    R"(["r",1,[1,2]])",
    R"(["r",1,[1,2,3]])",
    R"(["r",1,[2,1]])",
    R"(["r",1,[]])",
    R"(["r",1,[1,)",
    R"(["r","x",["a",1]])",
    R"(["r","x",["a"]])",
    R"(["r",2,1])",
    R"(["r",2,2])",
    R"(["r","y","a]"])",
    ",",
    "]}\n",
    R"(],"revision":7}
)",
    R"(],"error":"a\"b"}
)",
    R"(],"node":"n1","error":"lost"}
)",
    "]",
    "1"};

std::string text_of(const std::uint8_t* data, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += pieces[data[i] % pieces.size()];
  return text;
}

/// The parsers read files.
class TransactionsFile {
 public:
  explicit TransactionsFile(std::string_view text) : descriptor_(::memfd_create("fuzz", 0)) {
    const auto written = ::write(descriptor_, text.data(), text.size());
    if (descriptor_ < 0 || written != static_cast<ssize_t>(text.size())) std::abort();
  }
  ~TransactionsFile() { ::close(descriptor_); }
  TransactionsFile(const TransactionsFile&) = delete;
  TransactionsFile& operator=(const TransactionsFile&) = delete;
  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

std::string shown(const Step& step, const Transactions& all) {
  const auto& key = all.keys.at(step.key);
  const auto value = [&](isolation::ValueId id) {
    return id == isolation::initial ? std::string("nil") : to_json(key.values.at(id - 1));
  };
  std::string text = key.name + (key.is_list ? " list " : " ");
  text += std::to_string(static_cast<int>(step.kind)) + " ";
  if (step.kind != Step::Kind::read_list) return text + value(step.value);
  for (const auto element : all.list_of(step)) text += value(element) + " ";
  return text;
}

std::string shown(const Transactions& all) {
  std::string text;
  for (const auto& each : all.transactions) {
    text += std::to_string(each.process) + std::string(name_of(each.outcome)) +
            std::to_string(each.invoked) + " " + std::to_string(each.returned) + ": ";
    for (const auto& step : all.steps_of(each)) text += shown(step, all) + "; ";
  }
  for (const auto revision : all.revisions) text += std::to_string(revision) + " ";
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const TransactionsFile file(text_of(data, size));
  Budget budget;
  const auto fast = isolation::read_transaction_lines(file.path(), budget);
  try {
    const auto history = sunder::history::read_foreign_history(file.path(), {}, budget);
    const auto transactions = isolation::transactions_of(history);
    if (fast && shown(fast->transactions) != shown(transactions)) std::abort();
    const auto report = isolation::find_isolation(history, transactions);
    if (report.levels.size() != isolation::all_levels().size()) std::abort();
  } catch (const sunder::history::InputError&) {
    if (fast) std::abort();  // it took what must be refused
  }
  return 0;
}
