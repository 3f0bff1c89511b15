#include "nemesis/network/frames.h"

namespace sunder::nemesis {

const EnumNames<FrameType>& frame_type_names() {
  static const EnumNames<FrameType> names{{FrameType::request_vote, "request_vote"},
                                          {FrameType::vote_reply, "vote_reply"},
                                          {FrameType::append_entries, "append_entries"},
                                          {FrameType::append_reply, "append_reply"},
                                          {FrameType::install_snapshot, "install_snapshot"},
                                          {FrameType::snapshot_reply, "snapshot_reply"},
                                          {FrameType::timeout_now, "timeout_now"},
                                          {FrameType::hello, "hello"},
                                          {FrameType::pre_vote, "pre_vote"},
                                          {FrameType::pre_vote_reply, "pre_vote_reply"}};
  return names;
}

}  // namespace sunder::nemesis
