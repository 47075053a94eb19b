/// A Uniswap V3 or Slipstream pool, bit for bit the contract (UniswapV3Pool.sol 1.0.1, CLPool.sol).
#pragma once

#include "rules/math/u256.hpp"
#include "rules/result.hpp"
#include "sim/math/divisors.hpp"
#include "sim/pool/oracle.hpp"
#include "sim/pool/pool_positions.hpp"
#include "sim/pool/pool_ticks.hpp"
#include "sim/pool/pool_types.hpp"
#include "sim/pool/swap_segment.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sluice {

/// Why the contract would have reverted. `reasonless` is a revert without a text.
enum class revert : uint8_t {
  none = 0,
  reasonless,
  LOK,
  R,
  T,
  L,
  AI,
  AS,
  SPL,
  TLU,
  TLM,
  TUM,
  LO,
  LS,
  LA,
  NP,
  M0,
  M1,
  IIA,
  F0,
  F1,
  TF,
  I,
  OLD,
  NG,
  NNFT,
};

/// The contract's text, "" for a reasonless one.
std::string_view reason(revert why);

/// A value, or the revert that left everything as it was.
template <class T>
class [[nodiscard]] or_revert {
public:
  or_revert(T x) : data_(std::in_place_index<0>, std::move(x)) {}
  or_revert(revert why) : data_(std::in_place_index<1>, why) {}
  explicit operator bool() const noexcept { return data_.index() == 0; }
  T& operator*() & { return std::get<0>(data_); }
  const T& operator*() const& { return std::get<0>(data_); }
  T&& operator*() && { return std::get<0>(std::move(data_)); }
  const T* operator->() const { return &std::get<0>(data_); }
  revert why() const { return data_.index() == 0 ? revert::none : std::get<1>(data_); }

private:
  std::variant<T, revert> data_;
};

/// How a callback pays; one smallest unit short of nothing is not short. A swap has one input, so
/// there either flag means it.
struct payment {
  bool short0 = false;
  bool short1 = false;
  bool reenter = false; // calls the pool from its callback
};

/// What a swap moves, in smallest units, -(2^255 - 1) to 2^255 - 1 each.
struct swap_amounts {
  i256 amount0; // pool's view: positive goes in
  i256 amount1;
  bool operator==(const swap_amounts&) const = default;
};

/// One computation step of a swap, as the observed model needs it. Prices are Q64.96; amount_in
/// (without the fee), fee_amount and lp_fee are smallest units of the input token, amount_out of
/// the other, all of them 0 to 2^256 - 1.
struct swap_step {
  u256 sqrt_price_from_x96;
  u256 sqrt_price_to_x96;
  u128 liquidity = 0; // L in range, 0 to 2^128 - 1
  u256 amount_in;
  u256 amount_out;
  u256 fee_amount; // all of it
  u256 lp_fee; // to all of `liquidity`: without the protocol's cut or, on Slipstream, without the
               // unstaked fee, as if nothing were staked; so a share of one earns it of the other
};

/// Receives every step of a swap, in order, those without liquidity too; must not touch the pool.
/// A swap that fails may have reported some steps before.
class swap_observer {
public:
  virtual void on_step(const swap_step& step) = 0;
  /// An initialized tick was crossed. The tick is -887272 to 887272.
  virtual void on_cross(int32_t /*tick*/) {}

protected:
  ~swap_observer() = default;
};

/// Where a swap leads, before anything has happened. The price is a sqrtPriceX96, the tick -887272
/// to 887271, liquidity L in range, 0 to 2^128 - 1.
struct swap_end {
  u256 sqrt_price_x96;
  int32_t tick = 0;
  u128 liquidity = 0;
  swap_amounts moved;
};

/// Decides whether a swap takes place; must not touch the pool.
class swap_judge {
public:
  /// False leaves the pool as it was.
  virtual bool accepts(const swap_end& end) = 0;

protected:
  ~swap_judge() = default;
};

/// Bytes of a pool.
struct pool_memory {
  size_t ticks = 0; // and what every pool has
  size_t positions = 0;
  size_t observations = 0;
};

