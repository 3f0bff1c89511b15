#pragma once
// Against DNS rebinding: a page from elsewhere whose name was made to point at this machine may
// send requests here, but the browser puts that name into the field Host.

#include <string_view>

namespace sunder::harness::serve {

/// Whether the value of the field Host names this machine only: "localhost:8080", "127.0.0.1",
/// "[::1]:80".
bool names_loopback(std::string_view host);

}  // namespace sunder::harness::serve
