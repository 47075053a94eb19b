#include "io/liquidity/block_source.hpp"

#include "io/pool/bars.hpp"
#include "io/pool/event_stream.hpp"
#include "sim/math/tick_math.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace sluice::io {
namespace {

class endless_market final : public block_source {
public:
  explicit endless_market(market state) : market_(std::move(state)) {}

  result<std::optional<feed_block>> next() override { return std::optional{market_.next()}; }
  std::string cursor() const override { return market_.save(); }
  std::optional<uint64_t> last_block() const override { return std::nullopt; }
  bool endless() const override { return true; }

private:
  market market_;
};

class recording final : public block_source {
public:
  recording(std::vector<feed_block> blocks, std::string name, size_t next)
    : blocks_(std::move(blocks)), name_(std::move(name)), next_(next) {}

  result<std::optional<feed_block>> next() override {
    if (next_ == blocks_.size())
      return std::optional<feed_block>{};
    if (next_ > 0 && blocks_[next_].number <= blocks_[next_ - 1].number)
      return fault{ec::bad_input, name_ + ": block " + std::to_string(blocks_[next_].number)
                                    + " comes after block "
                                    + std::to_string(blocks_[next_ - 1].number)};
    return std::optional{blocks_[next_++]};
  }
  std::string cursor() const override {
    return next_ == 0 ? std::string{} : std::to_string(blocks_[next_ - 1].number);
  }
  std::optional<uint64_t> last_block() const override {
    return blocks_.empty() ? 0 : blocks_.back().number;
  }
  bool endless() const override { return false; }

private:
  std::vector<feed_block> blocks_;
  std::string name_;
  size_t next_;
};

std::string counted(size_t n, std::string_view one) {
  return std::to_string(n) + ' ' + std::string{one} + (n == 1 ? "" : "s");
}

std::string span_of(const std::vector<feed_block>& blocks) {
  return "blocks " + std::to_string(blocks.front().number) + '-'
         + std::to_string(blocks.back().number);
}

std::string joined(const std::vector<std::string>& files) {
  return files.size() == 1 ? files.front()
                           : files.front() + " and " + counted(files.size() - 1, "more file");
}

fault of_job(const job_config& job, std::string what) {
  return {ec::bad_input, "job " + job.id.value + ": " + std::move(what)};
}

result<feed_opening> open_market(const job_config& job) {
  const auto terms = market_terms_of(job);
  if (auto why = market_fault(terms); !why.empty())
    return of_job(job, "no market can be made: " + why);
  return feed_opening{
    market_source(terms, job.feed.seed), job.terms, replica::of_pool(job.terms), 1,
    "market " + job.symbol0 + '/' + job.symbol1 + ", seed " + std::to_string(job.feed.seed)};
}

result<std::unique_ptr<block_source>>
reopen_market(const job_config& job, std::string_view cursor, const pool* at) {
  if (!at)
    return fault{ec::corrupt_data, "job " + job.id.value + ": its stored market has no pool"};
  auto loaded = market::load(cursor, *at);
  if (!loaded)
    return loaded.error();
  if (loaded->terms() != market_terms_of(job))
    return of_job(job, "its stored market has other terms than the configuration now");
  return std::unique_ptr<block_source>{std::make_unique<endless_market>(*std::move(loaded))};
}

result<event_stream> read_events(const job_config& job) {
  if (job.feed.files.size() != 1)
    return of_job(job, "an events feed has exactly one file");
  pool_overrides overrides;
  overrides.decimals0 = job.terms.decimals0;
  overrides.decimals1 = job.terms.decimals1;
  if (job.terms.kind == pool_kind::slipstream) {
    overrides.kind = job.terms.kind;
    overrides.unstaked_fee = job.terms.unstaked_fee;
  }
  auto stream = read_event_stream(job.feed.files.front(), overrides);
  if (stream && stream->blocks.empty())
    return fault{ec::bad_input, job.feed.files.front() + ": no events in it"};
  return stream;
}

result<feed_opening> open_events(const job_config& job) {
  auto stream = read_events(job);
  if (!stream)
    return stream.error();
  const auto& file = job.feed.files.front();
  const auto terms = stream->terms;
  if (job.staked && terms.kind != pool_kind::slipstream)
    return of_job(job,
                  "staked = true, but " + file
                    + " is of a Uniswap V3 pool, which has no gauge: leave it out, or give kind "
                      "= \"slipstream\" in [jobs.pool]");
  for (const auto& position : job.start_positions)
    if (position.tick_lower % terms.tick_spacing != 0
        || position.tick_upper % terms.tick_spacing != 0)
      return of_job(job, "start position " + std::to_string(position.tick_lower) + ".."
                           + std::to_string(position.tick_upper)
                           + " is not aligned to the tick spacing "
                           + std::to_string(terms.tick_spacing) + " of " + file);
  size_t events = 0;
  std::optional<uint64_t> first_swap;
  for (const auto& block : stream->blocks) {
    const auto is_initialization
      = [](const pool_event& e) { return e.kind == pool_event_kind::initialize; };
    events += block.events.size()
              - static_cast<size_t>(
                std::count_if(block.events.begin(), block.events.end(), is_initialization));
    const auto is_swap = [](const pool_event& e) { return e.kind == pool_event_kind::swap; };
    if (!first_swap && std::any_of(block.events.begin(), block.events.end(), is_swap))
      first_swap = block.number;
  }
  if (!first_swap)
    return fault{ec::bad_input, file + ": no swap in it, nothing to run rounds on"};
  auto title = "events " + file + ": " + counted(events, "event") + ", " + span_of(stream->blocks);
  return feed_opening{recorded_source(std::move(stream->blocks), file), terms,
                      replica::of_pool(terms), *first_swap, std::move(title)};
}

result<feed_opening> open_bars(const job_config& job) {
  if (job.feed.files.empty())
    return of_job(job, "a bars feed has at least one file");
  auto blocks = read_bars(job.feed.files);
  if (!blocks)
    return blocks.error();
  if (blocks->empty() || !blocks->front().bar)
    return fault{ec::bad_input, joined(job.feed.files) + ": no bars in it"};
  const int32_t tick = blocks->front().bar->open_tick;
  const uint64_t first = blocks->front().number;
  auto title = "bars " + joined(job.feed.files) + ": " + counted(blocks->size(), "bar") + ", "
               + span_of(*blocks);
  return feed_opening{recorded_source(*std::move(blocks), joined(job.feed.files)), job.terms,
                      replica::of_bars(job.terms, {sqrt_ratio_at_tick(tick), tick}), first,
                      std::move(title)};
}

} // namespace

