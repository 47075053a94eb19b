// A run: wire_version, stored_version, then blocks until its end. Numbers are varints (seven bits a
// byte, the lowest first); differences wrap around in their width and are folded so that small ones
// of either sign are small. Wide numbers: a byte with how many bytes follow (0 to 32, the lowest
// first) and, of signed ones, 0x80 for negative.
//
//   block  number - expected (last + 1), time - expected (last + last step), 2 * events + has a bar
//   event  a byte: kind, 0x10 line as expected (0 after 0, else last + 1), 0x20 log index as
//          expected (one up from the event before; the first: 0), 0x40 asked; a byte: 0x01 no
//          owner, 0x02 no ticks of a range, 0x04 liquidity as expected (of a swap that of the last
//          swap, else 0), 0x08 no price. Then what these bits do not state, in the order of the
//          fields: log index; line - last; owner (0: a new one, its bytes follow; n: the n-th);
//          tick_lower, tick_upper; liquidity; amount0; amount1; price - last price;
//          tick - last tick, always; asked
//   asked  a byte: 0x01 zero for one; amount 0x02 amount0's, 0x04 amount1's, else it follows; limit
//          0x08 the lowest, 0x10 the highest there is, else its difference from the last price
//   bar    open_tick, close_tick - open_tick, liquidity, in_amount0, in_amount1, line - last
#include "storage/liquidity/block_run.hpp"

#include "storage/liquidity/known.hpp"

#include <utility>

