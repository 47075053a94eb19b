#include "sim/evaluate/market.hpp"
#include "sim/math/tick_math.hpp"

#include <bit>
#include <optional>
#include <type_traits>

namespace sluice {
namespace {

constexpr std::string_view magic = "sluice market 2\n";
constexpr std::string_view magic_with_pool = "sluice market 1\n"; // until version 0.2.0
constexpr size_t provisions_max = 4096;                           // far more than a market makes

/// FNV-1a: detects bytes that were cut or flipped, not bytes that were forged.
uint64_t checksum(std::string_view bytes) {
  uint64_t sum = 0xcbf29ce484222325;
  for (const char c : bytes)
    sum = (sum ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  return sum;
}

class writer {
public:
  template <class T>
  void put(T x) {
    using bits_of = std::make_unsigned_t<T>;
    for (size_t i = 0; i < sizeof(T); ++i)
      bytes_ += static_cast<char>(static_cast<bits_of>(x) >> (8 * i) & 0xff);
  }
  void put(double x) { put(std::bit_cast<uint64_t>(x)); }
  void put(u128 x) {
    put(static_cast<uint64_t>(x));
    put(static_cast<uint64_t>(x >> 64));
  }
  void put(std::string_view text) { bytes_ += text; }
  std::string take() && { return std::move(bytes_); }
  std::string_view so_far() const { return bytes_; }

private:
  std::string bytes_;
};

/// Reads what writer wrote; after the end everything is 0 and `ok` is false.
class reader {
public:
  explicit reader(std::string_view bytes) : rest_(bytes) {}

  std::string_view text(size_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      return {};
    }
    const auto piece = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return piece;
  }
  template <class T>
  void get(T& x) {
    uint64_t bits = 0;
    const auto piece = text(sizeof(T));
    for (size_t i = 0; i < piece.size(); ++i)
      bits |= uint64_t{static_cast<uint8_t>(piece[i])} << (8 * i);
    if constexpr (std::is_same_v<T, double>)
      x = std::bit_cast<double>(bits);
    else
      x = static_cast<T>(bits);
  }
  void get(u128& x) {
    uint64_t low = 0;
    uint64_t high = 0;
    get(low);
    get(high);
    x = (u128{high} << 64) | low;
  }
  bool ok() const { return ok_; }
  std::string_view rest() const { return rest_; }

private:
  std::string_view rest_;
  bool ok_ = true;
};

fault corrupt(std::string what) {
  return {ec::corrupt_data, "market state: " + std::move(what)};
}

/// What every event of a pool changes: two pools that agree in it went the same way.
uint64_t digest_of(const pool_state& x) {
  writer out;
  const auto wide = [&out](const u256& number) {
    for (size_t i = 0; i < 4; ++i)
      out.put(number.limb(i));
  };
  wide(x.sqrt_price_x96);
  out.put(x.tick);
  out.put(x.observation_index);
  out.put(x.observation_cardinality);
  out.put(x.observation_cardinality_next);
  out.put(x.fee_protocol);
  out.put(static_cast<uint8_t>(x.unlocked ? 1 : 0));
  out.put(x.liquidity);
  wide(x.fee_growth_global0_x128);
  wide(x.fee_growth_global1_x128);
  out.put(x.protocol_fees0);
  out.put(x.protocol_fees1);
  wide(x.balance0);
  wide(x.balance1);
  return checksum(out.so_far());
}

/// The pool that the rest of the bytes is about: its own bytes (until 0.2.0), or the digest of
/// `at`.
result<pool> pool_of(reader& in, bool inside, const pool& at) {
  if (inside)
    return pool::load(in.rest());
  uint64_t digest = 0;
  in.get(digest);
  if (!in.ok() || !in.rest().empty())
    return corrupt("cut short or too long");
  if (digest != digest_of(at.state()))
    return corrupt("its pool stands elsewhere");
  return at;
}

/// Terms first, then what moves, then the digest of the pool, then the checksum.
template <class Bytes, class Terms>
void each_term(Bytes&& take, Terms& terms) {
  take(terms.pool.fee);
  take(terms.pool.tick_spacing);
  take(terms.pool.decimals0);
  take(terms.pool.decimals1);
  take(terms.price);
  take(terms.block_seconds);
  take(terms.genesis_time);
  take(terms.volatility_per_day);
  take(terms.trades_per_block);
  take(terms.depth);
}

} // namespace

std::string market::save() const {
  writer out;
  out.put(magic);
  each_term([&](auto x) { out.put(x); }, terms_);
  out.put(number_);
  out.put(fundamental_);
  for (const uint64_t word : chance_.state())
    out.put(word);
  out.put(static_cast<uint32_t>(provisions_.size()));
  for (const auto& x : provisions_) {
    for (const uint8_t byte : x.owner)
      out.put(byte);
    out.put(x.tick_lower);
    out.put(x.tick_upper);
    out.put(x.liquidity);
  }
  out.put(digest_of(pool_.state()));
  out.put(checksum(out.so_far()));
  return std::move(out).take();
}

result<market> market::load(std::string_view bytes, const pool& at) {
  const bool pool_inside = bytes.starts_with(magic_with_pool);
  if (!pool_inside && !bytes.starts_with(magic))
    return corrupt("does not start as one");
  if (bytes.size() < magic.size() + 8)
    return corrupt("cut short");
  uint64_t sum = 0;
  reader{bytes.substr(bytes.size() - 8)}.get(sum);
  bytes.remove_suffix(8);
  if (sum != checksum(bytes))
    return corrupt("the checksum differs");

  reader in{bytes.substr(magic.size())};
  market_terms terms;
  each_term([&](auto& x) { in.get(x); }, terms);
  uint64_t number = 0;
  double fundamental = 0;
  chance::state_type luck{};
  uint32_t count = 0;
  in.get(number);
  in.get(fundamental);
  for (auto& word : luck)
    in.get(word);
  in.get(count);
  if (auto why = market_fault(terms); !why.empty())
    return corrupt(std::move(why));
  if (!(fundamental > 0 && fundamental < 1e300) || luck == chance::state_type{})
    return corrupt("impossible price or random state");
  if (count > provisions_max || (number == 0) != (count == 0))
    return corrupt("impossible number of positions");
  std::vector<provision> provisions(count);
  for (auto& x : provisions) {
    for (auto& byte : x.owner)
      in.get(byte);
    in.get(x.tick_lower);
    in.get(x.tick_upper);
    in.get(x.liquidity);
    if (x.tick_lower >= x.tick_upper || x.tick_lower < min_tick || x.tick_upper > max_tick)
      return corrupt("impossible range");
  }
  if (!in.ok())
    return corrupt("cut short");
  auto state = pool_of(in, pool_inside, at);
  if (!state)
    return state.error();
  if (state->fee() != terms.pool.fee || state->tick_spacing() != terms.pool.tick_spacing)
    return corrupt("the pool is another one");
  market loaded{terms, *std::move(state), chance{luck}};
  loaded.number_ = number;
  loaded.fundamental_ = fundamental;
  loaded.provisions_ = std::move(provisions);
  return loaded;
}

} // namespace sluice