std::unique_ptr<block_source> market_source(const market_terms& terms, uint64_t seed) {
  return std::make_unique<endless_market>(market{terms, seed});
}

result<std::unique_ptr<block_source>> market_source(std::string_view cursor, const pool& at) {
  auto loaded = market::load(cursor, at);
  if (!loaded)
    return loaded.error();
  return std::unique_ptr<block_source>{std::make_unique<endless_market>(*std::move(loaded))};
}

std::unique_ptr<block_source> recorded_source(std::vector<feed_block> blocks, std::string name) {
  return std::make_unique<recording>(std::move(blocks), std::move(name), 0);
}

result<std::unique_ptr<block_source>>
recorded_source(std::vector<feed_block> blocks, std::string name, std::string_view cursor) {
  size_t next = 0;
  if (!cursor.empty()) {
    uint64_t last = 0;
    const auto* end = cursor.data() + cursor.size();
    const auto [stop, error] = std::from_chars(cursor.data(), end, last);
    if (error != std::errc{} || stop != end)
      return fault{ec::corrupt_data,
                   name + ": the stored place in this feed is not a block number"};
    const auto at
      = std::lower_bound(blocks.begin(), blocks.end(), last,
                         [](const feed_block& block, uint64_t n) { return block.number < n; });
    if (at == blocks.end() || at->number != last)
      return fault{ec::corrupt_data, name + ": has no block " + std::to_string(last)
                                       + ", where this node stopped; is it another recording?"};
    next = static_cast<size_t>(at - blocks.begin()) + 1;
  }
  return std::unique_ptr<block_source>{
    std::make_unique<recording>(std::move(blocks), std::move(name), next)};
}

market_terms market_terms_of(const job_config& job) {
  market_terms terms;
  terms.pool = job.terms;
  terms.price = job.feed.price;
  terms.block_seconds = job.block_seconds;
  terms.volatility_per_day = job.feed.volatility_per_day;
  terms.trades_per_block = job.feed.trades_per_block;
  terms.depth = job.feed.depth;
  return terms;
}

result<feed_opening> open_feed(const job_config& job) {
  switch (job.feed.kind) {
  case feed_kind::market:
    return open_market(job);
  case feed_kind::events:
    return open_events(job);
  case feed_kind::bars:
    return open_bars(job);
  }
  return of_job(job, "unknown kind of feed");
}

result<std::unique_ptr<block_source>>
reopen_feed(const job_config& job, std::string_view cursor, const pool* at) {
  if (job.feed.kind == feed_kind::market)
    return reopen_market(job, cursor, at);
  if (job.feed.kind == feed_kind::events) {
    auto stream = read_events(job);
    if (!stream)
      return stream.error();
    return recorded_source(std::move(stream->blocks), job.feed.files.front(), cursor);
  }
  auto blocks = read_bars(job.feed.files);
  if (!blocks)
    return blocks.error();
  return recorded_source(*std::move(blocks), joined(job.feed.files), cursor);
}

fault in_recording(const feed_config& feed, fault why) {
  if (feed.files.empty())
    return why;
  constexpr std::string_view line = "line ";
  if (feed.files.size() == 1 && why.what.starts_with(line))
    why.what = feed.files.front() + ':' + why.what.substr(line.size());
  else
    why.what = feed.files.front() + (feed.files.size() > 1 ? " and following: " : ": ") + why.what;
  return why;
}

} // namespace sluice::io
