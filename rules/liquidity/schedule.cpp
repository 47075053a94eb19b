#include "rules/liquidity/schedule.hpp"

#include "rules/limits.hpp"

#include <algorithm>
#include <cmath>

namespace sluice {

uint64_t blocks_per_round(uint64_t round_seconds, double block_seconds) {
  const double blocks = std::floor(static_cast<double>(round_seconds) / block_seconds);
  if (!(blocks >= 1)) // NaN as well
    return 1;
  constexpr auto most = static_cast<double>(limits::round_blocks_max);
  return static_cast<uint64_t>(std::min(blocks, most));
}

round_span round_at(uint64_t block, uint64_t blocks_per_round) {
  return round_by_number({block / std::max<uint64_t>(blocks_per_round, 1)}, blocks_per_round);
}

round_span round_by_number(round_no number, uint64_t blocks_per_round) {
  const uint64_t length = std::max<uint64_t>(blocks_per_round, 1);
  const uint64_t start = number.value * length;
  return {number, start, start + (length - 1)};
}

first_round first_round_from(uint64_t at, bool alive, uint64_t wanted, uint64_t blocks_per_round) {
  wanted = std::max(alive ? at : at + 1, wanted);
  const auto span = alive && at + 1 >= wanted ? round_at(at + 1, blocks_per_round)
                                              : round_at(wanted, blocks_per_round);
  if (alive && at + 1 == span.start_block)
    return {span.number, true, 0};
  const auto before = std::max<uint64_t>(span.start_block, 1) - 1;
  return {span.number, false, before > at ? before : span.end_block};
}

std::vector<uint64_t> checkpoints(const round_span& round, uint64_t every) {
  std::vector<uint64_t> blocks;
  if (every == 0 || round.end_block <= round.start_block)
    return blocks;
  const uint64_t length = round.end_block - round.start_block;
  for (uint64_t offset = every; offset < length; offset += every) {
    blocks.push_back(round.start_block + offset);
    if (length - offset <= every) // the sum could wrap
      break;
  }
  return blocks;
}

uint32_t utc_day(uint64_t unix_seconds) {
  return static_cast<uint32_t>(unix_seconds / 86'400);
}

} // namespace sluice
