/// Executes the operations of a corpus on our pool and answers as the recording chain did.
#pragma once

#include "tools/replay/corpus_call.hpp"

#include <set>
#include <span>
#include <string>

namespace sluice::tools {

/// What the pool answered to one operation. `ok` false: only `why` counts, nothing has changed.
/// `crossed`: a count from 0. Amounts in `ret`, `events` and `state` are in smallest units, as
/// decimal texts.
struct corpus_answer {
  bool ok = false;
  revert why = revert::none;
  io::json ret;    // an object, for a batch a list
  io::json events; // a list, without log indices
  io::json state;
  uint64_t crossed = 0; // ticks that were initialized before and lie between both ticks
  io::json ticks;       // crossed, minted to or burnt from, ascending
  io::json positions;   // touched, in the order of the calls
};

class corpus_engine {
public:
  /// The header's numbers are those that parse_header allows.
  explicit corpus_engine(const corpus_header& header);

  /// Is there such an operation on this kind of pool?
  bool knows(const corpus_call& call) const;
  /// An operation that it knows.
  corpus_answer execute(const corpus_operation& operation);

  /// Everything at once: state, initialized ticks, positions ever touched by an operation that
  /// succeeded (oldest first), bitmap words.
  io::json checkpoint() const;

  const pool& at() const { return pool_; }

private:
  /// What one call, inside a batch or alone, leaves behind.
  struct call_answer {
    revert why = revert::none;
    io::json ret = io::json::object();
  };
  std::vector<position_key> positions_of(const corpus_call& call, const address& sender) const;
  call_answer run(const address& sender, uint32_t now, const corpus_call& call, io::json& events);
  call_answer
  run_position(const address& sender, uint32_t now, const corpus_call& call, io::json& events);
  or_revert<token_amounts>
  move_liquidity(const address& sender, uint32_t now, const corpus_call& call);
  /// What only Slipstream has, but for burnFor, collectFor and decreaseStaked.
  call_answer
  run_gauge(const address& sender, uint32_t now, const corpus_call& call, io::json& events);
  call_answer run_owner(const address& sender, const corpus_call& call, io::json& events);
  call_answer
  run_rest(const address& sender, uint32_t now, const corpus_call& call, io::json& events);

  pool pool_;
  address owner_;
  std::vector<position_key> touched_; // oldest first
  std::set<position_key> known_;      // the same, to find one
};

} // namespace sluice::tools
