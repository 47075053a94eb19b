/// A seeded market of subnets and the traders on it: every stake and unstake follows from the seed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string_view>
#include <vector>

namespace sluice {

/// How somebody trades, and what is special about them.
enum class trader_kind : uint8_t {
  skilled = 0,  // knows which way the price goes next
  random,       // buys and sells by chance
  churner,      // sells again before the minimum hold is over
  washer,       // stakes and unstakes in one extrinsic
  reregistered, // skilled; lost its slot and has another since
  newcomer,     // by chance; on the slot that the one above lost
  blacklisted,  // skilled; the operator has it on the blacklist
  idle,         // registered, never trades
  owner,        // skilled; its coldkey has a neuron on one of the subnets
  stranger,     // by chance; is no miner
};

/// "skilled", "wash trader", ...: for people.
std::string_view to_string(trader_kind x);

/// One of the market. `uid`: 0 to 65535, of the first registration.
struct dev_trader {
  trader_kind kind = trader_kind::idle;
  uint16_t uid = 0;
};

/// Everybody, in the order of dev_trade::trader. Uids begin at 20.
std::span<const dev_trader> dev_traders();

/// The slot of the one who is registered again, since dev_reregistered_after_us.
inline constexpr uint16_t dev_second_uid = 31;

/// The subnets, and the one on which the owner's coldkey has a neuron.
inline constexpr uint16_t dev_subnets = 4; // netuids 1 to 4
inline constexpr uint16_t dev_owned_netuid = 3;

/// The market begins so long before the run does; microseconds (20 days).
inline constexpr int64_t dev_history_us = 20LL * 86'400 * 1'000'000;
/// After so long the slot is lost and somebody else has it; after so long there is another one
/// (microseconds since the market began).
inline constexpr int64_t dev_slot_lost_after_us = 8LL * 86'400 * 1'000'000;
inline constexpr int64_t dev_reregistered_after_us = 10LL * 86'400 * 1'000'000;
/// A market moves on by so many blocks of 12 s at once; every beat has at least one trade.
inline constexpr uint64_t dev_beat_blocks = 75;
/// Number of the block in which the market begins.
inline constexpr uint64_t dev_first_block = 5'000'000;

/// One stake or unstake.
struct dev_trade {
  int64_t time_us = 0; // microseconds since the market began
  uint64_t block = 0;  // from dev_first_block on, one every 12 s
  uint16_t netuid = 0; // 1 to dev_subnets
  size_t trader = 0;   // index into dev_traders()
  bool stake = false;
  int64_t tao_rao = 0; // above 0
  int64_t alpha = 0;   // above 0; 1e-9 alpha
  uint32_t index = 0;  // inside its extrinsic: who trades twice at once has 0 and 1
  bool operator==(const dev_trade&) const = default;
};

/// Two reserves whose product does not fall; both in 1e-9 of their coin, above 0 and below 2^62.
struct dev_pool {
  int64_t tao_rao = 0;
  int64_t alpha = 0;

  /// Puts in TAO, takes out alpha: floor(alpha * x / (tao + x)). `x`: rao, from 0.
  int64_t buy(int64_t x);
  /// Puts in alpha, takes out TAO: floor(tao * x / (alpha + x)). `x`: 1e-9 alpha, from 0.
  int64_t sell(int64_t x);
};

/// Moves on, never back; two with the same seed trade the same. Any seed; no errors.
class dev_market {
public:
  explicit dev_market(uint64_t seed);

  /// Every trade that was not given yet, up to and including this moment (microseconds since the
  /// market began), by time. Takes time in proportion to the beats that are passed.
  std::vector<dev_trade> advance_to(int64_t time_us);

  /// The pool of a subnet as it is after the last beat that was played. `netuid`: 1 to dev_subnets,
  /// not checked.
  const dev_pool& pool_of(uint16_t netuid) const { return subnets_[netuid - 1].pool; }

private:
  static constexpr size_t traders_max = 16;

  struct holding {
    int64_t alpha = 0;
    uint64_t since = 0; // beat
    bool reduced = false;
  };
  struct subnet {
    dev_pool pool;
    int64_t trend_ppm = 0; // per beat
    uint64_t trend_left = 0;
    std::array<holding, traders_max> holdings;
  };

  uint64_t chance(uint64_t below);
  void play_beat();
  void move_price(subnet& s);
  void act(size_t trader);
  void act_skilled(size_t trader, uint16_t netuid);
  void act_random(size_t trader, bool surely);
  void act_churner(size_t trader);
  void act_washer(size_t trader);
  void stake(size_t trader, uint16_t netuid, int64_t tao_rao, uint32_t index = 0);
  void unstake(size_t trader, uint16_t netuid, int64_t alpha, uint32_t index = 0);
  void add(dev_trade x, size_t trader);

  uint64_t state_; // of the random numbers
  uint64_t beat_ = 0;
  std::array<subnet, dev_subnets> subnets_;
  std::deque<dev_trade> pending_; // played, not given yet
};

} // namespace sluice
