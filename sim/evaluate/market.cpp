#include "sim/evaluate/market.hpp"

#include "sim/math/tick_math.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sluice {
namespace {

constexpr double q96 = 0x1p96;
constexpr double smallest_depth = 1e9;   // coarse tokens get more, so that amounts are not 0 or 1
constexpr double growth_max = 1e4;       // times more liquidity in the fullest tick than at first
constexpr double full_range_share = 0.2; // of the founding liquidity
constexpr int founding_ranges = 10;
constexpr size_t provisions_few = 8; // below it one is added, not removed
constexpr size_t provisions_max = 40;
constexpr double seconds_per_change = 300; // mean time between moves of liquidity providers
constexpr double smallest_trade = 4e-5;    // of the depth; a Pareto tail reaches to
constexpr double largest_trade = 250;      // times that
constexpr double pull_per_day = 0.02;      // of the fundamental back to its start
constexpr double wander = 50;              // it stays within this factor of its start
constexpr double eager = 0.7;              // chance that the arbitrageur sees this block
constexpr double seconds_per_day = 86'400;
constexpr u128 all_owed = u128_max;

double power_of_ten(int n) {
  double x = 1;
  for (int i = 0; i < (n < 0 ? -n : n); ++i)
    x *= 10;
  return n < 0 ? 1 / x : x;
}

/// Rounded towards zero; 0 for what is negative or not a number.
u256 to_u256(double x) {
  if (!(x >= 1))
    return 0;
  int exponent = 0;
  const double fraction = std::frexp(x, &exponent); // exact, as is ldexp
  if (exponent > 256)
    return u256::max();
  const u256 mantissa = static_cast<uint64_t>(std::ldexp(fraction, 53));
  return exponent >= 53 ? mantissa << static_cast<unsigned>(exponent - 53)
                        : mantissa >> static_cast<unsigned>(53 - exponent);
}

/// A price that a pool can stand at, away from both ends.
u256 to_sqrt_price(double sqrt_price) {
  return std::clamp(to_u256(sqrt_price * q96), min_sqrt_ratio + 1, max_sqrt_ratio - 1);
}

double sqrt_price_at(int32_t tick) {
  return to_double(sqrt_ratio_at_tick(tick)) / q96;
}

int32_t aligned_down(int32_t tick, int32_t spacing) {
  const int32_t rest = tick % spacing;
  return tick - rest - (rest < 0 ? spacing : 0);
}

/// What one unit of liquidity in a range is worth at a price, in token1.
double unit_value(int32_t lower, int32_t upper, double sqrt_price) {
  const double from = sqrt_price_at(lower);
  const double to = sqrt_price_at(upper);
  const double here = std::clamp(sqrt_price, from, to);
  return (1 / here - 1 / to) * sqrt_price * sqrt_price + (here - from);
}

/// Liquidity for a value, within what one range may bring without filling its ticks.
u128 liquidity_worth(double value, double per_unit, u128 per_tick_max) {
  const u256 most = per_tick_max / 1024;
  const u256 wanted = per_unit > 0 ? to_u256(value / per_unit) : most;
  return static_cast<u128>(std::min(wanted, most));
}

u256 no_limit(bool zero_for_one) {
  return zero_for_one ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1;
}

/// Smallest units of token1 per smallest unit of token0.
double start_price(const market_terms& terms) {
  return terms.price * power_of_ten(int{terms.pool.decimals1} - int{terms.pool.decimals0});
}

/// Smallest units of token1; enough of both tokens that no amount is coarse.
double first_depth(const market_terms& terms) {
  return std::max({terms.depth * power_of_ten(terms.pool.decimals1),
                   smallest_depth * start_price(terms), smallest_depth});
}

bool is_within(double x, double least, double most) {
  return x >= least && x <= most;
}

} // namespace

