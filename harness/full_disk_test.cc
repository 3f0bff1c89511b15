// The disk of the runs fills up in the middle of a run. Nodes and sunder write there, so nothing of
// it is the nodes' fault.

#include <fstream>

#include <gmock/gmock.h>

#include "harness/sunder_program_test.h"

namespace sunder::harness {
namespace {

namespace fs = std::filesystem;
using testing::AnyOf;
using testing::HasSubstr;

class SunderOnAFullDisk : public SunderProgram {
 protected:
  /// A run on a small file system of its own, which `fill` fills as soon as a client succeeded.
  /// Then the run is judged, with the filler gone.
  Finished run_and_fill(const std::string& fill, const std::string& flags) const {
    std::ofstream(folder_ / "script") << fmt::format(
        R"(mount -t tmpfs -o size=160m none '{0}/disk' || exit 99
'{1}' run --seed 5 --time-limit 20s --runs-dir '{0}/disk/runs' {3} &
until grep -q '"type":"ok"' '{0}'/disk/runs/latest/history.jsonl 2>/dev/null; do
  kill -0 $! 2>/dev/null || break
done
cd '{0}/disk'; {2}
wait $!
echo "run: $?"
rm -f '{0}/disk/filler'
'{1}' check '{0}/disk/runs/latest'
echo "check: $?"
pgrep -f '{0}/disk/runs' && echo left
exit 0
)",
        folder_.string(), (programs() / "sunder").string(), fill, flags);
    fs::create_directories(folder_ / "disk");
    return wait_for(start({"-rm", "/bin/bash", (folder_ / "script").string()}, "/usr/bin/unshare"));
  }
};

TEST_F(SunderOnAFullDisk, what_becomes_of_the_run_is_no_fault_of_the_nodes) {
  const std::vector<std::string> fills{
      // All at once; up to the last bytes; slowly, so that the run itself reaches the end.
      "head -c 200m /dev/zero >filler 2>/dev/null",
      "head -c 200m /dev/zero >filler 2>/dev/null; truncate -s -100K filler",
      "for i in $(seq 400); do head -c 300k /dev/zero >>filler 2>/dev/null; done"};
  for (const auto& fill : fills) {
    for (const std::string flags :
         {"--nemesis none", "--nemesis kill,pause --nemesis-interval 300ms"}) {
      const auto run = run_and_fill(fill, flags);
      if (run.exit_code != 0) GTEST_SKIP() << run.err;
      EXPECT_THAT(run.out, HasSubstr("run: 255")) << fill << run.out << run.err;
      EXPECT_THAT(run.err, AnyOf(HasSubstr("is full"), HasSubstr("No space left on device")));
      EXPECT_THAT(run.out, HasSubstr("check: 2")) << fill << run.out << run.err;
      EXPECT_THAT(run.out, testing::Not(HasSubstr("left")));
    }
  }
}

}  // namespace
}  // namespace sunder::harness
