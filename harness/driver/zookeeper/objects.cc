#include "harness/driver/zookeeper/objects.h"

#include <stdexcept>

#include "harness/driver/value_text.h"

namespace sunder::harness::zookeeper {

using workloads::Kind;

namespace {

/// The types of the operations in a multi, and of their results.
enum class Part : std::int32_t { create = 1, remove = 2, set_data = 5, check = 13, failed = -1 };

// Of the operations behind the one that failed, and of those before it.
constexpr int not_tried = -2;

void begin(Encoder& multi, Part part) {
  multi.i32(static_cast<std::int32_t>(part)).boolean(false).i32(-1);
}

void add_creation(Encoder& multi, const std::string& path, const std::string& text) {
  constexpr std::int32_t all_permissions = 31;
  multi.text(path).text(text);
  multi.i32(1).i32(all_permissions).text("world").text("anyone").i32(0);
}

void end(Encoder& multi) {
  multi.i32(static_cast<std::int32_t>(Part::failed)).boolean(true).i32(-1);
}

}  // namespace

workloads::Operations operations() {
  return {{Kind::register_, {"cas", "read", "write"}},
          {Kind::versioned_register, {"cas", "read", "write"}},
          {Kind::text, {"append", "read", "write"}},
          {Kind::list, {"append", "read"}},
          {Kind::set, {"add", "read", "remove"}},
          {Kind::counter, {"add", "read"}},
          {Kind::queue, {"dequeue", "enqueue"}},
          {Kind::lock, {"acquire", "release"}},
          {Kind::ids, {"generate"}},
          {Kind::accounts, {"open", "read", "transfer"}},
          {Kind::transaction, {"txn"}},
          {Kind::list_transaction, {"txn"}}};
}

std::string path_of(const std::string& key) {
  return "/" + key;
}

Encoder creation(const std::string& path, const std::string& text) {
  Encoder body;
  add_creation(body, path, text);
  return body;
}

std::string accounts_path() {
  std::string folder = path_of(accounts_folder);
  folder.pop_back();
  return folder;
}

Encoder opening_of(const workloads::Call& open) {
  Encoder multi;
  begin(multi, Part::create);
  add_creation(multi, accounts_path(), "");
  for (const auto& [name, balance] : *open.value.object()) {
    begin(multi, Part::create);
    add_creation(multi, path_of(accounts_folder + name), to_stored_text(balance));
  }
  end(multi);
  return multi;
}

std::set<std::string> accounts_in(std::string_view body) {
  Decoder decoder(body);
  std::set<std::string> keys;
  for (auto left = decoder.i32(); left > 0; --left) keys.insert(accounts_folder + decoder.text());
  return keys;
}

Encoder multi_of(const Snapshot& snapshot, const Change& change) {
  Encoder multi;
  for (const auto& [key, found] : snapshot) {
    const auto path = path_of(key);
    const auto put = change.puts.find(key);
    const bool changes = put != change.puts.end();
    const auto version = static_cast<std::int32_t>(found.revision);
    if (!found.text) {
      begin(multi, Part::create);
      add_creation(multi, path, changes ? put->second : "");
      if (changes) continue;
      begin(multi, Part::remove);
      constexpr std::int32_t whichever = -1;
      multi.text(path).i32(whichever);
    } else if (changes) {
      begin(multi, Part::set_data);
      multi.text(path).text(put->second).i32(version);
    } else {
      begin(multi, Part::check);
      multi.text(path).i32(version);
    }
  }
  end(multi);
  return multi;
}

int error_of_multi(std::string_view body) {
  Decoder decoder(body);
  while (decoder.i32() == static_cast<std::int32_t>(Part::failed)) {
    if (decoder.boolean()) throw std::invalid_argument("a multi failed without an error");
    decoder.i32();
    const auto error = decoder.i32();
    if (error != 0 && error != not_tried) return error;
  }
  return 0;
}

}  // namespace sunder::harness::zookeeper