/// Cheap to copy; a failed operation changes nothing and answers the contract's revert. Everywhere
/// here: times are block timestamps, unix seconds modulo 2^32; prices are sqrtPriceX96 from
/// min_sqrt_ratio to below max_sqrt_ratio; ticks are -887272 to 887272; fees are hundredths of a
/// basis point; liquidity is L, 0 to 2^128 - 1; amounts are smallest units of their token.
class pool {
public:
  /// `fee` < 1e6, 0 < `tick_spacing` < 16384, as the factory demands (not checked).
  pool(uint32_t fee, int32_t tick_spacing);
  /// A Slipstream pool: liquidity can be staked, and the gauge gets what the protocol would. The
  /// same bounds, and an unstaked fee of at most 1e6 (not checked).
  explicit pool(const slipstream_terms& terms);

  /// The tick of the price. Reverts: R for a price out of range, AI (Slipstream: reasonless) when
  /// it was initialized before.
  or_revert<int32_t> initialize(const u256& sqrt_price_x96, uint32_t now);
  /// Adds `amount` of L, 1 to 2^127 - 1; answers what it costs, rounded up. Reverts: LOK before
  /// initialize; TLU, TLM, TUM for the range; LO above max_liquidity_per_tick, LA beyond 128 bits;
  /// M0, M1 for a short payment; reasonless for another `amount`, ticks off the spacing or a
  /// balance beyond 2^256 - 1.
  or_revert<token_amounts> mint(const address& owner, int32_t tick_lower, int32_t tick_upper,
                                u128 amount, uint32_t now, payment pay = {});
  /// Takes away `amount` of L, 0 to 2^127 - 1 (0 brings the owed fees up to date); answers what is
  /// owed for it, rounded down. Reverts: LOK, TLU, TLM, TUM as above; LS for more than the position
  /// has, NP for 0 of an empty one; reasonless for a larger `amount`.
  or_revert<token_amounts>
  burn(const address& owner, int32_t tick_lower, int32_t tick_upper, u128 amount, uint32_t now);
  /// Pays out what is owed, at most what is requested (0 to 2^128 - 1 each); answers what was paid,
  /// 0 of a position that nobody minted. Reverts: LOK, TF when the pool has less.
  or_revert<token_amounts> collect(const address& owner, int32_t tick_lower, int32_t tick_upper,
                                   u128 amount0_requested, u128 amount1_requested);
  /// Swaps until the amount is used up or the limit is reached; answers what moved. Reverts: AS for
  /// an amount of 0, LOK, SPL for a limit on the wrong side of the price or out of range, TF, IIA
  /// for a short payment; reasonless, LS or LA for an overflow.
  or_revert<swap_amounts> swap(const swap_request& order, uint32_t now, payment pay = {},
                               swap_observer* observer = nullptr);
  /// The same with a callback that pays, if `judge` accepts where it leads; what it refuses has
  /// changed nothing and answers revert::none.
  or_revert<swap_amounts> swap_if(const swap_request& order, uint32_t now, swap_judge& judge,
                                  swap_observer* observer = nullptr);
  /// Lends both amounts, 0 to 2^256 - 1. The callback returns amount + fee + extra; answers what
  /// was paid beyond the amounts. Reverts: LOK; L without liquidity in range; TF for more than
  /// there is; F0, F1 for a short payment; reasonless for an overflow.
  or_revert<token_amounts> flash(const u256& amount0, const u256& amount1, const u256& extra0,
                                 const u256& extra1, payment pay = {});
  /// The protocol takes 1/4 to 1/10 of the fees (4 to 10), or nothing (0). `by_owner`: is the
  /// caller the factory's owner? Reverts: LOK; reasonless for anybody else and for other numbers.
  or_revert<nothing> set_fee_protocol(uint8_t fee_protocol0, uint8_t fee_protocol1, bool by_owner);
  /// Pays out protocol fees, at most what is requested (0 to 2^128 - 1) and always leaving one
  /// unit; answers what was paid. Reverts: LOK, TF; reasonless when not `by_owner`.
  or_revert<token_amounts>
  collect_protocol(u128 amount0_requested, u128 amount1_requested, bool by_owner);
  /// Makes space for `next` observations, 0 to 65535; never shrinks. Reverts: LOK.
  or_revert<nothing> increase_observation_cardinality_next(uint16_t next);
  /// Cumulative tick and seconds per liquidity, `seconds_ago` before `now`, 0 to 2^32 - 1 seconds.
  /// Reverts: I before initialize, OLD when that is older than all observations.
  or_revert<observation> observe(uint32_t seconds_ago, uint32_t now) const;

