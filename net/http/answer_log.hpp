/// One line per answer, for whoever wants to know who asked for what.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace sluice::net {

/// The views are good until the call ends. A request whose head could not be read has no method
/// and no path. Nothing of the query: it may have a key in it.
struct answer_log_entry {
  std::string_view id;
  std::string_view network; // as of network_of
  std::string_view method;
  std::string_view path;
  unsigned status = 0;       // 200 to 599
  size_t bytes = 0;          // of the body as sent, from 0
  uint64_t microseconds = 0; // from the whole head to the answer, from 0
  std::string_view key_id;   // of the API key; "": none
};

/// In the server's thread; must not block or throw.
using answer_log = std::function<void(const answer_log_entry&)>;

/// "ID NETWORK METHOD PATH STATUS BYTES MILLISECONDS KEY", one space between them, "-" for what is
/// not there; milliseconds with three digits behind the point.
std::string answer_log_line(const answer_log_entry& x);

} // namespace sluice::net