std::string market_fault(const market_terms& terms) {
  if (terms.pool.fee >= 1'000'000)
    return "fee must be below 1000000";
  if (terms.pool.tick_spacing <= 0 || terms.pool.tick_spacing >= 16'384)
    return "tick spacing must be 1 to 16383";
  if (terms.pool.decimals0 > 36 || terms.pool.decimals1 > 36)
    return "a token has at most 36 decimals";
  if (!is_within(terms.price, 1e-30, 1e30))
    return "price must be 1e-30 to 1e30";
  if (!is_within(start_price(terms), 1e-30, 1e30))
    return "price in smallest units must be 1e-30 to 1e30";
  if (!is_within(terms.block_seconds, 0.01, seconds_per_day))
    return "block seconds must be 0.01 to 86400";
  if (terms.genesis_time > 4'000'000'000)
    return "genesis time must be at most 4000000000";
  if (!is_within(terms.volatility_per_day, 0, 2))
    return "volatility per day must be 0 to 2";
  if (!is_within(terms.trades_per_block, 0, 100))
    return "trades per block must be 0 to 100";
  if (!is_within(terms.depth, 0, 1e30))
    return "depth must be 0 to 1e30";
  const double ticks = 2.0 * max_tick / terms.pool.tick_spacing + 1;
  if (first_depth(terms) / std::sqrt(start_price(terms)) > 0x1p128 / ticks / growth_max)
    return "depth, decimals and price do not fit into the pool's 128 bits of liquidity";
  return {};
}

market::market(market_terms terms, uint64_t seed)
  : market(terms, pool{terms.pool.fee, terms.pool.tick_spacing}, chance{seed}) {}

market::market(market_terms terms, pool state, chance luck)
  : terms_(terms), pool_(std::move(state)), chance_(luck) {
  start_ = start_price(terms_);
  depth_ = first_depth(terms_);
  fundamental_ = start_;
}

double market::sqrt_price() const {
  return to_double(pool_.state().sqrt_price_x96) / q96;
}

address market::new_owner() {
  address owner{};
  for (auto& byte : owner)
    byte = static_cast<uint8_t>(chance_.next() >> 56);
  return owner;
}

feed_block market::next() {
  feed_block block;
  block.number = number_;
  // Blocks may be shorter than a second; two of them then share their time.
  block.time = terms_.genesis_time
               + static_cast<uint64_t>(static_cast<double>(number_) * terms_.block_seconds);
  now_ = static_cast<uint32_t>(block.time);
  if (number_ == 0) {
    found(block);
  } else {
    move_fundamental();
    arbitrage(block);
    provide(block);
    trade(block);
  }
  for (size_t i = 0; i < block.events.size(); ++i)
    block.events[i].log_index = static_cast<uint32_t>(i);
  ++number_;
  return block;
}

void market::found(feed_block& block) {
  const u256 price = to_sqrt_price(std::sqrt(start_));
  if (!pool_.initialize(price, now_))
    return;
  pool_event initialization;
  initialization.kind = pool_event_kind::initialize;
  initialization.sqrt_price_x96 = price;
  initialization.tick = pool_.state().tick;
  block.events.push_back(initialization);

  const int32_t edge = max_tick / terms_.pool.tick_spacing * terms_.pool.tick_spacing;
  provision whole{new_owner(), -edge, edge, 0};
  whole.liquidity = std::max(u128{1}, liquidity_worth(full_range_share * 2 * depth_,
                                                      unit_value(-edge, edge, sqrt_price()),
                                                      pool_.max_liquidity_per_tick()));
  mint(block, whole);
  for (int i = 0; i < founding_ranges; ++i)
    add_provision(block, new_owner(), (1 - full_range_share) * 2 * depth_ / founding_ranges);
}

void market::move_fundamental() {
  const double days = terms_.block_seconds / seconds_per_day;
  const double noise = terms_.volatility_per_day * std::sqrt(days) * chance_.normal();
  const double pull = pull_per_day * days * (start_ / fundamental_ - 1);
  fundamental_ *= 1 + std::clamp(noise + std::clamp(pull, -0.5, 0.5), -0.5, 1.0);
  fundamental_ = std::clamp(fundamental_, start_ / wander, start_ * wander);
}

void market::arbitrage(feed_block& block) {
  if (!chance_.with(eager))
    return;
  // Inside this band the fee eats what there is to earn.
  const double band = std::sqrt(1 - terms_.pool.fee / 1e6);
  const double here = sqrt_price();
  const double fair = std::sqrt(fundamental_);
  const bool down = here * band > fair * 1.00001;
  if (!down && !(here < fair * band * 0.99999))
    return;
  const double goal = down ? fair / band : fair * band;
  const double liquidity = to_double(pool_.state().liquidity);
  const double net = down ? liquidity * (1 / goal - 1 / here) : liquidity * (goal - here);
  const double gross = net / (band * band);
  swap_request order;
  order.zero_for_one = down;
  if (chance_.one_in(2)) { // a careful one sends too much and lets the limit stop it
    order.amount_specified = i256::from_u256(to_u256(gross * 4));
    order.sqrt_price_limit_x96 = to_sqrt_price(goal);
  } else {
    order.amount_specified = i256::from_u256(to_u256(gross * 0.95));
    order.sqrt_price_limit_x96 = no_limit(down);
  }
  swap(block, order);
}

void market::trade(feed_block& block) {
  const auto slots = 4 + static_cast<uint64_t>(4 * terms_.trades_per_block);
  const double odds = terms_.trades_per_block / static_cast<double>(slots);
  for (uint64_t i = 0; i < slots; ++i) {
    if (!chance_.with(odds))
      continue;
    const double value = smallest_trade * depth_ * chance_.heavy(largest_trade);
    const double price = sqrt_price() * sqrt_price();
    swap_request order;
    order.zero_for_one = chance_.one_in(2);
    const bool exact_output = chance_.one_in(10);
    const bool in_token0 = order.zero_for_one != exact_output;
    const auto size = i256::from_u256(to_u256(in_token0 ? value / price : value));
    order.amount_specified = exact_output ? -size : size;
    order.sqrt_price_limit_x96 = no_limit(order.zero_for_one);
    if (chance_.one_in(7)) { // accepts 0.005 % to 0.5 % of slippage (in the root of the price)
      const u256 here = pool_.state().sqrt_price_x96;
      const u256 slip = here * (5 + chance_.below(496)) / 100'000;
      order.sqrt_price_limit_x96 = std::clamp(order.zero_for_one ? here - slip : here + slip,
                                              no_limit(true), no_limit(false));
    }
    swap(block, order);
  }
}

void market::provide(feed_block& block) {
  if (!chance_.with(std::min(0.5, terms_.block_seconds / seconds_per_change)))
    return;
  const double value = 2 * depth_ * (0.01 + 0.09 * chance_.unit());
  const uint64_t what = chance_.below(10);
  const bool few = provisions_.size() < provisions_few;
  if (few || (what < 4 && provisions_.size() < provisions_max)) {
    const size_t who = chance_.below(3 * provisions_.size()); // every third one is a known owner
    add_provision(block, who < provisions_.size() ? provisions_[who].owner : new_owner(), value);
  } else if (what < 5) { // takes the fees, stays
    auto& from = provisions_[chance_.below(provisions_.size())];
    if (from.liquidity != 0 && burn(block, from, 0))
      collect(block, from);
  } else if (what < 8) {
    leave(block, pick_provision());
  } else { // moves its range to where the price is now
    const size_t index = pick_provision();
    const address owner = provisions_[index].owner;
    leave(block, index);
    add_provision(block, owner, value);
  }
}

/// Whoever is out of range is more likely to move. Never the first one.
size_t market::pick_provision() {
  size_t index = 0;
  for (int tries = 0; tries < 3; ++tries) {
    index = 1 + chance_.below(provisions_.size() - 1);
    const auto& at = provisions_[index];
    const int32_t tick = pool_.state().tick;
    if (at.liquidity == 0 || tick < at.tick_lower || tick >= at.tick_upper)
      break;
  }
  return index;
}

void market::add_provision(feed_block& block, const address& owner, double value) {
  const int32_t spacing = terms_.pool.tick_spacing;
  const auto reach = static_cast<int64_t>(uint64_t{60} << chance_.below(8));
  const auto below = static_cast<int32_t>(reach + static_cast<int64_t>(chance_.below(100)));
  auto above = below;
  int32_t middle = pool_.state().tick;
  if (chance_.one_in(4)) // one has an opinion
    above = static_cast<int32_t>(above * 2);
  if (chance_.one_in(8)) // a limit order of sorts: wholly beside the price
    middle += chance_.one_in(2) ? below + spacing : -below - spacing;
  const int32_t edge = max_tick / spacing * spacing;
  provision what{owner, 0, 0, 0};
  what.tick_lower = std::clamp(aligned_down(middle - below, spacing), -edge, edge - spacing);
  what.tick_upper
    = std::clamp(aligned_down(middle + above, spacing) + spacing, what.tick_lower + spacing, edge);
  // Narrow ranges are deep already: who takes one brings less.
  const double width = what.tick_upper - what.tick_lower;
  const double stake = value * width / (width + 1500);
  what.liquidity
    = liquidity_worth(stake, unit_value(what.tick_lower, what.tick_upper, sqrt_price()),
                      pool_.max_liquidity_per_tick());
  mint(block, what);
}

void market::leave(feed_block& block, size_t index) {
  auto& from = provisions_[index];
  if (from.liquidity == 0) { // burned earlier, comes back for the tokens
    collect(block, from);
    provisions_.erase(provisions_.begin() + static_cast<std::ptrdiff_t>(index));
    return;
  }
  const bool half = chance_.one_in(3);
  if (!burn(block, from, half ? from.liquidity / 2 : from.liquidity))
    return;
  if (chance_.one_in(5))
    return; // collects another time
  collect(block, from);
  if (from.liquidity == 0)
    provisions_.erase(provisions_.begin() + static_cast<std::ptrdiff_t>(index));
}

bool market::mint(feed_block& block, const provision& what) {
  if (what.liquidity == 0)
    return false;
  const auto paid = pool_.mint(what.owner, what.tick_lower, what.tick_upper, what.liquidity, now_);
  if (!paid)
    return false;
  pool_event event;
  event.kind = pool_event_kind::mint;
  event.owner = what.owner;
  event.tick_lower = what.tick_lower;
  event.tick_upper = what.tick_upper;
  event.liquidity = what.liquidity;
  event.amount0 = i256::from_u256(paid->amount0);
  event.amount1 = i256::from_u256(paid->amount1);
  block.events.push_back(event);
  provisions_.push_back(what);
  return true;
}

bool market::burn(feed_block& block, provision& from, u128 liquidity) {
  const auto owed = pool_.burn(from.owner, from.tick_lower, from.tick_upper, liquidity, now_);
  if (!owed)
    return false;
  pool_event event;
  event.kind = pool_event_kind::burn;
  event.owner = from.owner;
  event.tick_lower = from.tick_lower;
  event.tick_upper = from.tick_upper;
  event.liquidity = liquidity;
  event.amount0 = i256::from_u256(owed->amount0);
  event.amount1 = i256::from_u256(owed->amount1);
  block.events.push_back(event);
  from.liquidity -= liquidity;
  return true;
}

void market::collect(feed_block& block, const provision& from) {
  const auto got = pool_.collect(from.owner, from.tick_lower, from.tick_upper, all_owed, all_owed);
  if (!got || (got->amount0.is_zero() && got->amount1.is_zero()))
    return;
  pool_event event;
  event.kind = pool_event_kind::collect;
  event.owner = from.owner;
  event.tick_lower = from.tick_lower;
  event.tick_upper = from.tick_upper;
  event.amount0 = i256::from_u256(got->amount0);
  event.amount1 = i256::from_u256(got->amount1);
  block.events.push_back(event);
}

void market::swap(feed_block& block, const swap_request& order) {
  if (order.amount_specified.is_zero())
    return;
  const auto moved = pool_.swap(order, now_);
  if (!moved)
    return;
  pool_event event;
  event.kind = pool_event_kind::swap;
  event.liquidity = pool_.state().liquidity;
  event.amount0 = moved->amount0;
  event.amount1 = moved->amount1;
  event.sqrt_price_x96 = pool_.state().sqrt_price_x96;
  event.tick = pool_.state().tick;
  event.asked = order;
  block.events.push_back(event);
}

} // namespace sluice