namespace sluice::storage {

namespace {

constexpr uint8_t run_kind_mask = 0x0f;
constexpr uint8_t run_line = 0x10;
constexpr uint8_t run_index = 0x20;
constexpr uint8_t run_asked = 0x40;
constexpr uint8_t run_first_bits = 0x7f;
constexpr uint8_t run_no_owner = 0x01;
constexpr uint8_t run_no_range = 0x02;
constexpr uint8_t run_liquidity = 0x04;
constexpr uint8_t run_no_price = 0x08;
constexpr uint8_t run_second_bits = 0x0f;
constexpr uint8_t run_down = 0x01;
constexpr uint8_t run_amount0 = 0x02;
constexpr uint8_t run_amount1 = 0x04;
constexpr uint8_t run_lowest = 0x08;
constexpr uint8_t run_highest = 0x10;
constexpr uint8_t run_asked_bits = 0x1f;
constexpr uint8_t run_negative = 0x80;

/// Uniswap V3's MIN_SQRT_RATIO + 1 and MAX_SQRT_RATIO - 1: a swap without a limit.
const u256& lowest_limit() {
  static const auto x = *u256::parse("4295128740");
  return x;
}
const u256& highest_limit() {
  static const auto x = *u256::parse("1461446703485210103287273052203988822378723970341");
  return x;
}

constexpr uint64_t fold(uint64_t difference) {
  return difference << 1U ^ (uint64_t{0} - (difference >> 63U));
}
constexpr uint64_t unfold(uint64_t x) {
  return x >> 1U ^ (uint64_t{0} - (x & 1U));
}
/// Differences of 32 bits, which wrap around there.
constexpr uint64_t fold32(uint32_t difference) {
  return difference << 1U ^ (uint32_t{0} - (difference >> 31U));
}
constexpr uint32_t unfold32(uint32_t x) {
  return x >> 1U ^ (uint32_t{0} - (x & 1U));
}

uint32_t bits_of_tick(int32_t x) {
  return static_cast<uint32_t>(x);
}
int32_t tick_of_bits(uint32_t x) {
  return static_cast<int32_t>(x);
}

uint32_t expected_line(const block_run_encoder::context& at) {
  return at.line == 0 ? 0 : static_cast<uint32_t>(at.line + 1);
}

u128 expected_liquidity(const block_run_encoder::context& at, const pool_event& x) {
  return x.kind == pool_event_kind::swap ? at.liquidity : u128{0};
}

/// What the next one is compared with.
void remember(block_run_encoder::context& at, const pool_event& x) {
  at.line = x.line;
  if (x.kind == pool_event_kind::swap)
    at.liquidity = x.liquidity;
  if (!x.sqrt_price_x96.is_zero())
    at.sqrt_price_x96 = x.sqrt_price_x96;
  if (x.kind == pool_event_kind::swap || x.kind == pool_event_kind::initialize)
    at.tick = bits_of_tick(x.tick);
}

void remember(block_run_encoder::context& at, const feed_block& x) {
  at.time_step = at.blocks == 0 ? 0 : x.time - at.time;
  at.number = x.number;
  at.time = x.time;
  ++at.blocks;
}

uint64_t expected_number(const block_run_encoder::context& at) {
  return at.blocks == 0 ? 0 : at.number + 1;
}

uint64_t expected_time(const block_run_encoder::context& at) {
  return at.time + at.time_step;
}

void put_byte(std::string& out, uint8_t x) {
  out.push_back(static_cast<char>(x));
}

void put_varint(std::string& out, uint64_t x) {
  for (; x >= 0x80; x >>= 7U)
    put_byte(out, static_cast<uint8_t>(x | 0x80));
  put_byte(out, static_cast<uint8_t>(x));
}

void put_wide(std::string& out, const u256& x, uint8_t sign = 0) {
  const auto bytes = (x.bit_width() + 7) / 8;
  put_byte(out, static_cast<uint8_t>(bytes | sign));
  for (unsigned i = 0; i < bytes; ++i)
    put_byte(out, static_cast<uint8_t>(x.limb(i / 8) >> 8U * (i % 8)));
}

void put_wide(std::string& out, const i256& x) {
  put_wide(out, x.magnitude(), x.is_negative() ? run_negative : 0);
}

i256 difference(const u256& x, const u256& from) {
  return i256::from_u256(x - from);
}

} // namespace

// ---- writing ------------------------------------------------------------------------------------

void block_run_encoder::clear() {
  state_ = {};
  owners_.clear();
  bytes_.clear();
  put_byte(bytes_, wire_version);
  put_byte(bytes_, stored_version<block_run>());
}

void block_run_encoder::add(const feed_block& block) {
  put_block(block);
}

bool block_run_encoder::add_within(const feed_block& block, size_t bytes_max) {
  const auto before = state_;
  const auto length = bytes_.size();
  put_block(block);
  if (bytes_.size() <= bytes_max || before.blocks == 0)
    return true;
  state_ = before;
  owners_.resize(before.owners);
  bytes_.resize(length);
  return false;
}

void block_run_encoder::put_block(const feed_block& block) {
  put_varint(bytes_, fold(block.number - expected_number(state_)));
  put_varint(bytes_, fold(block.time - expected_time(state_)));
  put_varint(bytes_, 2 * block.events.size() + (block.bar ? 1 : 0));
  uint32_t index = 0;
  for (const auto& x : block.events) {
    put_event(x, index);
    index = x.log_index + 1;
  }
  if (block.bar)
    put_bar(*block.bar);
  remember(state_, block);
}

void block_run_encoder::put_event(const pool_event& x, uint32_t expected_index) {
  const bool line = x.line == expected_line(state_);
  const bool index = x.log_index == expected_index;
  const bool no_owner = x.owner == address{};
  const bool no_range = x.tick_lower == 0 && x.tick_upper == 0;
  const bool liquidity = x.liquidity == expected_liquidity(state_, x);
  const bool no_price = x.sqrt_price_x96.is_zero();
  put_byte(bytes_, static_cast<uint8_t>(static_cast<uint8_t>(x.kind) | (line ? run_line : 0)
                                        | (index ? run_index : 0) | (x.asked ? run_asked : 0)));
  put_byte(bytes_,
           static_cast<uint8_t>((no_owner ? run_no_owner : 0) | (no_range ? run_no_range : 0)
                                | (liquidity ? run_liquidity : 0) | (no_price ? run_no_price : 0)));
  if (!index)
    put_varint(bytes_, x.log_index);
  if (!line)
    put_varint(bytes_, fold32(x.line - static_cast<uint32_t>(state_.line)));
  if (!no_owner)
    put_owner(x.owner);
  if (!no_range) {
    put_varint(bytes_, fold32(bits_of_tick(x.tick_lower)));
    put_varint(bytes_, fold32(bits_of_tick(x.tick_upper)));
  }
  if (!liquidity)
    put_wide(bytes_, u256{x.liquidity});
  put_wide(bytes_, x.amount0);
  put_wide(bytes_, x.amount1);
  const auto before = state_.sqrt_price_x96;
  if (!no_price)
    put_wide(bytes_, difference(x.sqrt_price_x96, before));
  put_varint(bytes_, fold32(bits_of_tick(x.tick) - state_.tick));
  remember(state_, x);
  if (!x.asked)
    return;
  const auto& a = *x.asked;
  const bool amount0 = a.amount_specified == x.amount0;
  const bool amount1 = !amount0 && a.amount_specified == x.amount1;
  const bool lowest = a.sqrt_price_limit_x96 == lowest_limit();
  const bool highest = a.sqrt_price_limit_x96 == highest_limit();
  put_byte(bytes_, static_cast<uint8_t>((a.zero_for_one ? run_down : 0)
                                        | (amount0 ? run_amount0 : 0) | (amount1 ? run_amount1 : 0)
                                        | (lowest ? run_lowest : 0) | (highest ? run_highest : 0)));
  if (!amount0 && !amount1)
    put_wide(bytes_, a.amount_specified);
  if (!lowest && !highest)
    put_wide(bytes_, difference(a.sqrt_price_limit_x96, before));
}

void block_run_encoder::put_owner(const address& owner) {
  for (size_t i = 0; i < owners_.size(); ++i)
    if (owners_[i] == owner)
      return put_varint(bytes_, i + 1);
  put_varint(bytes_, 0);
  bytes_.append(owner.begin(), owner.end());
  owners_.push_back(owner);
  ++state_.owners;
}

void block_run_encoder::put_bar(const price_bar& x) {
  put_varint(bytes_, fold32(bits_of_tick(x.open_tick)));
  put_varint(bytes_, fold32(bits_of_tick(x.close_tick) - bits_of_tick(x.open_tick)));
  put_wide(bytes_, u256{x.liquidity});
  put_wide(bytes_, x.in_amount0);
  put_wide(bytes_, x.in_amount1);
  put_varint(bytes_, fold32(x.line - static_cast<uint32_t>(state_.line)));
  state_.line = x.line;
}

template <>
std::string encode(const block_run& x) {
  block_run_encoder out;
  for (const auto& block : x.blocks)
    out.add(block);
  return out.bytes();
}

// ---- reading ------------------------------------------------------------------------------------

namespace {

class run_reader {
public:
  explicit run_reader(std::string_view bytes) : in_(bytes) {
    read_versions(in_, stored_version<block_run>());
  }

