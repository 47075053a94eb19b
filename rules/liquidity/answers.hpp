/// What became of the questions that a miner was asked in a round.
#pragma once

#include "rules/fields.hpp"
#include "rules/liquidity/scoreboard.hpp"

#include <cstdint>
#include <vector>

namespace sluice {

/// How one question was answered. But for `accepted` the miner's plan stays what it was.
enum class answer_result : uint8_t {
  accepted = 0, // a proposal that is valid
  invalid,      // one that is not
  refused,      // accepted = false
  silent,       // no answer in time, or none ever
  undecodable,
};

/// One question that was put to a miner. `block`: the block after which it was asked; of a round's
/// opening, the one before its first.
struct asked_question {
  uint64_t block = 0;
  answer_result answer = answer_result::silent;
  SLUICE_FIELDS(block, answer)
  bool operator==(const asked_question&) const = default;
};

/// May `accepted = false` still be a refusal of the round? Only as the answer to its opening, and
/// within `opening_seconds` of block time at `speed` times real time, but never less than a second:
/// `took` is in microseconds of real time. A speed of 0 counts as one without a limit. No error.
bool refuses_round(bool opening, uint64_t took, double opening_seconds, double speed);

/// By the rules of docs/decisions/0036: who did not refuse the round is scored when one of its
/// answers was accepted, else it has failed. No error.
miner_verdict verdict_of(bool refused_round, const std::vector<asked_question>& questions);

} // namespace sluice
