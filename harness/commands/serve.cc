// sunder serve: a browser over all runs and campaigns.

#include <filesystem>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "harness/commands/commands.h"
#include "harness/flags/flags.h"
#include "harness/output.h"
#include "harness/process/stop_signals.h"
#include "harness/serve/server.h"

namespace sunder::harness::commands {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr const char* usual_campaigns = "results/campaigns";

asio::ip::address address_from(const Flags& flags) {
  const auto& text = flags.text("host");
  boost::system::error_code error;
  auto address = asio::ip::make_address(text == "localhost" ? "127.0.0.1" : text, error);
  if (!error) return address;
  throw std::invalid_argument(fmt::format(
      "--host {}: expected an address, such as 127.0.0.1, or 0.0.0.0 for the whole network", text));
}

serve::Site site_from(const Flags& flags) {
  serve::Site site{flags.text("runs-dir"), flags.text("campaigns-dir")};
  if (!std::filesystem::is_directory(site.runs_dir)) {
    throw std::invalid_argument(fmt::format("--runs-dir {}: no such folder; 'sunder run' makes it",
                                            site.runs_dir.string()));
  }
  if (flags.given("campaigns-dir") && !std::filesystem::is_directory(site.campaigns_dir)) {
    throw std::invalid_argument(
        fmt::format("--campaigns-dir {}: no such folder", site.campaigns_dir.string()));
  }
  return site;
}

}  // namespace

ExitCode serve(const Arguments& arguments) {
  FlagSet flag_set("sunder serve",
                   "Serves pages of all runs and campaigns to a browser, until Ctrl-C.", "[flags]");
  flag_set.value("runs-dir", "folder of the runs", "results/runs", "DIR")
      .value("campaigns-dir", "folder of the campaigns", usual_campaigns, "DIR")
      .value("port", "TCP port to listen at; 0: any free port", "8080", "N")
      .value("host", "address to listen at; 0.0.0.0 serves the runs to the whole network",
             "127.0.0.1", "ADDRESS");
  const auto flags = flag_set.parse(arguments, 0);
  if (!flags) return ExitCode::valid;
  auto site = site_from(*flags);
  const auto port = static_cast<unsigned short>(flags->integer("port", 0, 65535));
  const tcp::endpoint wanted(address_from(*flags), port);

  asio::io_context io(1);
  const StopSignals signals(io, [&io] { io.stop(); });
  serve::Server server(io, std::move(site), wanted);
  asio::co_spawn(io, server.accept(), [](const std::exception_ptr& failure) {
    if (failure) std::rethrow_exception(failure);
  });
  const auto endpoint = server.endpoint();
  const auto name = endpoint.address().to_string();
  out::print("http://{}:{}/\n", endpoint.address().is_v6() ? "[" + name + "]" : name,
             endpoint.port());
  out::flush();
  io.run();
  return ExitCode::valid;
}

}  // namespace sunder::harness::commands