  block_run read() {
    block_run run;
    while (in_.left() > 0)
      run.blocks.push_back(block());
    return run;
  }

private:
  uint8_t byte() {
    uint8_t x = 0;
    in_.read(&x, 1);
    return x;
  }

  uint64_t varint() {
    uint64_t x = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto part = byte();
      if (shift == 63 && part > 1)
        in_.refuse("holds a number of more than 64 bits");
      x |= uint64_t{part & 0x7fU} << shift;
      if ((part & 0x80U) != 0)
        continue;
      if (part == 0 && shift > 0)
        break; // not the shortest form
      return x;
    }
    in_.refuse("holds a number in a longer form than it needs");
  }

  uint32_t varint32() {
    const auto x = varint();
    if (x > UINT32_MAX)
      in_.refuse("holds a number of more than 32 bits");
    return static_cast<uint32_t>(x);
  }

  u256 wide_bytes(unsigned bytes) {
    if (bytes > 32)
      in_.refuse("holds a number of more than 32 bytes");
    std::array<uint64_t, 4> limbs{};
    in_.read(limbs.data(), bytes);
    const auto x = u256::from_limbs(limbs);
    if (bytes > 0 && (x.bit_width() + 7) / 8 != bytes)
      in_.refuse("holds a number in a longer form than it needs");
    return x;
  }

  u256 wide() { return wide_bytes(byte()); }

  i256 signed_wide() {
    const auto head = byte();
    const auto size = wide_bytes(head & 0x7fU);
    const bool negative = (head & run_negative) != 0;
    const auto x = i256::from_u256(negative ? -size : size);
    if (x.is_negative() != negative)
      in_.refuse("holds a number whose sign cannot be");
    return x;
  }

  u128 wide128() {
    const auto x = wide();
    if (!x.fits_u128())
      in_.refuse("holds a liquidity of more than 128 bits");
    return static_cast<u128>(x);
  }

  /// What is written out although it is as expected would be a second form of the same.
  void demand(bool not_expected) {
    if (!not_expected)
      in_.refuse("states what was to be expected");
  }

  feed_block block() {
    feed_block x;
    x.number = expected_number(at_) + unfold(varint());
    x.time = expected_time(at_) + unfold(varint());
    const auto head = varint();
    const auto events = head / 2;
    if (events > in_.left() / 4) // an event has at least so many bytes
      in_.refuse("counts more than it holds");
    x.events.reserve(events);
    uint32_t index = 0;
    for (uint64_t i = 0; i < events; ++i) {
      x.events.push_back(event(index));
      index = x.events.back().log_index + 1;
    }
    if (head % 2 == 1)
      x.bar = bar();
    remember(at_, x);
    return x;
  }

