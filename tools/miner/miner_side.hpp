/// What a miner on a machine of its own does with questions and notices, and how it shows that.
#pragma once

#include "net/miner_gateway/wire.hpp"
#include "rules/miner_gateway/refusal.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::tools {

/// How a miner is to play, and where it shows what it does. `unix_ms`: milliseconds since
/// 1970-01-01 UTC. Errors: none.
struct miner_side_config {
  std::string strategy; // NAME[:key=value,...]
  bool json = false;    // one object per line, for programs
  bool once = false;    // over when a round that it answered in has its scores, or it is refused
  std::function<void(std::string_view)> write;
  std::function<uint64_t()> unix_ms; // stands in front of every line; may be empty
};

/// What becomes of a question.
struct miner_move {
  std::optional<net::wire_answer> answer; // none: silence
  bool crash = false;                     // break off the connection instead, without a message
};

/// The same for every way to a node; each mechanism has its own. Not for several threads.
class miner_side {
public:
  virtual ~miner_side() = default;

  /// The node has let us in under this uid, 0 to 65535. Not checked.
  virtual void welcome(const std::string& node, const hotkey& key, miner_uid uid) = 0;

  /// Reads a question and answers it; `ec::bad_input` when it cannot be read. One of another
  /// mechanism is passed over in silence.
  virtual result<miner_move> asked(const net::wire_question& question) = 0;

  /// Reads a notice and shows it; `ec::bad_input` when it cannot be read. One of another mechanism
  /// is passed over.
  virtual result<nothing> noticed(const net::wire_notice& notice) = 0;

  /// The node does not let us in, or no longer.
  virtual void refused(const gateway_refusal& why) = 0;

  /// There is no connection; the next try is after the pause. `pause_ms`: milliseconds. Errors:
  /// none.
  virtual void lost(const std::string& node, const std::string& why, uint64_t pause_ms) = 0;

  /// Is there nothing more to do (`once`), and with which exit code? A code is from 0 to 255.
  virtual const std::optional<int>& over() const = 0;
};

} // namespace sluice::tools