  // Of Slipstream pools only (else a bug); `caller` is the contract's msg.sender.

  /// What the factory decides about the fees from now on; `fee` < 1e6, `unstaked_fee` <= 1e6 (not
  /// checked).
  void set_fees(uint32_t fee, uint32_t unstaked_fee);
  /// Stakes `delta` of L (unstakes when negative), which the gauge alone may. `move_position`: from
  /// the position manager's position to the gauge's. Reverts: LOK, NG for another caller; LS, LA
  /// where liquidity would leave 0 to 2^128 - 1; NP when 0 of an empty position moves; reasonless
  /// for an overflow at a tick.
  or_revert<nothing> stake(const address& caller, i128 delta, int32_t tick_lower,
                           int32_t tick_upper, bool move_position, uint32_t now);
  /// The gauge's rewards from now on: `rate` smallest units of the reward token per second,
  /// `reserve` of them to give, until `period_finish` (unix seconds); any u256. Reverts: LOK, NG.
  or_revert<nothing> sync_reward(const address& caller, const u256& rate, const u256& reserve,
                                 const u256& period_finish);
  /// Gives what has accrued until `now` to what is staked. Reverts: LOK, NG; reasonless where the
  /// growth would exceed 256 bits.
  or_revert<nothing> update_rewards(const address& caller, uint32_t now);
  /// CLPool.collectFees: pays all but one unit of the gauge's fees of each token; answers that, or
  /// 1 when 1 is all that there is, which stays. Reverts: LOK, NG, TF.
  or_revert<token_amounts> collect_gauge_fees(const address& caller);
  /// burn of another's position, which the position manager alone may: NNFT for another caller,
  /// else as burn.
  or_revert<token_amounts> burn_for(const address& caller, const address& owner, int32_t tick_lower,
                                    int32_t tick_upper, u128 amount, uint32_t now);
  /// collect from another's position, which the position manager alone may: NNFT for another
  /// caller, else as collect.
  or_revert<token_amounts>
  collect_for(const address& caller, const address& owner, int32_t tick_lower, int32_t tick_upper,
              u128 amount0_requested, u128 amount1_requested);
  /// Null for a Uniswap pool.
  const slipstream_state* slipstream() const { return slipstream_ ? &*slipstream_ : nullptr; }
  /// Zeros when the tick is not initialized. No error.
  tick_stake stake_of(int32_t tick) const { return ticks_.stake(tick); }
  /// What a unit of staked liquidity in the range has earned (Q128.128, reward token), modulo
  /// 2^256, as of the last update. Of Slipstream pools only; no error.
  u256 reward_growth_inside(int32_t tick_lower, int32_t tick_upper) const;

  /// Hundredths of a basis point, 0 to 999999.
  uint32_t fee() const { return fee_; }
  /// Ticks, 1 to 16383.
  int32_t tick_spacing() const { return tick_spacing_; }
  /// The most L at one tick, see tick_spacing_to_max_liquidity_per_tick.
  u128 max_liquidity_per_tick() const { return max_liquidity_per_tick_; }
  const pool_state& state() const { return state_; }
  /// All zeros when the tick or the position was never touched.
  tick_info tick(int32_t tick) const;
  position_info position(const position_key& key) const;
  /// As observations(i) of the contract; any index, one that was never written is not initialized.
  observation observation_at(uint16_t index) const;
  /// All initialized ticks ascending; all positions ever touched, by key.
  std::vector<std::pair<int32_t, tick_info>> ticks() const;
  std::vector<std::pair<position_key, position_info>> positions() const;

  /// Removes a position without liquidity and without anything owed, which no later operation can
  /// tell from one that nobody minted (docs/decisions/0030); only `position`, `positions` and
  /// `save` show it. False when there is no such.
  bool forget_if_gone(const position_key& key);
  /// All that `forget_if_gone` would remove; answers how many.
  size_t forget_all_gone();

