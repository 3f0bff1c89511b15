#include "harness/namespaces/program/obstacle.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>

namespace sunder::harness::namespaces {

namespace {

std::optional<long> setting(const char* path) {
  std::ifstream file(path);
  long value = 0;
  if (file >> value) return value;
  return std::nullopt;
}

std::string attempt_at(Step step) {
  switch (step) {
    case Step::user_namespace:
      return "cannot make a user namespace";
    case Step::user_map:
      return "cannot map the user into a user namespace";
    case Step::network_namespace:
      return "cannot make a network namespace";
    case Step::link:
      return "cannot make a veth link";
    case Step::packet_socket:
      return "cannot make an AF_PACKET socket";
    case Step::other_namespaces:
      return "cannot make mount, UTS, IPC and pid namespaces";
    case Step::mounts:
      return "cannot change the mounts of a mount namespace";
    case Step::hosts_file:
      return "cannot mount a file over /etc/hosts";
    case Step::proc:
      return "cannot mount /proc in a pid namespace";
  }
  return "";
}

constexpr const char* in_a_container =
    "in a container, allow it: 'docker run --security-opt seccomp=unconfined --security-opt "
    "apparmor=unconfined --security-opt systempaths=unconfined'";

std::string way_out_of_permissions(const Limits& limits) {
  if (limits.apparmor_restricts) {
    return "AppArmor restricts user namespaces: 'sysctl -w "
           "kernel.apparmor_restrict_unprivileged_userns=0'";
  }
  if (limits.no_unprivileged) {
    return "only root may: 'sysctl -w kernel.unprivileged_userns_clone=1'";
  }
  return in_a_container;
}

std::string way_out(Step step, int error, const Limits& limits) {
  if (limits.no_user_namespaces && (error == ENOSPC || error == EPERM)) {
    return "user.max_user_namespaces is 0: 'sysctl -w user.max_user_namespaces=10000'";
  }
  if (error == ENOSPC || error == EUSERS) {
    return "there are as many as the machine allows: raise user.max_*_namespaces with sysctl";
  }
  if (step == Step::link && error == EOPNOTSUPP) {
    return "the kernel has no veth: 'modprobe veth'";
  }
  if (step == Step::packet_socket && error == EAFNOSUPPORT) {
    return "the kernel has no packet sockets: 'modprobe af_packet'";
  }
  if (step == Step::hosts_file && error == ENOENT) return "there is no /etc/hosts: 'touch' it";
  if (error == EINVAL || error == ENOSYS) return "the kernel is built without such namespaces";
  if (step == Step::proc && error == EPERM) {
    return "parts of /proc are hidden, as Docker does: 'docker run --security-opt "
           "systempaths=unconfined'";
  }
  if (error == EPERM || error == EACCES) return way_out_of_permissions(limits);
  return {};
}

}  // namespace

Limits limits_of_this_machine() {
  Limits limits;
  limits.no_user_namespaces = setting("/proc/sys/user/max_user_namespaces") == 0;
  limits.no_unprivileged = setting("/proc/sys/kernel/unprivileged_userns_clone") == 0;
  limits.apparmor_restricts =
      setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns").value_or(0) != 0;
  return limits;
}

std::string explain(Step step, int error, const Limits& limits) {
  auto said = attempt_at(step) + ": " + std::strerror(error);
  const auto advice = way_out(step, error, limits);
  return advice.empty() ? said : said + "; " + advice;
}

void require(Step step, bool done) {
  if (!done) throw Obstacle(step, errno);
}

}  // namespace sunder::harness::namespaces
