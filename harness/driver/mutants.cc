#include "harness/driver/mutants.h"

#include <stdexcept>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/process/v2/popen.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace sunder::harness {

namespace {

std::string output_of(const std::filesystem::path& program, const std::string& argument) {
  boost::asio::io_context io;
  boost::process::v2::popen process(io, boost::process::v2::filesystem::path(program.string()),
                                    {argument});
  std::string output;
  boost::system::error_code end;
  boost::asio::read(process, boost::asio::dynamic_buffer(output), end);
  if (process.wait() == 0) return output;
  throw std::runtime_error(fmt::format("{} {} failed", program.string(), argument));
}

Mutant parse_mutant(const nlohmann::json& json) {
  const auto& hunt = json.at("hunt");
  return {json.at("id"),
          json.at("name"),
          json.at("mistake"),
          json.at("source"),
          json.at("faults"),
          json.at("breaks"),
          {hunt.at("workload"), hunt.at("nemesis"), hunt.at("nodes"), hunt.at("system"),
           hunt.at("flags")},
          json.value("argument", "")};
}

}  // namespace

std::filesystem::path programs_folder() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

std::vector<Mutant> list_mutants() {
  const auto program = programs_folder() / "sunder-node-mutants";
  if (!std::filesystem::exists(program)) {
    throw std::runtime_error(
        fmt::format("the program with the mutants, {}, is not there: './dev build' makes it",
                    program.string()));
  }
  std::vector<Mutant> mutants;
  const auto output = output_of(program, "--list-mutants");
  for (std::size_t from = 0; from < output.size();) {
    const auto end = output.find('\n', from);
    mutants.push_back(parse_mutant(nlohmann::json::parse(output.substr(from, end - from))));
    from = end == std::string::npos ? output.size() : end + 1;
  }
  return mutants;
}

Mutant find_mutant(const std::string& id_or_name) {
  std::string known;
  for (auto& mutant : list_mutants()) {
    if (mutant.id == id_or_name || mutant.name == id_or_name) return mutant;
    known += fmt::format("{}{} ({})", known.empty() ? "" : ", ", mutant.id, mutant.name);
  }
  throw std::invalid_argument(fmt::format("unknown mutant '{}'; there are: {}", id_or_name, known));
}

}  // namespace sunder::harness
