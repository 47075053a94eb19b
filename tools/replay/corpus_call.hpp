/// One call of an operation corpus, decoded.
#pragma once

#include "io/text/json_fields.hpp"
#include "sim/pool/pool.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace sluice::tools {

/// A line of a corpus lists at checkpoints every position ever touched, so it may be long. In
/// bytes; a longer line is ec::bad_input.
inline constexpr size_t corpus_line_bytes_max = size_t{64} << 20;
/// Calls of one batch; more are ec::bad_input.
inline constexpr size_t batch_calls_max = 1024;

enum class call_kind : uint8_t {
  initialize = 0,
  mint,
  burn,
  collect,
  swap,
  flash,
  set_fee_protocol,
  collect_protocol,
  increase_observation_cardinality_next,
  batch,
  // Slipstream's own
  set_fees,
  stake,
  sync_reward,
  update_rewards_growth_global,
  collect_fees,
  burn_for,
  collect_for,
  decrease_staked,
};

/// As the corpus writes it ("setFeeProtocol").
std::string_view to_text(call_kind kind);

/// What the call is given; only what its kind needs is set. Amounts are in smallest units, prices
/// Q64.96, ticks those of Uniswap V3, all as wide as the contract's arguments; what the contract
/// would refuse is refused by the pool. Fees are in hundredths of a basis point, the fee protocol
/// is 0 or 4 to 10, `extra0` of a reward unix seconds. What does not fit is ec::bad_input, by
/// parse_operation.
struct corpus_call {
  call_kind kind = call_kind::swap;
  address recipient{};    // mint (the owner), collect, swap, collectProtocol
  address owner{};        // burnFor, collectFor
  int32_t tick_lower = 0; // mint, burn, collect, stake
  int32_t tick_upper = 0;
  u128 liquidity = 0; // mint, burn
  i128 stake_delta = 0;
  bool move_position = false; // stake
  swap_request order;         // swap
  u256 sqrt_price_x96;        // initialize
  u256 amount0;               // flash: borrowed; collect, collectProtocol: requested; reward: rate
  u256 amount1;               // reward: reserve
  u256 extra0;                // flash: donated; reward: end of the period
  u256 extra1;
  uint32_t number0 = 0; // setFeeProtocol, setFees; the cardinality
  uint32_t number1 = 0;
  payment pay;
  std::vector<corpus_call> calls; // batch
};

/// What happens: `call`, sent by `sender`, in a block of time `now`. `now`: unix seconds, as the
/// contract's uint32. Kept by parse_operation.
struct corpus_operation {
  address sender{};
  uint32_t now = 0;
  corpus_call call;
};

/// Reads `op`, `actor`, `from`, `args` and `timestamp`, nothing else. Errors as json_fields has
/// them. `line`: of the file, from 1, for errors, which are ec::bad_input.
result<corpus_operation>
parse_operation(const io::json& object, std::string_view file, uint32_t line);

/// What the header states of a pool. `fee`: hundredths of a basis point, below 1,000,000;
/// `tick_spacing`: from 1. Kept by parse_header.
struct corpus_header {
  std::string name;
  uint32_t fee = 0;
  int32_t tick_spacing = 0;
  address owner{};                            // may set and collect the protocol's fees
  std::optional<slipstream_terms> slipstream; // none for Uniswap V3
};

/// Of a Uniswap V3 pool, or of a Slipstream pool, which has an `unstakedFee`. `line`: of the file,
/// from 1, for errors, which are ec::bad_input.
result<corpus_header> parse_header(const io::json& object, std::string_view file, uint32_t line);

} // namespace sluice::tools