  /// Can it pay what it owes, as far as its numbers show? Then, as every rounding is in its favour,
  /// it always can: no swap in it reverts for want of tokens. A smallest unit short of slack may be
  /// a no.
  bool is_solvent() const;

  /// The whole state as bytes (little endian, versioned); load refuses what save did not write:
  /// ec::schema_mismatch for another version, ec::corrupt_data or, for fees and spacing,
  /// ec::out_of_range for the rest.
  std::string save() const;
  static result<pool> load(std::string_view bytes);
  /// A pool in the given state. ec::out_of_range (fee, spacing, unstaked fee) or ec::corrupt_data
  /// when the parts contradict each other: price and tick, liquidity in range, ticks and positions,
  /// observations.
  static result<pool> restore(const pool_parts& parts);

  /// Bytes, shared memory counted in full.
  pool_memory memory() const {
    return {sizeof(*this) + ticks_.memory(), positions_.memory(), oracle_.memory()};
  }

  bool operator==(const pool&) const = default; // the whole state

private:
  friend class pool_undo;

  struct change;   // a mint or burn that has not happened yet
  struct planned;  // what it will do
  struct swap_run; // a swap on its way
  struct uniswap_rules;
  struct slipstream_rules; // what a swap does differently there

  oracle_view view(uint32_t now) const;
  void write_observation(uint32_t now);
  or_revert<tick_record>
  plan_tick(int32_t tick, const change& what, bool upper, const cumulatives& past) const;
  or_revert<planned> plan(const change& what) const;
  or_revert<position_info>
  plan_position(const position_key& key, i128 delta, const token_amounts& inside) const;
  void plan_amounts(const change& what, planned& outcome) const;
  void commit(const change& what, const planned& outcome);

  void find_place();
  token_amounts scaled_principal() const;
  void find_segment();
  template <bool zero_for_one>
  u128 target_within(const u256& limit);
  template <bool zero_for_one>
  or_revert<swap_amounts>
  commit_within(u128 next, u128 in, u128 out, u128 fee, uint32_t now, payment pay);
  template <bool zero_for_one>
  or_revert<swap_amounts>
  swap_within(const swap_request& order, uint32_t now, payment pay, u128 target);
  template <bool zero_for_one>
  or_revert<swap_amounts>
  swap_output_within(const swap_request& order, uint32_t now, payment pay, u128 target);
  template <bool zero_for_one>
  or_revert<swap_amounts>
  swap_uniswap(const swap_request& order, uint32_t now, payment pay, swap_observer* observer);
  or_revert<swap_amounts> swap_by_steps(const swap_request& order, uint32_t now, payment pay,
                                        swap_observer* observer, swap_judge* judge = nullptr);
  swap_run start_swap(const swap_request& order, uint32_t now) const;
  template <class Rules>
  or_revert<swap_amounts> swap_by(const swap_request& order, uint32_t now, payment pay,
                                  swap_observer* observer, swap_judge* judge);
  void cross_back(const swap_request& order, uint32_t now);
  template <class Rules>
  void cross_back_by(const swap_request& order, uint32_t now);
  template <class Rules>
  struct narrow_place;
  template <class Rules>
  struct observed_place;
  template <class Place>
  revert walk_narrow(swap_run& run, Place place);
  template <class Rules>
  revert walk(swap_run& run, Rules& rules, swap_observer* observer);
  template <class Rules>
  revert cross(swap_run& run, Rules& rules);
  void flip(const swap_run& run, size_t index);
  or_revert<swap_amounts> settle(const swap_run& run, payment pay) const;
  void commit(const swap_run& run, const swap_amounts& moved);

  uint32_t fee_;
  int32_t tick_spacing_;
  u128 max_liquidity_per_tick_;
  pool_state state_;
  pool_ticks ticks_;
  pool_positions positions_;
  oracle oracle_;
  std::optional<slipstream_state> slipstream_;
  // What a swap would look up first; they follow from the state.
  size_t ticks_below_ = 0; // initialized ones at or below the tick
  stretch here_;           // of the liquidity in range
  swap_segment segment_;   // where `ticks_` and liquidity are as they are now
};

} // namespace sluice
