#pragma once
// What recording costs a thread: `./dev bench checker --recorder`.

namespace sunder::checker::bench {

/// Nanoseconds for one call, invoked and answered, with that many threads recording at once; of a
/// thread's processor time, so that a busy machine does not count.
double recorder_nanoseconds(int threads);

}  // namespace sunder::checker::bench
