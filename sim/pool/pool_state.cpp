#include "sim/pool/pool.hpp"

#include <cstring>
#include <type_traits>

namespace sluice {

namespace {

// What the bytes begin with, by the kind of pool; the last two digits are the version.
constexpr std::string_view uniswap_magic = "SLPOOL01";
constexpr std::string_view slipstream_magic = "SLSLIP01";
constexpr size_t magic_bytes = 8;
constexpr size_t kind_bytes = 6;
constexpr size_t checksum_bytes = 8;

/// FNV-1a: finds bytes that were damaged, not ones that were forged.
uint64_t checksum(std::string_view bytes) {
  uint64_t h = 0xcbf29ce484222325U;
  for (char c : bytes)
    h = (h ^ static_cast<uint8_t>(c)) * 0x100000001b3U;
  return h;
}

class writer {
public:
  explicit writer(std::string& out) : out_(out) {}

  template <class T>
  requires(std::is_integral_v<T>) writer& operator<<(T x) {
    auto bits = static_cast<uint64_t>(x);
    for (size_t i = 0; i < sizeof(T); ++i)
      out_.push_back(static_cast<char>(bits >> (8 * i)));
    return *this;
  }
  template <std::same_as<u128> T>
  writer& operator<<(T x) {
    return *this << static_cast<uint64_t>(x) << static_cast<uint64_t>(x >> 64);
  }
  writer& operator<<(const u256& x) {
    return *this << x.limb(0) << x.limb(1) << x.limb(2) << x.limb(3);
  }
  writer& operator<<(const address& x) {
    out_.append(x.begin(), x.end());
    return *this;
  }

private:
  std::string& out_;
};

/// Reads what `writer` wrote; remembers when it ran out of bytes and gives zeros from then on.
class reader {
public:
  explicit reader(std::string_view bytes) : bytes_(bytes) {}

  bool failed() const { return failed_; }
  size_t left() const { return bytes_.size(); }

  template <class T>
  requires(std::is_integral_v<T>) reader& operator>>(T& x) {
    uint64_t bits = 0;
    auto part = take(sizeof(T));
    for (size_t i = part.size(); i-- > 0;)
      bits = (bits << 8) | static_cast<uint8_t>(part[i]);
    if constexpr (std::is_same_v<T, bool>) {
      failed_ = failed_ || bits > 1;
      x = bits == 1;
    } else {
      x = static_cast<T>(bits);
    }
    return *this;
  }
  template <std::same_as<u128> T>
  reader& operator>>(T& x) {
    uint64_t low = 0;
    uint64_t high = 0;
    *this >> low >> high;
    x = (u128{high} << 64) | low;
    return *this;
  }
  reader& operator>>(u256& x) {
    std::array<uint64_t, 4> limbs{};
    *this >> limbs[0] >> limbs[1] >> limbs[2] >> limbs[3];
    x = u256::from_limbs(limbs);
    return *this;
  }
  reader& operator>>(address& x) {
    auto part = take(x.size());
    if (!part.empty())
      std::memcpy(x.data(), part.data(), x.size());
    return *this;
  }

private:
  std::string_view take(size_t count) {
    if (bytes_.size() < count) {
      failed_ = true;
      bytes_ = {};
      return {};
    }
    auto part = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return part;
  }

