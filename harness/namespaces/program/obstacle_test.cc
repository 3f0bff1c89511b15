#include "harness/namespaces/program/obstacle.h"

#include <cerrno>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sunder::harness::namespaces {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(Obstacle, each_is_named_with_the_way_out) {
  struct Case {
    Step step;
    int error;
    Limits limits;
    const char* what;
    const char* way_out;
  };
  const Case cases[] = {
      {Step::user_namespace,
       ENOSPC,
       {true, false, false},
       "a user namespace: No space left",
       "sysctl -w user.max_user_namespaces=10000"},
      {Step::user_namespace, ENOSPC, {}, "a user namespace", "as many as the machine allows"},
      {Step::user_namespace,
       EPERM,
       {false, true, false},
       "Operation not permitted",
       "kernel.unprivileged_userns_clone=1"},
      {Step::network_namespace,
       EPERM,
       {false, false, true},
       "a network namespace",
       "AppArmor restricts user namespaces: 'sysctl -w kernel.apparmor"},
      {Step::user_namespace, EPERM, {}, "a user namespace", "docker run --security-opt seccomp"},
      {Step::user_namespace, EINVAL, {}, "Invalid argument", "built without such namespaces"},
      {Step::link, EOPNOTSUPP, {}, "a veth link", "modprobe veth"},
      {Step::packet_socket, EAFNOSUPPORT, {}, "an AF_PACKET socket", "modprobe af_packet"},
      {Step::proc, EPERM, {}, "/proc in a pid namespace", "systempaths=unconfined"},
      {Step::hosts_file, ENOENT, {}, "over /etc/hosts", "touch"},
  };
  for (const auto& each : cases) {
    EXPECT_THAT(explain(each.step, each.error, each.limits),
                AllOf(HasSubstr(each.what), HasSubstr(each.way_out)));
  }
}

}  // namespace
}  // namespace sunder::harness::namespaces
