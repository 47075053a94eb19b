#include "sim/evaluate/replica_events.hpp"
#include "sim/math/tick_math.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

namespace sluice {

namespace {

fault at_bar(const feed_block& block, const std::string& what) {
  return {ec::bad_input, (block.bar->line != 0 ? "line " + std::to_string(block.bar->line)
                                               : "block " + std::to_string(block.number))
                           + ": bar: " + what};
}

/// The bar as one step from open to close, or what is wrong with it.
std::string execute_bar(const price_bar& bar, const pool_terms& terms, block_record& into) {
  for (const int32_t tick : {bar.open_tick, bar.close_tick})
    if (tick < min_tick || tick >= max_tick)
      return "expected ticks from -887272 to 887271, got " + std::to_string(tick);
  constexpr u256 amount_max = u256::max() >> 32; // times the fee still fits
  if (bar.in_amount0 > amount_max || bar.in_amount1 > amount_max)
    return "expected amounts below 2^224";
  path_step step;
  step.sqrt_price_from_x96 = sqrt_ratio_at_tick(bar.open_tick);
  step.sqrt_price_to_x96 = sqrt_ratio_at_tick(bar.close_tick);
  step.liquidity = bar.liquidity;
  step.fee0 = unstaked_part(bar.in_amount0 * terms.fee / 1'000'000, terms.unstaked_fee);
  step.fee1 = unstaked_part(bar.in_amount1 * terms.fee / 1'000'000, terms.unstaked_fee);
  into.steps.push_back(step);
  into.sqrt_price_x96 = step.sqrt_price_to_x96;
  into.tick = bar.close_tick;
  if (!bar.in_amount0.is_zero() || !bar.in_amount1.is_zero())
    into.swaps.push_back({1, into.sqrt_price_x96, into.tick, {}, terms.fee});
  return {};
}

// A checkpoint: magic, version, kind, terms, then a price (bars) or a pool. Little endian. Before a
// Slipstream pool come the terms that only it has, and the time.
constexpr std::string_view magic = "slrp\1";
enum class saved_kind : uint8_t { bars = 0, pool, slipstream };

template <class T>
void put(std::string& to, T x) {
  for (size_t i = 0; i < sizeof(T); ++i)
    to += static_cast<char>(static_cast<std::make_unsigned_t<T>>(x) >> (8 * i));
}

template <class T>
bool take(std::string_view& from, T& x) {
  if (from.size() < sizeof(T))
    return false;
  std::make_unsigned_t<T> bits = 0;
  for (size_t i = 0; i < sizeof(T); ++i)
    bits |= static_cast<std::make_unsigned_t<T>>(
      static_cast<std::make_unsigned_t<T>>(static_cast<uint8_t>(from[i])) << (8 * i));
  x = static_cast<T>(bits);
  from.remove_prefix(sizeof(T));
  return true;
}

bool take(std::string_view& from, u256& x) {
  std::array<uint64_t, 4> limbs{};
  for (auto& limb : limbs)
    if (!take(from, limb))
      return false;
  x = u256::from_limbs(limbs);
  return true;
}

bool take(std::string_view& from, address& x) {
  if (from.size() < x.size())
    return false;
  std::copy_n(from.begin(), x.size(), x.begin());
  from.remove_prefix(x.size());
  return true;
}

fault broken(const std::string& what) {
  return {ec::corrupt_data, "saved market: " + what};
}

/// What a pool gives from the time of one block to that of the next, as if it were notified of
/// both: CLPool gives min(rate * dt, reserve) since its last update, whenever that was.
u256 emitted(const slipstream_rewards& rewards, uint64_t from, uint64_t to) {
  const auto until = [&](uint64_t time) {
    const u256 due = rewards.rate * (time - std::min<uint64_t>(time, rewards.last_updated));
    return std::min(due, rewards.reserve);
  };
  const u256 before = until(from), now = until(to);
  return from != 0 && now > before ? now - before : u256{};
}

} // namespace

uint32_t current_fee(const window& market) {
  for (auto block = market.blocks.rbegin(); block != market.blocks.rend(); ++block) {
    const auto& events = (*block)->block.events;
    for (auto event = events.rbegin(); event != events.rend(); ++event)
      if (event->kind == pool_event_kind::fees)
        return static_cast<uint32_t>(event->amount0.bits());
      else if (event->kind == pool_event_kind::swap)
        return (*block)->swaps.back().fee; // the last that was swapped at in this block
  }
  return market.start_pool ? market.start_pool->fee() : market.terms.fee;
}

pool empty_pool(const pool_terms& terms) {
  if (terms.kind == pool_kind::uniswap)
    return pool(terms.fee, terms.tick_spacing);
  slipstream_terms initial;
  initial.fee = terms.fee;
  initial.unstaked_fee = terms.unstaked_fee;
  initial.tick_spacing = terms.tick_spacing;
  initial.gauge = terms.gauge;
  initial.position_manager = terms.position_manager;
  return pool(initial);
}

replica replica::of_pool(pool_terms terms, pool start) {
  replica made;
  made.terms_ = terms;
  made.pool_ = std::move(start);
  made.pool_->forget_all_gone();
  return made;
}

replica replica::of_bars(pool_terms terms, price_point start) {
  replica made;
  made.terms_ = terms;
  made.bar_price_ = start;
  return made;
}

result<std::shared_ptr<const block_record>> replica::apply(feed_block given) {
  auto record = std::make_shared<block_record>();
  record->block = std::move(given);
  const auto& block = record->block;
  if (!pool_) {
    if (!block.events.empty())
      return fault{ec::invalid_argument,
                   "block " + std::to_string(block.number) + ": events in a feed of bars"};
    record->sqrt_price_x96 = bar_price_.sqrt_price_x96;
    record->tick = bar_price_.tick;
    if (block.bar)
      if (auto why = execute_bar(*block.bar, terms_, *record); !why.empty())
        return at_bar(block, why);
    bar_price_ = {record->sqrt_price_x96, record->tick};
    return std::shared_ptr<const block_record>{std::move(record)};
  }
  if (block.bar)
    return fault{ec::invalid_argument,
                 "block " + std::to_string(block.number) + ": a bar in a feed of events"};
  if (const auto* staking = pool_->slipstream())
    record->reward = {emitted(staking->rewards, time_, block.time), staking->staked_liquidity};
  if (!block.events.empty()) {
    snapshot_.reset(); // whoever holds it keeps it
    if (auto done = execute_events(block, terms_, *pool_, undo_, *record); !done)
      return done.error();
  }
  time_ = std::max(time_, block.time);
  record->sqrt_price_x96 = pool_->state().sqrt_price_x96;
  record->tick = pool_->state().tick;
  return std::shared_ptr<const block_record>{std::move(record)};
}

price_point replica::price() const {
  return pool_ ? price_point{pool_->state().sqrt_price_x96, pool_->state().tick} : bar_price_;
}

std::shared_ptr<const pool> replica::snapshot() const {
  if (pool_ && !snapshot_)
    snapshot_ = std::make_shared<const pool>(*pool_);
  return snapshot_;
}

bool replica::alive() const {
  return !pool_ || !pool_->state().sqrt_price_x96.is_zero();
}

std::string replica::save() const {
  std::string bytes{magic};
  const bool slipstream = terms_.kind == pool_kind::slipstream;
  put(bytes, static_cast<uint8_t>(!pool_       ? saved_kind::bars
                                  : slipstream ? saved_kind::slipstream
                                               : saved_kind::pool));
  put(bytes, terms_.fee);
  put(bytes, terms_.tick_spacing);
  put(bytes, terms_.decimals0);
  put(bytes, terms_.decimals1);
  if (pool_ && slipstream) {
    put(bytes, terms_.unstaked_fee);
    bytes.append(terms_.gauge.begin(), terms_.gauge.end());
    bytes.append(terms_.position_manager.begin(), terms_.position_manager.end());
    put(bytes, time_);
  }
  if (pool_)
    return bytes + pool_->save();
  for (size_t i = 0; i < 4; ++i)
    put(bytes, bar_price_.sqrt_price_x96.limb(i));
  put(bytes, bar_price_.tick);
  return bytes;
}

result<replica> replica::load(std::string_view bytes) {
  if (!bytes.starts_with(magic))
    return broken("not a saved market, or of another version");
  bytes.remove_prefix(magic.size());
  replica made;
  auto& terms = made.terms_;
  uint8_t kind = 0;
  if (!take(bytes, kind) || !take(bytes, terms.fee) || !take(bytes, terms.tick_spacing)
      || !take(bytes, terms.decimals0) || !take(bytes, terms.decimals1))
    return broken("cut off");
  if (terms.fee >= 1'000'000 || terms.tick_spacing <= 0 || terms.tick_spacing >= 16384)
    return broken("impossible pool terms");
  const bool slipstream = kind == static_cast<uint8_t>(saved_kind::slipstream);
  if (slipstream) {
    terms.kind = pool_kind::slipstream;
    if (!take(bytes, terms.unstaked_fee) || !take(bytes, terms.gauge)
        || !take(bytes, terms.position_manager) || !take(bytes, made.time_))
      return broken("cut off");
  }
  if (slipstream || kind == static_cast<uint8_t>(saved_kind::pool)) {
    auto loaded = pool::load(bytes);
    if (!loaded)
      return loaded.error();
    const auto* staking = loaded->slipstream();
    const bool same = staking ? slipstream && staking->gauge == terms.gauge
                                  && staking->position_manager == terms.position_manager
                              : !slipstream && loaded->fee() == terms.fee;
    if (!same || loaded->tick_spacing() != terms.tick_spacing)
      return broken("the pool has other terms");
    made.pool_ = *std::move(loaded);
    made.pool_->forget_all_gone(); // of versions that kept them
    return made;
  }
  auto& [price, tick] = made.bar_price_;
  if (kind != static_cast<uint8_t>(saved_kind::bars) || !take(bytes, price) || !take(bytes, tick)
      || !bytes.empty())
    return broken("cut off or too long");
  const bool unknown = price.is_zero() && tick == 0;
  if (!unknown
      && (price < min_sqrt_ratio || price >= max_sqrt_ratio || tick_at_sqrt_ratio(price) != tick))
    return broken("impossible price");
  return made;
}

} // namespace sluice
