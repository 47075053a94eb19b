#include "sim/pool/oracle.hpp"

#include "sim/math/liquidity_math.hpp"

namespace sluice {

namespace {

/// a <= b on a clock of 32 bits that may have wrapped once before `now`.
bool not_after(uint32_t now, uint32_t a, uint32_t b) {
  if (a <= now && b <= now)
    return a <= b;
  uint64_t wrap = uint64_t{1} << 32;
  return (a > now ? a : a + wrap) <= (b > now ? b : b + wrap);
}

} // namespace

oracle::oracle(const oracle& other) : cardinality_next_(other.cardinality_next_) {
  slots_.reserve(cardinality_next_);
  slots_.assign(other.slots_.begin(), other.slots_.end());
}

oracle& oracle::operator=(const oracle& other) {
  if (this != &other) {
    cardinality_next_ = other.cardinality_next_;
    slots_.clear();
    slots_.reserve(cardinality_next_);
    slots_.assign(other.slots_.begin(), other.slots_.end());
  }
  return *this;
}

void oracle::initialize(uint32_t now) {
  slots_.assign(1, slot{now, {}, 0});
  cardinality_next_ = 1;
}

void oracle::grow(uint16_t cardinality_next) {
  if (cardinality_next <= cardinality_next_)
    return;
  cardinality_next_ = cardinality_next;
  slots_.reserve(cardinality_next);
}

oracle::slot oracle::transform(const slot& last, uint32_t now, int32_t tick, u128 liquidity) {
  uint32_t passed = now - last.block_timestamp;
  slot next;
  next.block_timestamp = now;
  next.tick_cumulative = wrap_int56(last.tick_cumulative + int64_t{tick} * passed);
  next.seconds_per_liquidity_x128
    = stored_u160(last.seconds_per_liquidity_x128.value()
                  + (u256{passed} << 128) / (liquidity > 0 ? liquidity : 1));
  return next;
}

observation oracle::show(const slot& x) {
  return {x.block_timestamp, x.tick_cumulative, x.seconds_per_liquidity_x128.value(), true};
}

std::pair<uint16_t, uint16_t> oracle::next(const oracle_view& view) const {
  bool at_the_end = view.index == view.cardinality - 1;
  uint16_t cardinality
    = cardinality_next_ > view.cardinality && at_the_end ? cardinality_next_ : view.cardinality;
  return {static_cast<uint16_t>(view.index + 1 == cardinality ? 0 : view.index + 1), cardinality};
}

std::pair<uint16_t, uint16_t> oracle::write(const oracle_view& view) {
  const slot& last = slots_[view.index];
  if (last.block_timestamp == view.now)
    return {view.index, view.cardinality};
  auto [index, cardinality] = next(view);
  slot next = transform(last, view.now, view.tick, view.liquidity);
  if (index < slots_.size())
    slots_[index] = next;
  else
    slots_.push_back(next); // within what `grow` reserved
  return {index, cardinality};
}

cumulatives oracle::observe_now(const oracle_view& view) const {
  slot last = slots_[view.index];
  if (last.block_timestamp != view.now)
    last = transform(last, view.now, view.tick, view.liquidity);
  return {last.tick_cumulative, last.seconds_per_liquidity_x128.value()};
}

oracle::kept oracle::keep(const oracle_view& view) const {
  kept now{cardinality_next_, written(), 0, {}};
  if (slots_.empty())
    return now;
  now.index = next(view).first;
  if (now.index < slots_.size())
    now.overwritten = slots_[now.index];
  return now;
}

void oracle::put_back(const kept& before) {
  if (slots_.size() > before.written)
    slots_.resize(before.written);
  if (before.index < before.written)
    slots_[before.index] = before.overwritten;
  cardinality_next_ = before.cardinality_next;
}

observation oracle::at(uint16_t index) const {
  if (index < slots_.size())
    return show(slots_[index]);
  observation empty;
  empty.block_timestamp = index < cardinality_next_ ? 1 : 0; // `grow` has paid for the slot
  return empty;
}

const oracle::slot* oracle::initialized(uint32_t index) const {
  return index < slots_.size() ? &slots_[index] : nullptr;
}

std::optional<observation> oracle::observe(const oracle_view& view, uint32_t seconds_ago) const {
  uint32_t target = view.now - seconds_ago;
  const slot& newest = slots_[view.index];
  if (seconds_ago == 0 || not_after(view.now, newest.block_timestamp, target)) {
    if (newest.block_timestamp == target)
      return show(newest);
    return show(transform(newest, target, view.tick, view.liquidity));
  }
  const slot* oldest = initialized((view.index + 1U) % view.cardinality);
  if (oldest == nullptr)
    oldest = slots_.data();
  if (!not_after(view.now, oldest->block_timestamp, target))
    return std::nullopt;
  return search(view, target);
}

std::optional<observation> oracle::search(const oracle_view& view, uint32_t target) const {
  uint32_t left = (view.index + 1U) % view.cardinality; // the oldest
  uint32_t right = left + view.cardinality - 1U;        // the newest
  const slot* before = nullptr;
  const slot* after = nullptr;
  while (true) {
    if (left > right)
      return std::nullopt; // only when the slots are not in order, which `restore` refuses
    uint32_t middle = (left + right) / 2;
    before = initialized(middle % view.cardinality);
    if (before == nullptr) {
      left = middle + 1;
      continue;
    }
    after = initialized((middle + 1) % view.cardinality);
    bool not_before = not_after(view.now, before->block_timestamp, target);
    uint32_t after_time = after == nullptr ? 1 : after->block_timestamp;
    if (not_before && not_after(view.now, target, after_time))
      break;
    if (!not_before) {
      if (middle == 0)
        return std::nullopt;
      right = middle - 1;
    } else {
      left = middle + 1;
    }
  }
  if (target == before->block_timestamp || after == nullptr)
    return show(*before);
  if (target == after->block_timestamp)
    return show(*after);
  uint32_t between = after->block_timestamp - before->block_timestamp;
  uint32_t passed = target - before->block_timestamp;
  int64_t ticks = wrap_int56(after->tick_cumulative - before->tick_cumulative);
  u256 seconds = stored_u160(after->seconds_per_liquidity_x128.value()
                             - before->seconds_per_liquidity_x128.value())
                   .value();
  observation answer;
  answer.block_timestamp = target;
  answer.tick_cumulative = wrap_int56(before->tick_cumulative + ticks / between * passed);
  answer.seconds_per_liquidity_cumulative_x128
    = (before->seconds_per_liquidity_x128.value() + seconds * passed / between)
      & ((u256{1} << 160) - 1);
  answer.initialized = true;
  return answer;
}

void oracle::restore(std::span<const observation> written, uint16_t cardinality_next) {
  slots_.clear();
  slots_.reserve(cardinality_next);
  for (const auto& x : written)
    slots_.push_back(
      {x.block_timestamp, stored_u160(x.seconds_per_liquidity_cumulative_x128), x.tick_cumulative});
  cardinality_next_ = cardinality_next;
}

} // namespace sluice
