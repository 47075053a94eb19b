#include "tools/liquidity/score_market.hpp"

#include "io/pool/bars.hpp"
#include "io/pool/event_stream.hpp"
#include "io/text/lines.hpp"
#include "sim/math/tick_math.hpp"

#include <algorithm>

namespace sluice::tools {

namespace {

/// Does the file's first line look like JSON?
result<bool> starts_with_json(const std::string& path) {
  auto lines = io::line_reader::open(path);
  if (!lines)
    return lines.error();
  const auto first = lines->next();
  if (!first)
    return first.error();
  if (!first->has_value())
    return io::bad_line(path, 0, "", "events or minute bars", "an empty file", "check the file");
  const auto text = **first;
  return text[text.find_first_not_of(" \t")] == '{';
}

result<score_market>
read_bar_market(const std::vector<std::string>& paths, const io::pool_overrides& overrides) {
  if (overrides.sqrt_price_x96)
    return fault{ec::bad_input,
                 "--pool: sqrt-price-x96: minute bars bring their own price; remove it"};
  if (overrides.reward_rate)
    return fault{ec::bad_input,
                 "--pool: reward-rate: minute bars do not show who is staked; remove it"};
  auto blocks = io::read_bars(paths);
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

bool has_swap(const feed_block& block) {
  if (block.bar)
    return !block.bar->in_amount0.is_zero() || !block.bar->in_amount1.is_zero();
  return std::ranges::any_of(block.events,
                             [](const auto& e) { return e.kind == pool_event_kind::swap; });
}

/// From and to of the window, or why there is none.
result<nothing> find_span(const score_market& market, std::optional<uint64_t> from,
                          std::optional<uint64_t> to, window& into) {
  const auto first = std::ranges::find_if(market.blocks, has_swap);
  if (!from && first == market.blocks.end())
    return fault{ec::bad_input, market.path + ": no swap to start at: give --from BLOCK"};
  into.from = from ? *from : first->number;
  into.to = to.value_or(market.blocks.back().number);
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
  const auto events = starts_with_json(paths.front());
  if (!events)
    return events.error();
  if (*events && paths.size() > 1)
    return fault{ec::bad_input, "--events: expected one event stream or several files of minute "
                                "bars, got several event streams; join them into one file"};
  if (!*events) {
    auto market = read_bar_market(paths, overrides);
    if (market)
      market->path = paths.front();
    return market;
  }
  auto stream = io::read_event_stream(paths.front(), overrides);
  if (!stream)
    return stream.error();
  if (stream->blocks.empty())
    return io::bad_line(paths.front(), 0, "", "events", "none", "check the file");
  return score_market{std::move(stream->name), paths.front(), false, stream->terms,
                      std::move(stream->blocks)};
}

result<window>
cut_window(const score_market& market, std::optional<uint64_t> from, std::optional<uint64_t> to) {
  window cut;
  cut.terms = market.terms;
  if (auto found = find_span(market, from, to, cut); !found)
    return found.error();
  auto feed = market.bars ? replica::of_bars(market.terms, {}) : replica::of_pool(market.terms);
  bool opened = false;
  const auto open = [&] {
    cut.start = feed.price();
    cut.start_pool = feed.snapshot();
    opened = true;
  };
  for (const auto& block : market.blocks) {
    if (block.number > cut.to)
      break;
    feed_block rest = block;
    if (block.number >= cut.from && !opened) {
      if (block.number == cut.from && !feed.alive())
        if (auto initialization = take_initialization(rest))
          if (auto applied = feed.apply(*initialization); !applied)
            return in_file(market, applied.error());
      open();
      if (market.bars)
        cut.start = {sqrt_ratio_at_tick(block.bar->open_tick), block.bar->open_tick};
    }
    auto record = feed.apply(rest);
    if (!record)
      return in_file(market, record.error());
    if (block.number >= cut.from)
      cut.blocks.push_back(*std::move(record));
  }
  if (!opened)
    open();
  if (cut.start.sqrt_price_x96.is_zero())
    return fault{ec::bad_input, "--from: " + market.path + " knows no price before block "
                                  + std::to_string(cut.from) + ": choose a later block"};
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
  const auto has_event = [&](auto wanted) {
    return std::ranges::any_of(market.blocks, [&](const feed_block& block) {
      return std::ranges::any_of(block.events, [&](const pool_event& e) { return wanted(e.kind); });
    });
  };
  if (!has_event([](pool_event_kind kind) { return kind == pool_event_kind::reward; }))
    notes.emplace_back("the stream reports no rewards, so none are earned: give --pool "
                       "reward-rate=...,reward-until=...");
  if (!has_event(is_stake))
    notes.emplace_back(
      "the stream reports no stakes: a plan gets all rewards while it is in range, "
      "which is the most that it could have got");
  return notes;
}

} // namespace sluice::tools
