#include "io/pool/recorded_blocks.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace sluice::io {

namespace {

constexpr size_t read_bytes = 1 << 18; // at once
constexpr size_t length_bytes = 4;     // before each block

/// Fields of an event that are there; what is zero is left out.
enum event_part : unsigned {
  has_owner = 1,
  has_ticks = 2,
  has_liquidity = 4,
  has_amount0 = 8,
  has_amount1 = 16,
  has_price = 32,
  has_tick = 64,
  has_request = 128
};

static_assert(std::endian::native == std::endian::little); // numbers are copied, low bytes first
constexpr size_t part_bytes = 512; // of an event, a bar or what is before them, at most

/// Numbers as few bytes: seven bits each, or a count and that many. Gathers one part of a block.
class packer {
public:
  void byte(uint8_t x) { bytes_[size_++] = static_cast<char>(x); }
  void number(uint64_t x) {
    for (; x >= 0x80; x >>= 7)
      byte(static_cast<uint8_t>(x | 0x80));
    byte(static_cast<uint8_t>(x));
  }
  void tick(int32_t x) {
    number((static_cast<uint64_t>(static_cast<uint32_t>(x)) << 1)
           ^ (x < 0 ? uint64_t{0x1'ffff'ffff} : 0));
  }
  void whole(const u256& x) {
    const std::array<uint64_t, 4> limbs{x.limb(0), x.limb(1), x.limb(2), x.limb(3)};
    const auto count = (x.bit_width() + 7) / 8;
    byte(static_cast<uint8_t>(count));
    std::memcpy(bytes_.data() + size_, limbs.data(), sizeof limbs);
    size_ += count;
  }
  void whole(const i256& x) { // the sign apart: a small negative number is short too
    byte(x.is_negative() ? 1 : 0);
    whole(x.magnitude());
  }
  void account(const address& x) {
    std::memcpy(bytes_.data() + size_, x.data(), x.size());
    size_ += x.size();
  }

  std::string_view text() const { return {bytes_.data(), size_}; }

private:
  std::array<char, part_bytes> bytes_{};
  size_t size_ = 0;
};

/// The same backwards; what is cut off sticks as broken().
class unpacker {
public:
  explicit unpacker(std::string_view from) : from_(from) {}

  uint8_t byte() {
    if (from_.empty()) {
      broken_ = true;
      return 0;
    }
    const auto x = static_cast<uint8_t>(from_.front());
    from_.remove_prefix(1);
    return x;
  }
  uint64_t number() {
    uint64_t x = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto part = byte();
      x |= uint64_t{part & 0x7fU} << shift;
      if (part < 0x80)
        break;
    }
    return x;
  }
  uint32_t number32() { return static_cast<uint32_t>(number()); }
  int32_t tick() {
    const auto x = number();
    const auto bits = static_cast<uint32_t>(x >> 1);
    return static_cast<int32_t>((x & 1) != 0 ? ~bits : bits);
  }
  u256 whole() {
    std::array<uint64_t, 4> limbs{};
    const size_t count = byte();
    broken_ = broken_ || count > sizeof limbs || count > from_.size();
    if (broken_)
      return {};
    std::memcpy(limbs.data(), from_.data(), count);
    from_.remove_prefix(count);
    return u256::from_limbs(limbs);
  }
  i256 signed_whole() {
    const bool negative = byte() != 0;
    const auto x = whole();
    return i256::from_u256(negative ? -x : x);
  }
  address account() {
    address x{};
    broken_ = broken_ || from_.size() < x.size();
    if (broken_)
      return x;
    std::memcpy(x.data(), from_.data(), x.size());
    from_.remove_prefix(x.size());
    return x;
  }

  bool broken() const { return broken_; }
  bool done() const { return from_.empty(); }

private:
  std::string_view from_;
  bool broken_ = false;
};

std::string_view packed(packer& to, const pool_event& e) {
  const auto given = [](bool there, event_part part) { return there ? +part : 0U; };
  const unsigned parts
    = given(e.owner != address{}, has_owner)
      | given(e.tick_lower != 0 || e.tick_upper != 0, has_ticks)
      | given(e.liquidity != 0, has_liquidity) | given(!e.amount0.is_zero(), has_amount0)
      | given(!e.amount1.is_zero(), has_amount1) | given(!e.sqrt_price_x96.is_zero(), has_price)
      | given(e.tick != 0, has_tick) | given(e.asked.has_value(), has_request);
  to.byte(static_cast<uint8_t>(e.kind));
  to.byte(static_cast<uint8_t>(parts));
  to.number(e.log_index);
  to.number(e.line);
  if (parts & has_owner)
    to.account(e.owner);
  if (parts & has_ticks) {
    to.tick(e.tick_lower);
    to.tick(e.tick_upper);
  }
  if (parts & has_liquidity)
    to.whole(u256{e.liquidity});
  if (parts & has_amount0)
    to.whole(e.amount0);
  if (parts & has_amount1)
    to.whole(e.amount1);
  if (parts & has_price)
    to.whole(e.sqrt_price_x96);
  if (parts & has_tick)
    to.tick(e.tick);
  if (parts & has_request) {
    to.byte(e.asked->zero_for_one ? 1 : 0);
    to.whole(e.asked->amount_specified);
    to.whole(e.asked->sqrt_price_limit_x96);
  }
  return to.text();
}

