#include "io/pool/bars.hpp"

#include "io/text/json_fields.hpp"

#include <array>
#include <charconv>
#include <span>

namespace sluice::io {

namespace {

constexpr std::string_view header = "timestamp,netAmount0,netAmount1,closeTick,openTick,lowestTick,"
                                    "highestTick,inAmount0,inAmount1,currentLiquidity";

enum column : size_t { timestamp, net0, net1, close, open, lowest, highest, in0, in1, liquidity };
constexpr std::array<std::string_view, 10> names{
  "timestamp",  "netAmount0",  "netAmount1", "closeTick", "openTick",
  "lowestTick", "highestTick", "inAmount0",  "inAmount1", "currentLiquidity"};

/// One line, cut at its commas; the first thing that is wrong sticks.
class bar_line {
public:
  bar_line(const line_reader& lines, std::string_view text) : lines_(lines) {
    size_t found = 0;
    for (size_t from = 0; from <= text.size(); ++found) {
      const size_t comma = std::min(text.find(',', from), text.size());
      if (found < cells_.size())
        cells_[found] = text.substr(from, comma - from);
      from = comma + 1;
    }
    if (found != cells_.size())
      error_
        = bad_line(lines.path(), lines.number(), "", "10 columns", std::to_string(found),
                   lines.cut() ? "the file is truncated: fetch or export it again" : correct_it);
  }

  uint64_t time() {
    const auto value = parse_time(cells_[timestamp]);
    if (!value)
      wrong(timestamp, "a time \"YYYY-MM-DD hh:mm:ss\" (UTC)");
    return value.value_or(0);
  }

  int32_t tick(column at) {
    int32_t value = 0;
    const auto* end = cells_[at].data() + cells_[at].size();
    const auto [rest, bad] = std::from_chars(cells_[at].data(), end, value);
    if (bad != std::errc{} || rest != end || value < -887272 || value >= 887272)
      wrong(at, "a tick from -887272 to 887271");
    return value;
  }

  u256 amount(column at) {
    const auto value = u256::parse(cells_[at]);
    if (!value || value->bit_width() > 224)
      wrong(at, "a whole number from 0 to 2^224-1");
    return value.value_or(0);
  }

  u128 liquidity_amount() {
    const auto value = parse_u128(cells_[liquidity]);
    if (!value)
      wrong(liquidity, "a whole number from 0 to 2^128-1");
    return value.value_or(0);
  }

  /// Only checked: nothing is computed from it.
  void signed_amount(column at) {
    if (!i256::parse(cells_[at]))
      wrong(at, "an integer");
  }

  void wrong(column at, std::string_view expected) {
    if (!error_)
      error_ = bad_line(lines_.path(), lines_.number(), names[at], expected, io::quoted(cells_[at]),
                        correct_it);
  }

  const std::optional<fault>& error() const { return error_; }

private:
  const line_reader& lines_;
  std::array<std::string_view, 10> cells_;
  std::optional<fault> error_;
};

result<feed_block> read_bar(const line_reader& lines, std::string_view text) {
  bar_line line(lines, text);
  if (line.error())
    return *line.error();
  feed_block block;
  block.time = line.time();
  block.number = block.time / 60;
  line.signed_amount(net0);
  line.signed_amount(net1);
  line.tick(lowest);
  line.tick(highest);
  price_bar bar;
  bar.close_tick = line.tick(close);
  bar.open_tick = line.tick(open);
  bar.in_amount0 = line.amount(in0);
  bar.in_amount1 = line.amount(in1);
  bar.liquidity = line.liquidity_amount();
  bar.line = lines.number();
  if (line.error())
    return *line.error();
  block.bar = bar;
  return block;
}

result<nothing> read_file(line_reader lines, recorded_blocks& into) {
  const auto& path = lines.path();
  bool headed = false;
  for (;;) {
    const auto text = lines.next();
    if (!text)
      return text.error();
    if (!text->has_value())
      break;
    if (!headed) {
      headed = true;
      if (**text != header)
        return bad_line(path, lines.number(), "header", header, io::quoted(**text, 120),
                        "check that this is a file of minute bars");
      continue;
    }
    auto block = read_bar(lines, **text);
    if (!block)
      return block.error();
    if (!into.empty() && block->number <= into.facts().last)
      return bad_line(path, lines.number(), names[timestamp], "a minute after the bar before it",
                      io::quoted((**text).substr(0, (**text).find(','))),
                      "sort the bars, give the files in the order of time");
    if (auto added = into.add(*block); !added)
      return added;
  }
  if (!headed)
    return bad_line(path, 0, "", "minute bars", "an empty file",
                    "check that this is a file of minute bars");
  return nothing{};
}

} // namespace

result<recorded_blocks> read_bar_recording(const std::vector<std::string>& paths) {
  if (paths.empty())
    return bad_line("bars", 0, "", "minute bars", "none",
                    "check that this is a file of minute bars");
  auto first = line_reader::open(paths.front());
  return first ? read_bar_recording(*std::move(first), paths) : first.error();
}

result<recorded_blocks>
read_bar_recording(line_reader first, const std::vector<std::string>& paths) {
  recorded_blocks blocks;
  if (auto read = read_file(std::move(first), blocks); !read)
    return read.error();
  for (const auto& path : std::span{paths}.subspan(1)) {
    auto lines = line_reader::open(path);
    if (!lines)
      return lines.error();
    if (auto read = read_file(*std::move(lines), blocks); !read)
      return read.error();
  }
  if (blocks.empty())
    return bad_line(paths.front(), 0, "", "minute bars", "none",
                    "check that this is a file of minute bars");
  return blocks;
}

result<std::vector<feed_block>> read_bars(const std::vector<std::string>& paths) {
  const auto recording = read_bar_recording(paths);
  return recording ? recording->all() : recording.error();
}

} // namespace sluice::io
