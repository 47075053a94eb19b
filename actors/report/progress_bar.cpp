#include "actors/report/progress_bar.hpp"

#include "io/text/text.hpp"

#include <algorithm>
#include <numeric>

namespace sluice::report {

namespace {

constexpr size_t bar_cells_min = 6;
constexpr size_t bar_cells_max = 40;
constexpr std::string_view between = "   ";

struct segment {
  std::string name;
  std::string blocks;
  std::string percent;
  round_share share;
};

segment segment_of(const step_progress& x, charset letters) {
  const auto share = share_of(x);
  const auto all = std::to_string(share.all);
  return {shown(plain(x.name), letters),
          "block " + pad_left(std::to_string(share.done), all.size()) + " of " + all,
          pad_left(std::to_string(share.percent()), 3) + " %", share};
}

/// `cells` 0: no bar.
std::string put_together(const segment& x, bool name, size_t cells, bool blocks, charset letters) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : " ") + part; };
  if (name)
    add(x.name);
  if (cells)
    add(bar_of(x.share, cells, letters));
  if (blocks)
    add(x.blocks);
  add(x.percent);
  return text;
}

std::string
line_of(const std::vector<segment>& all, bool name, size_t cells, bool blocks, charset letters) {
  std::string text;
  for (const auto& x : all)
    text
      += (text.empty() ? "" : std::string{between}) + put_together(x, name, cells, blocks, letters);
  return text;
}

} // namespace

round_share share_of(const step_progress& x) {
  if (x.to < x.from)
    return {0, 0};
  const auto all = x.to - x.from == UINT64_MAX ? UINT64_MAX : x.to - x.from + 1;
  const auto done = x.block < x.from ? 0 : std::min(x.block - x.from, all - 1) + 1;
  return {done, all};
}

std::string
draw_progress(const std::map<std::string, step_progress>& parts, size_t width, charset letters) {
  if (parts.empty())
    return {};
  std::vector<segment> all;
  for (const auto& [name, x] : parts)
    all.push_back(segment_of(x, letters));
  for (const bool blocks : {true, false}) {
    const auto bare = shown_width(line_of(all, true, 0, blocks, letters));
    const auto left = width > bare ? (width - bare) / all.size() : 0;
    if (left > bar_cells_min) // and the space before it
      return line_of(all, true, std::min(left - 1, bar_cells_max), blocks, letters);
  }
  for (const bool name : {true, false})
    if (auto text = line_of(all, name, 0, false, letters); shown_width(text) <= width)
      return text;
  const auto sum = std::accumulate(all.begin(), all.end(), uint64_t{0},
                                   [](uint64_t n, const auto& x) { return n + x.share.percent(); });
  return cut(std::to_string(all.size()) + " jobs " + std::to_string(sum / all.size()) + " %", width,
             letters);
}

} // namespace sluice::report
