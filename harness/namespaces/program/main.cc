// sunder-namespaces: the part of sunder that is inside the namespaces (harness/namespaces/
// namespaces.h). It has one thread, which entering a user namespace needs. Only sunder calls it.
//
//   sunder-namespaces serve N
//     Makes the network of N nodes and hands its descriptors over by socket 3. Then it makes
//     clients' sockets on request.
//   sunder-namespaces enter|join USER NETWORK ETC NAME PROGRAM ARGUMENTS...
//     Starts a program there; `enter` in a pid namespace of its own.
//   sunder-namespaces probe
//     Tries all of it. If it fails, it writes why.

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <sstream>
#include <string_view>
#include <system_error>

#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/namespaces/descriptors.h"
#include "harness/namespaces/program/enter.h"
#include "harness/namespaces/program/network.h"
#include "harness/namespaces/program/obstacle.h"

namespace sunder::harness::namespaces {
namespace {

constexpr int to_sunder = 3;
// The meaning that sysexits.h gives it: the system cannot do what is asked.
constexpr int impossible = 71;

void hand_over(const Network& network) {
  send_parcel(to_sunder, {"user", {network.user}});
  for (const auto& place : network.places) {
    send_parcel(to_sunder, {"place", {place.network, place.socket}});
  }
}

// Returns when sunder is gone.
void make_sockets() {
  while (const auto request = receive_parcel(to_sunder)) {
    int domain = 0;
    int type = 0;
    std::istringstream(request->text) >> domain >> type;
    const int made = ::socket(domain, type | SOCK_CLOEXEC, 0);
    if (made < 0) {
      send_parcel(to_sunder, {std::strerror(errno)});
      continue;
    }
    send_parcel(to_sunder, {"socket", {made}});
    ::close(made);
  }
}

int serve(int node_count) {
  ::close_range(to_sunder + 1, ~0U, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  try {
    const auto network = make_network(node_count);
    hand_over(network);
    require(Step::network_namespace, ::setns(network.places.back().network, CLONE_NEWNET) == 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (const auto& place : network.places) {
      ::close(place.network);
      ::close(place.socket);
    }
    ::close(network.user);
  } catch (const Obstacle& obstacle) {
    send_parcel(to_sunder, {obstacle.what()});
    return impossible;
  }
  make_sockets();
  return 0;
}

int probe() {
  try {
    make_network(1);
    rehearse("/etc");
    return 0;
  } catch (const Obstacle& obstacle) {
    std::printf("%s\n", obstacle.what());
    return impossible;
  }
}

int run(int count, char** words) {
  const std::string_view verb = count > 1 ? words[1] : "";
  if (verb == "serve" && count == 3) return serve(std::atoi(words[2]));
  if (verb == "probe" && count == 2) return probe();
  if ((verb == "enter" || verb == "join") && count >= 7) {
    enter({words[2], words[3], words[4], words[5], verb == "enter"}, words + 6);
  }
  std::fprintf(stderr,
               "sunder-namespaces is called by sunder, with: serve, enter, join or probe\n");
  return EXIT_FAILURE;
}

}  // namespace
}  // namespace sunder::harness::namespaces

int main(int count, char** words) {
  try {
    return sunder::harness::namespaces::run(count, words);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sunder-namespaces: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
