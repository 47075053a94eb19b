#include "sim/math/tick_prices.hpp"

#include "sim/math/tick_math.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>

namespace sluice {

namespace {

constexpr int32_t page_ticks = 128;
constexpr size_t page_count
  = (static_cast<size_t>(narrow_tick_max - min_tick) + page_ticks) / page_ticks;

enum class page_state : uint8_t { empty = 0, being_filled, full };

struct page {
  std::array<u128, page_ticks> prices;
};

/// 21 MB of addresses, of which only pages that were asked for become memory. Whoever asks for an
/// empty page fills it; who comes meanwhile calculates and does not wait.
// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): `prices` is the only one, all zeros
struct table {
  std::array<page, page_count> pages;
  std::array<std::atomic<page_state>, page_count> states;
};
table prices; // zeros: all empty

[[gnu::noinline]] u128 fill(size_t number, size_t slot) {
  const int32_t first = min_tick + static_cast<int32_t>(number) * page_ticks;
  auto expected = page_state::empty;
  if (prices.states[number].compare_exchange_strong(expected, page_state::being_filled,
                                                    std::memory_order_acquire)) {
    for (int32_t i = 0; i < page_ticks && first + i <= narrow_tick_max; ++i)
      prices.pages[number].prices[static_cast<size_t>(i)]
        = static_cast<u128>(sqrt_ratio_at_tick(first + i));
    prices.states[number].store(page_state::full, std::memory_order_release);
  }
  return static_cast<u128>(sqrt_ratio_at_tick(first + static_cast<int32_t>(slot)));
}

/// ln x for 1 <= x <= 2, good to the last bits: 2 atanh((x - 1) / (x + 1)) as its series.
constexpr double natural_log(double x) {
  const double y = (x - 1) / (x + 1);
  double power = y, sum = 0;
  for (int n = 1; n < 40; n += 2, power *= y * y)
    sum += power / n;
  return 2 * sum;
}

constexpr double ln2 = natural_log(2);
constexpr double ticks_per_e = 2 / 9.999500033329732e-05; // 2 / ln(1.0001)

/// Ticks at the middles of 32 parts of [1, 2), and what a mantissa is multiplied with to be near 1.
struct log_part {
  double ticks = 0;
  double inverse = 0;
};
constexpr auto log_parts = [] {
  std::array<log_part, 32> parts{};
  for (int i = 0; i < 32; ++i) {
    const double middle = 1 + (i + 0.5) / 32;
    parts[static_cast<size_t>(i)] = {natural_log(middle) * ticks_per_e, 1 / middle};
  }
  return parts;
}();

/// The tick, or a neighbour of it. Floating point only shows where to look, never what is answered.
int32_t guess_tick(u128 price) {
  const auto high = static_cast<uint64_t>(price >> 64);
  const auto low = static_cast<uint64_t>(price);
  const int zeros = high != 0 ? std::countl_zero(high) : 64 + std::countl_zero(low);
  const auto top = static_cast<int64_t>((price << zeros) >> 65); // 63 bits, the upper one set
  const auto& part = log_parts[static_cast<size_t>(top >> 57) & 31];
  const double r = static_cast<double>(top) * 0x1p-62 * part.inverse - 1; // |r| < 2^-6
  const double ticks = part.ticks + ticks_per_e * (r - r * r * (0.5 - r * (1.0 / 3 - r * 0.25)))
                       + (127 - zeros - 96) * (ln2 * ticks_per_e);
  return std::clamp(static_cast<int32_t>(ticks + 1e6) - 1'000'000, min_tick, narrow_tick_max - 1);
}

} // namespace

u128 narrow_tick_price(int32_t tick) {
  const auto offset = static_cast<size_t>(tick - min_tick);
  const size_t number = offset / page_ticks;
  const size_t slot = offset % page_ticks;
  if (prices.states[number].load(std::memory_order_acquire) == page_state::full) [[likely]]
    return prices.pages[number].prices[slot];
  return fill(number, slot);
}

int32_t tick_at_narrow_price(u128 sqrt_price_x96, int32_t near) {
  int32_t tick = std::clamp(near, min_tick, narrow_tick_max - 1);
  if (narrow_tick_price(tick) > sqrt_price_x96 || narrow_tick_price(tick + 1) <= sqrt_price_x96)
    tick = guess_tick(sqrt_price_x96);
  while (narrow_tick_price(tick) > sqrt_price_x96)
    --tick;
  while (tick < narrow_tick_max && narrow_tick_price(tick + 1) <= sqrt_price_x96)
    ++tick;
  return tick;
}

u256 tick_price(int32_t tick) {
  return tick <= narrow_tick_max ? u256{narrow_tick_price(tick)} : sqrt_ratio_at_tick(tick);
}

int32_t tick_at_price(const u256& sqrt_price_x96) {
  if (!sqrt_price_x96.fits_u128())
    return tick_at_sqrt_ratio(sqrt_price_x96);
  const auto price = static_cast<u128>(sqrt_price_x96);
  return tick_at_narrow_price(price, guess_tick(price));
}

} // namespace sluice
