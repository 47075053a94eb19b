#include "tools/liquidity/backtest_traces.hpp"

#include <algorithm>
#include <numeric>

namespace sluice::tools {

void price_trace::add(uint64_t block, double price) {
  const auto past = block > from_ ? block - from_ : 0;
  while (past / width_ >= slices_max_)
    halve();
  const auto at = static_cast<size_t>(past / width_);
  if (slices_.size() <= at)
    slices_.resize(at + 1);
  auto& x = slices_[at];
  if (x.empty)
    x = {from_ + at * width_, price, price, price, false};
  x.low = std::min(x.low, price);
  x.high = std::max(x.high, price);
  x.last = price;
}

void price_trace::halve() {
  width_ *= 2;
  for (size_t i = 0; 2 * i < slices_.size(); ++i) {
    auto x = slices_[2 * i];
    if (2 * i + 1 < slices_.size() && !slices_[2 * i + 1].empty) {
      const auto& y = slices_[2 * i + 1];
      if (x.empty)
        x = y;
      x = {from_ + i * width_, std::min(x.low, y.low), std::max(x.high, y.high), y.last, false};
    }
    slices_[i] = x;
  }
  slices_.resize((slices_.size() + 1) / 2);
}

std::vector<price_trace::slice> price_trace::slices() const {
  auto all = slices_;
  std::erase_if(all, [](const slice& x) { return x.empty; });
  return all;
}

void band_trace::add(uint64_t from, const std::vector<position_breakdown>& positions) {
  for (const auto& x : positions) {
    const auto before = std::find_if(bands_.rbegin(), bands_.rend(), [&](const range_band& y) {
      return y.lower == x.tick_lower && y.upper == x.tick_upper && y.to + 1 == from;
    });
    if (x.from_block == from && before != bands_.rend())
      before->to = x.to_block;
    else
      bands_.push_back({x.from_block, x.to_block, x.tick_lower, x.tick_upper});
  }
  if (bands_.size() <= bands_max_)
    return;
  for (melt(bands_, width_); bands_.size() > std::max<size_t>(bands_max_ / 2, 1);
       melt(bands_, width_))
    width_ *= 2;
}

std::vector<range_band> band_trace::bands() const {
  auto all = bands_;
  if (width_ > 1) // the newest as coarsely as the others
    melt(all, width_);
  return all;
}

/// Bands that lie in the same slice become one.
void band_trace::melt(std::vector<range_band>& bands, uint64_t width) {
  const auto slice_of = [width](const range_band& x) {
    return std::pair{x.from / width, x.to / width};
  };
  size_t kept = 0;
  for (size_t i = 1; i < bands.size(); ++i) {
    auto& last = bands[kept];
    const auto& x = bands[i];
    const auto [first, end] = slice_of(x);
    if (first == end && slice_of(last) == slice_of(x))
      last = {std::min(last.from, x.from), std::max(last.to, x.to), std::min(last.lower, x.lower),
              std::max(last.upper, x.upper)};
    else
      bands[++kept] = x;
  }
  bands.resize(std::min(bands.size(), kept + 1));
}

std::vector<size_t> picked(std::span<const double> values, size_t most) {
  std::vector<size_t> all(values.size());
  std::iota(all.begin(), all.end(), 0);
  if (values.size() <= most || most < 4)
    return all;
  const auto stretches = (most - 2) / 2;
  const auto inner = values.size() - 2;
  std::vector<size_t> chosen{0};
  for (size_t i = 0; i < stretches; ++i) {
    const auto begin = values.begin() + 1 + static_cast<ptrdiff_t>(inner * i / stretches);
    const auto end = values.begin() + 1 + static_cast<ptrdiff_t>(inner * (i + 1) / stretches);
    const auto [low, high] = std::minmax_element(begin, end);
    const auto a = static_cast<size_t>(low - values.begin());
    const auto b = static_cast<size_t>(high - values.begin());
    chosen.push_back(std::min(a, b));
    if (a != b)
      chosen.push_back(std::max(a, b));
  }
  chosen.push_back(values.size() - 1);
  return chosen;
}

} // namespace sluice::tools