  std::string_view bytes_;
  bool failed_ = false;
};

/// The same list of fields for both directions.
template <class Stream, class State>
void pass_state(Stream&& pass, State& x) {
  pass(x.sqrt_price_x96, x.tick, x.observation_index, x.observation_cardinality,
       x.observation_cardinality_next, x.fee_protocol, x.unlocked, x.liquidity,
       x.fee_growth_global0_x128, x.fee_growth_global1_x128, x.protocol_fees0, x.protocol_fees1,
       x.balance0, x.balance1);
}
template <class Stream, class Info>
void pass_tick(Stream&& pass, Info& x, auto& tick, auto& net_bits) {
  pass(tick, x.liquidity_gross, net_bits, x.fee_growth_outside0_x128, x.fee_growth_outside1_x128,
       x.tick_cumulative_outside, x.seconds_per_liquidity_outside_x128, x.seconds_outside);
}
template <class Stream, class Key, class Info>
void pass_position(Stream&& pass, Key& key, Info& x) {
  pass(key.owner, key.tick_lower, key.tick_upper, x.liquidity, x.fee_growth_inside0_last_x128,
       x.fee_growth_inside1_last_x128, x.tokens_owed0, x.tokens_owed1);
}
template <class Stream, class State>
void pass_slipstream(Stream&& pass, State& x) {
  pass(x.gauge, x.position_manager, x.unstaked_fee, x.staked_liquidity,
       x.rewards.growth_global_x128, x.rewards.rate, x.rewards.reserve, x.rewards.period_finish,
       x.rewards.rollover, x.rewards.last_updated);
}
template <class Stream, class Info>
void pass_observation(Stream&& pass, Info& x) {
  pass(x.block_timestamp, x.tick_cumulative, x.seconds_per_liquidity_cumulative_x128);
}

constexpr size_t tick_bytes = 4 + 16 + 16 + 32 + 32 + 8 + 32 + 4;
constexpr size_t position_bytes = 28 + 16 + 32 + 32 + 16 + 16;
constexpr size_t stake_bytes = 16 + 32;
constexpr size_t observation_bytes = 4 + 8 + 32;

fault unreadable(std::string_view why) {
  return {ec::corrupt_data, "pool state: " + std::string(why)};
}

result<pool_parts> parse(reader& in, bool slipstream) {
  auto pass = [&in](auto&... x) { (in >> ... >> x); };
  pool_parts parts;
  uint32_t ticks = 0;
  uint32_t positions = 0;
  uint32_t observations = 0;
  in >> parts.fee >> parts.tick_spacing;
  pass_state(pass, parts.state);
  if (slipstream)
    pass_slipstream(pass, parts.slipstream.emplace().state);
  in >> ticks >> positions >> observations;
  size_t wanted = ticks * (tick_bytes + (slipstream ? stake_bytes : 0)) + positions * position_bytes
                  + observations * observation_bytes; // 64 bits: cannot overflow
  if (in.failed() || in.left() != wanted)
    return unreadable("its counts and its length disagree");
  parts.ticks.resize(ticks);
  for (auto& [tick, info] : parts.ticks) {
    u128 net = 0;
    pass_tick(pass, info, tick, net);
    info.liquidity_net = static_cast<i128>(net);
    info.initialized = true;
  }
  if (slipstream) {
    parts.slipstream->stakes.resize(ticks);
    for (auto& stake : parts.slipstream->stakes) {
      u128 net = 0;
      in >> net >> stake.reward_growth_outside_x128;
      stake.liquidity_net = static_cast<i128>(net);
    }
  }
  parts.positions.resize(positions);
  for (auto& [key, info] : parts.positions)
    pass_position(pass, key, info);
  parts.observations.resize(observations);
  for (auto& x : parts.observations) {
    pass_observation(pass, x);
    x.initialized = true;
  }
  if (in.failed())
    return unreadable("a field cannot be read");
  return parts;
}

} // namespace

std::string pool::save() const {
  std::string bytes(slipstream_ ? slipstream_magic : uniswap_magic);
  writer out(bytes);
  auto pass = [&out](const auto&... x) { (out << ... << x); };
  auto all_ticks = ticks();
  auto all_positions = positions();
  out << fee_ << tick_spacing_;
  pass_state(pass, state_);
  if (slipstream_)
    pass_slipstream(pass, *slipstream_);
  out << static_cast<uint32_t>(all_ticks.size()) << static_cast<uint32_t>(all_positions.size())
      << static_cast<uint32_t>(oracle_.written());
  for (const auto& [tick, info] : all_ticks) {
    auto net = static_cast<u128>(info.liquidity_net);
    pass_tick(pass, info, tick, net);
  }
  if (slipstream_)
    for (size_t i = 0; i < all_ticks.size(); ++i) {
      const auto& stake = ticks_.stake_at_index(i);
      out << static_cast<u128>(stake.liquidity_net) << stake.reward_growth_outside_x128;
    }
  for (const auto& [key, info] : all_positions)
    pass_position(pass, key, info);
  for (uint32_t i = 0; i < oracle_.written(); ++i) {
    auto x = oracle_.at(static_cast<uint16_t>(i));
    pass_observation(pass, x);
  }
  out << checksum(bytes);
  return bytes;
}

result<pool> pool::load(std::string_view bytes) {
  if (bytes.size() < magic_bytes + checksum_bytes)
    return unreadable("too short");
  const bool slipstream = bytes.starts_with(slipstream_magic.substr(0, kind_bytes));
  const auto magic = slipstream ? slipstream_magic : uniswap_magic;
  if (!bytes.starts_with(magic.substr(0, kind_bytes)))
    return unreadable("these bytes are something else");
  if (!bytes.starts_with(magic))
    return fault{ec::schema_mismatch, "pool state: written by another version"};
  auto body = bytes.substr(0, bytes.size() - checksum_bytes);
  uint64_t expected = 0;
  reader(bytes.substr(body.size())) >> expected;
  if (checksum(body) != expected)
    return unreadable("damaged, the checksum differs");
  reader in(body.substr(magic_bytes));
  auto parts = parse(in, slipstream);
  if (!parts)
    return parts.error();
  return restore(*parts);
}

} // namespace sluice
