#include "tools/liquidity/score_market.hpp"

#include "io/pool/bars.hpp"
#include "io/pool/event_stream.hpp"
#include "io/text/lines.hpp"
#include "sim/math/tick_math.hpp"

#include <algorithm>

namespace sluice::tools {

namespace {

/// Does the file's first line look like JSON? It stays to be read.
result<bool> starts_with_json(io::line_reader& lines) {
  const auto first = lines.next();
  if (!first)
    return first.error();
  if (!first->has_value())
    return io::bad_line(lines.path(), 0, "", "events or minute bars", "an empty file",
                        "check the file");
  const auto text = **first;
  const bool json = text[text.find_first_not_of(" \t")] == '{';
  lines.again();
  return json;
}

result<score_market> read_bar_market(io::line_reader lines, const std::vector<std::string>& paths,
                                     const io::pool_overrides& overrides) {
  if (overrides.sqrt_price_x96)
    return fault{ec::bad_input,
                 "--pool: sqrt-price-x96: minute bars bring their own price; remove it"};
  if (overrides.reward_rate)
    return fault{ec::bad_input,
                 "--pool: reward-rate: minute bars do not show who is staked; remove it"};
  auto blocks = io::read_bar_recording(std::move(lines), paths);
  if (!blocks)
    return blocks.error();
  score_market market;
  market.bars = true;
  market.terms = io::apply(overrides, {500, 10, 6, 18});
  market.blocks = *std::move(blocks);
  market.name = io::stem_of(paths.front());
  if (paths.size() > 1)
    market.name += " .. " + io::stem_of(paths.back());
  return market;
}

/// From and to of the window, or why there is none.
result<nothing> find_span(const score_market& market, std::optional<uint64_t> from,
                          std::optional<uint64_t> to, window& into) {
  const auto& facts = market.blocks.facts();
  if (!from && !facts.first_swap)
    return fault{ec::bad_input, market.path + ": no swap to start at: give --from BLOCK"};
  into.from = from ? *from : *facts.first_swap;
  into.to = to.value_or(facts.last);
  if (into.from <= into.to)
    return nothing{};
  return fault{ec::bad_input, "--from: expected a block up to " + std::to_string(into.to)
                                + (to ? " (--to)" : " (the last of " + market.path + ")") + ", got "
                                + std::to_string(into.from)};
}

/// Splits the initialization of a pool from what follows in the same block.
std::optional<feed_block> take_initialization(feed_block& block) {
  if (block.events.empty() || block.events.front().kind != pool_event_kind::initialize)
    return {};
  feed_block initialization{block.number, block.time, {block.events.front()}, {}};
  block.events.erase(block.events.begin());
  return initialization;
}

fault in_file(const score_market& market, const fault& why) {
  return {why.code, market.path + ": " + why.what};
}

} // namespace

result<score_market>
read_market(const std::vector<std::string>& paths, const io::pool_overrides& overrides) {
  if (paths.empty())
    return fault{ec::bad_input, "--events: expected a file, got nothing"};
  auto lines = io::line_reader::open(paths.front());
  if (!lines)
    return lines.error();
  const auto events = starts_with_json(*lines);
  if (!events)
    return events.error();
  if (*events && paths.size() > 1)
    return fault{ec::bad_input, "--events: expected one event stream or several files of minute "
                                "bars, got several event streams; join them into one file"};
  if (!*events) {
    auto market = read_bar_market(*std::move(lines), paths, overrides);
    if (market)
      market->path = paths.front();
    return market;
  }
  auto stream = io::read_event_recording(*std::move(lines), overrides);
  if (!stream)
    return stream.error();
  return score_market{std::move(stream->name), paths.front(), false, stream->terms,
                      std::move(stream->blocks)};
}

window_blocks::window_blocks(const score_market& market)
  : market_(&market), from_(market.blocks.read()),
    feed_(market.bars ? replica::of_bars(market.terms, {}) : replica::of_pool(market.terms)) {
  opening_.terms = market.terms;
}

result<window_blocks> window_blocks::open(const score_market& market, std::optional<uint64_t> from,
                                          std::optional<uint64_t> to) {
  window_blocks made(market);
  if (auto found = find_span(market, from, to, made.opening_); !found)
    return found.error();
  if (auto begun = made.begin(); !begun)
    return begun.error();
  return made;
}

/// The next block of the market, unless it comes after the window.
result<nothing> window_blocks::read() {
  auto block = from_.next();
  if (!block)
    return block.error();
  ahead_ = *std::move(block);
  if (ahead_ && ahead_->number > opening_.to)
    ahead_.reset();
  return nothing{};
}

result<nothing> window_blocks::begin() {
  for (;;) {
    if (auto found = read(); !found)
      return found;
    if (!ahead_ || ahead_->number >= opening_.from)
      break;
    if (auto applied = feed_.apply(*ahead_); !applied)
      return in_file(*market_, applied.error());
  }
  if (ahead_ && ahead_->number == opening_.from && !feed_.alive())
    if (auto initialization = take_initialization(*ahead_))
      if (auto applied = feed_.apply(*initialization); !applied)
        return in_file(*market_, applied.error());
  opening_.start = feed_.price();
  opening_.start_pool = feed_.snapshot();
  if (ahead_ && market_->bars)
    opening_.start = {sqrt_ratio_at_tick(ahead_->bar->open_tick), ahead_->bar->open_tick};
  if (opening_.start.sqrt_price_x96.is_zero())
    return fault{ec::bad_input, "--from: " + market_->path + " knows no price before block "
                                  + std::to_string(opening_.from) + ": choose a later block"};
  return nothing{};
}

result<std::vector<std::shared_ptr<const block_record>>> window_blocks::next(size_t count) {
  std::vector<std::shared_ptr<const block_record>> records;
  while (ahead_ && records.size() < count) {
    auto record = feed_.apply(*ahead_);
    if (!record)
      return in_file(*market_, record.error());
    records.push_back(*std::move(record));
    if (auto found = read(); !found)
      return found.error();
  }
  return records;
}

result<window>
cut_window(const score_market& market, std::optional<uint64_t> from, std::optional<uint64_t> to) {
  auto blocks = window_blocks::open(market, from, to);
  if (!blocks)
    return blocks.error();
  auto cut = blocks->opening();
  auto records = blocks->next(market.blocks.size());
  if (!records)
    return records.error();
  cut.blocks = *std::move(records);
  return cut;
}

result<nothing> check_staked(const score_market& market) {
  if (market.terms.kind != pool_kind::slipstream)
    return fault{ec::bad_input, "--staked: " + market.name
                                  + " is of a Uniswap V3 pool, which has no gauge: leave it out, "
                                    "or give --pool kind=slipstream"};
  if (market.bars)
    return fault{ec::bad_input, "--staked: minute bars do not show who is staked: leave it out, or "
                                "use a stream of events"};
  return nothing{};
}

std::vector<std::string> staking_notes(const score_market& market) {
  std::vector<std::string> notes;
  if (!market.blocks.facts().rewards)
    notes.emplace_back("the stream reports no rewards, so none are earned: give --pool "
                       "reward-rate=...,reward-until=...");
  if (!market.blocks.facts().stakes)
    notes.emplace_back(
      "the stream reports no stakes: a plan gets all rewards while it is in range, "
      "which is the most that it could have got");
  return notes;
}

} // namespace sluice::tools