pool_event unpack_event(unpacker& from) {
  pool_event e;
  e.kind = static_cast<pool_event_kind>(from.byte());
  const unsigned parts = from.byte();
  e.log_index = from.number32();
  e.line = from.number32();
  if (parts & has_owner)
    e.owner = from.account();
  if (parts & has_ticks) {
    e.tick_lower = from.tick();
    e.tick_upper = from.tick();
  }
  if (parts & has_liquidity)
    e.liquidity = static_cast<u128>(from.whole());
  if (parts & has_amount0)
    e.amount0 = from.signed_whole();
  if (parts & has_amount1)
    e.amount1 = from.signed_whole();
  if (parts & has_price)
    e.sqrt_price_x96 = from.whole();
  if (parts & has_tick)
    e.tick = from.tick();
  if (parts & has_request) {
    swap_request asked;
    asked.zero_for_one = from.byte() != 0;
    asked.amount_specified = from.signed_whole();
    asked.sqrt_price_limit_x96 = from.whole();
    e.asked = asked;
  }
  return e;
}

void pack(std::string& into, const feed_block& block) {
  packer to;
  to.number(block.number);
  to.number(block.time);
  to.byte(block.bar ? 1 : 0);
  if (block.bar) {
    to.tick(block.bar->open_tick);
    to.tick(block.bar->close_tick);
    to.whole(u256{block.bar->liquidity});
    to.whole(block.bar->in_amount0);
    to.whole(block.bar->in_amount1);
    to.number(block.bar->line);
  }
  to.number(block.events.size());
  into += to.text();
  for (const auto& event : block.events) {
    packer one;
    into += packed(one, event);
  }
}

feed_block unpack_block(unpacker& from) {
  feed_block block;
  block.number = from.number();
  block.time = from.number();
  if (from.byte() != 0) {
    price_bar bar;
    bar.open_tick = from.tick();
    bar.close_tick = from.tick();
    bar.liquidity = static_cast<u128>(from.whole());
    bar.in_amount0 = from.whole();
    bar.in_amount1 = from.whole();
    bar.line = from.number32();
    block.bar = bar;
  }
  for (auto left = from.number(); left > 0 && !from.broken(); --left)
    block.events.push_back(unpack_event(from));
  return block;
}

} // namespace

result<nothing> recorded_blocks::add(const feed_block& block) {
  auto& facts = facts_;
  if (count_ == 0) {
    facts.first = block.number;
    if (block.bar)
      facts.first_open_tick = block.bar->open_tick;
  }
  facts.last = block.number;
  if (block.time != 0) {
    facts.last_timed = {block.number, block.time};
    if (!facts.first_timed)
      facts.first_timed = facts.last_timed;
  }
  const bool paid
    = block.bar && !(block.bar->in_amount0.is_zero() && block.bar->in_amount1.is_zero());
  if (paid && !facts.first_swap)
    facts.first_swap = block.number;
  note_events(block);
  scratch_.assign(length_bytes, '\0');
  pack(scratch_, block);
  const auto length = static_cast<uint32_t>(scratch_.size() - length_bytes);
  std::memcpy(scratch_.data(), &length, length_bytes);
  ++count_;
  return bytes_.append(scratch_);
}

void recorded_blocks::note_events(const feed_block& block) {
  for (const auto& event : block.events) {
    if (event.kind == pool_event_kind::swap && !facts_.first_swap)
      facts_.first_swap = block.number;
    facts_.rewards = facts_.rewards || event.kind == pool_event_kind::reward;
    facts_.stakes = facts_.stakes || is_stake(event.kind);
  }
}

void recorded_blocks::replace(size_t index, feed_block block) {
  note_events(block);
  replaced_.insert_or_assign(index, std::move(block));
}

/// At least `bytes` behind begin_, if there are so many.
result<nothing> recorded_blocks::reader::fill(size_t bytes) {
  if (buffer_.size() - begin_ >= bytes)
    return nothing{};
  buffer_.erase(0, begin_);
  begin_ = 0;
  const auto had = buffer_.size();
  const auto wanted = std::min<uint64_t>(of_->bytes_.size() - at_, std::max(bytes, read_bytes));
  buffer_.resize(had + static_cast<size_t>(wanted));
  at_ += wanted;
  return of_->bytes_.read(at_ - wanted, {buffer_.data() + had, static_cast<size_t>(wanted)});
}

result<std::optional<feed_block>> recorded_blocks::reader::next() {
  if (index_ == of_->count_)
    return std::optional<feed_block>{};
  if (auto filled = fill(length_bytes); !filled)
    return filled.error();
  uint32_t length = 0;
  const bool whole = buffer_.size() - begin_ >= length_bytes;
  if (whole)
    std::memcpy(&length, buffer_.data() + begin_, length_bytes);
  if (auto filled = fill(length_bytes + size_t{length}); !filled)
    return filled.error();
  const fault damaged{ec::corrupt_data, "the temporary file of the recording is damaged"};
  if (!whole || buffer_.size() - begin_ < length_bytes + size_t{length})
    return damaged;
  unpacker from({buffer_.data() + begin_ + length_bytes, length});
  auto block = unpack_block(from);
  if (from.broken() || !from.done())
    return damaged;
  begin_ += length_bytes + length;
  if (const auto other = of_->replaced_.find(index_); other != of_->replaced_.end())
    block = other->second;
  ++index_;
  return std::optional{std::move(block)};
}

result<std::vector<feed_block>> recorded_blocks::all() const {
  std::vector<feed_block> blocks;
  blocks.reserve(count_);
  auto from = read();
  for (;;) {
    auto block = from.next();
    if (!block)
      return block.error();
    if (!*block)
      return blocks;
    blocks.push_back(*std::move(*block));
  }
}

} // namespace sluice::io
