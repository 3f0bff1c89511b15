#pragma once
// Why a connection could not be opened: because of the system under test, or because this machine
// gives sunder nothing to open it with. The latter says nothing about the system.

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace sunder::harness {

/// Throws if sunder itself had no descriptor, no memory or no port left.
inline void throw_if_own_failure(const boost::system::error_code& error) {
  namespace errc = boost::system::errc;
  for (const auto own :
       {errc::too_many_files_open, errc::too_many_files_open_in_system, errc::not_enough_memory,
        errc::no_buffer_space, errc::address_not_available}) {
    if (error == own) {
      throw boost::system::system_error(error, "sunder cannot open a connection to a node");
    }
  }
}

}  // namespace sunder::harness