  pool_event event(uint32_t expected_index) {
    pool_event x;
    const auto first = byte();
    const auto second = byte();
    x.kind = static_cast<pool_event_kind>(first & run_kind_mask);
    if (!known(x.kind) || (first & ~run_first_bits) != 0 || (second & ~run_second_bits) != 0)
      in_.refuse("holds a number that names nothing");
    place(x, first, expected_index);
    range(x, second);
    x.liquidity = expected_liquidity(at_, x);
    if ((second & run_liquidity) == 0) {
      x.liquidity = wide128();
      demand(x.liquidity != expected_liquidity(at_, x));
    }
    x.amount0 = signed_wide();
    x.amount1 = signed_wide();
    const auto before = at_.sqrt_price_x96;
    if ((second & run_no_price) == 0) {
      x.sqrt_price_x96 = before + signed_wide().bits();
      demand(!x.sqrt_price_x96.is_zero());
    }
    x.tick = tick_of_bits(at_.tick + unfold32(varint32()));
    remember(at_, x);
    if ((first & run_asked) != 0)
      x.asked = asked(x, before);
    return x;
  }

  void place(pool_event& x, uint8_t first, uint32_t expected_index) {
    x.log_index = expected_index;
    if ((first & run_index) == 0) {
      x.log_index = varint32();
      demand(x.log_index != expected_index);
    }
    x.line = expected_line(at_);
    if ((first & run_line) == 0) {
      x.line = static_cast<uint32_t>(at_.line) + unfold32(varint32());
      demand(x.line != expected_line(at_));
    }
  }

  void range(pool_event& x, uint8_t second) {
    if ((second & run_no_owner) == 0) {
      x.owner = owner();
      demand(x.owner != address{});
    }
    if ((second & run_no_range) == 0) {
      x.tick_lower = tick_of_bits(unfold32(varint32()));
      x.tick_upper = tick_of_bits(unfold32(varint32()));
      demand(x.tick_lower != 0 || x.tick_upper != 0);
    }
  }

  address owner() {
    const auto which = varint();
    if (which > owners_.size())
      in_.refuse("names an owner that it does not have");
    if (which > 0)
      return owners_[which - 1];
    address x{};
    in_.read(x.data(), x.size());
    for (const auto& other : owners_)
      demand(other != x);
    owners_.push_back(x);
    return x;
  }

  swap_request asked(const pool_event& of, const u256& before) {
    swap_request x;
    const auto bits = byte();
    const bool amount0 = (bits & run_amount0) != 0;
    const bool amount1 = (bits & run_amount1) != 0;
    const bool lowest = (bits & run_lowest) != 0;
    const bool highest = (bits & run_highest) != 0;
    if ((bits & ~run_asked_bits) != 0 || (amount0 && amount1) || (lowest && highest))
      in_.refuse("holds a number that names nothing");
    x.zero_for_one = (bits & run_down) != 0;
    x.amount_specified = amount0 ? of.amount0 : amount1 ? of.amount1 : signed_wide();
    demand(amount0 || x.amount_specified != of.amount0);
    demand(amount0 || amount1 || x.amount_specified != of.amount1);
    x.sqrt_price_limit_x96 = lowest    ? lowest_limit()
                             : highest ? highest_limit()
                                       : before + signed_wide().bits();
    demand(
      lowest || highest
      || (x.sqrt_price_limit_x96 != lowest_limit() && x.sqrt_price_limit_x96 != highest_limit()));
    return x;
  }

  price_bar bar() {
    price_bar x;
    x.open_tick = tick_of_bits(unfold32(varint32()));
    x.close_tick = tick_of_bits(bits_of_tick(x.open_tick) + unfold32(varint32()));
    x.liquidity = wide128();
    x.in_amount0 = wide();
    x.in_amount1 = wide();
    x.line = static_cast<uint32_t>(at_.line) + unfold32(varint32());
    at_.line = x.line;
    return x;
  }

  input_archive in_;
  block_run_encoder::context at_;
  std::vector<address> owners_;
};

} // namespace

template <>
result<block_run> decode(std::string_view bytes) {
  try {
    return run_reader{bytes}.read();
  } catch (const cereal::Exception& why) {
    return fault{ec::corrupt_data, why.what()};
  }
}

} // namespace sluice::storage
