#pragma once
// For tests: a nemesis over a fake cluster of five, and the events it writes.

#include <exception>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "nemesis/fake_cluster_test.h"
#include "nemesis/nemesis.h"

namespace sunder::nemesis {

struct NemesisFixture : testing::Test {
  boost::asio::io_context io;
  FakeCluster cluster{5};
  LinkRules links;
  std::vector<history::Event> events;
  /// Called with each event, after it is in `events`.
  std::function<void(const history::Event&)> on_event = [](const history::Event&) {};
  Nemesis nemesis{io, cluster, links, [this](const history::RunEvent& event) {
                    const auto written = history::to_event(event);
                    events.push_back(written);
                    on_event(written);
                  }};

  void run(boost::asio::awaitable<void> part) {
    boost::asio::co_spawn(io, std::move(part), [](const std::exception_ptr& error) {
      if (error) std::rethrow_exception(error);
    });
    io.run();
    io.restart();
  }
  void play(std::vector<Fault> faults) { run(nemesis.play({std::move(faults)})); }

  std::vector<std::string> functions() const {
    std::vector<std::string> names;
    for (const history::Event& event : events) names.push_back(event.f);
    return names;
  }
};

}  // namespace sunder::nemesis
