#include "tools/liquidity/dev_world.hpp"

#include "io/liquidity/block_source.hpp"
#include "io/pool/event_stream.hpp"
#include "rules/liquidity/score.hpp"
#include "rules/pool/price.hpp"
#include "tools/liquidity/pair_name.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <utility>

namespace sluice::tools {

namespace {

/// What every dev vault is worth at its start, in the emission's unit.
constexpr double vault_worth = 60'000;

/// A recording of events is cut into about this many rounds.
constexpr uint64_t rounds_per_recording = 12;

/// Spreads one seed over many uses (splitmix64).
uint64_t mixed(uint64_t seed, uint64_t use) {
  auto x = seed + 0x9e3779b97f4a7c15 * (use + 1);
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// A file's name as a job's: [a-z0-9._-], at most 40 characters.
std::string name_of(const std::string& file) {
  std::string name;
  for (char c : io::stem_of(file)) {
    const auto lower = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    const bool fits = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')
                      || lower == '.' || lower == '_' || lower == '-';
    name += fits ? lower : '-';
  }
  name.resize(std::min<size_t>(name.size(), 40));
  return name.empty() ? "feed" : name;
}

/// Half of the vault's worth in each token at the price of the feed's start.
void endow(job_config& job, const u256& sqrt_price_x96, const u256& amount0) {
  job.start.amount0 = amount0;
  job.start.amount1 = value_in_token1(amount0, {}, sqrt_price_x96);
  job.start_positions.clear();
  const auto worth = 2 * whole_amount(job.start.amount1, job.terms.decimals1);
  job.token1_value = worth > 0 ? vault_worth / worth : 1;
}

void checkpoint_every(job_config& job, uint64_t round_blocks) {
  job.checkpoint_blocks = std::max<uint64_t>(1, round_blocks / 3);
  job.live_checkpoint_blocks = std::max<uint64_t>(1, round_blocks / 2);
}

/// Five days of minutes: rounds of a quarter of an hour.
result<nothing> shape_bars(job_config& job) {
  job.terms = {500, 10, 6, 18};
  job.symbol0 = "USDC";
  job.symbol1 = "WETH";
  job.block_seconds = 60;
  job.round_seconds = 900;
  checkpoint_every(job, 15);
  auto opened = io::open_feed(job);
  if (!opened)
    return opened.error();
  endow(job, opened->start.price().sqrt_price_x96, u256{30'000u} * power_of_ten(6));
  return nothing{};
}

/// The addresses in the first line of a recording of mainnet lines; "" where nothing states them.
std::pair<std::string, std::string> tokens_stated_in(const std::string& file) {
  constexpr size_t line_bytes_max = 4096;
  std::string line(line_bytes_max, '\0');
  std::ifstream in{file, std::ios::binary};
  in.read(line.data(), line_bytes_max);
  line.resize(static_cast<size_t>(in.gcount()));
  const auto stated = nlohmann::json::parse(line.substr(0, line.find('\n')), nullptr, false);
  const auto text_at = [&](const char* key) {
    const auto at = stated.is_object() ? stated.find(key) : stated.end();
    return at != stated.end() && at->is_string() ? at->get<std::string>() : std::string{};
  };
  return {text_at("token0"), text_at("token1")};
}

/// The tokens' own names, and the pair's as the job's, where they are known.
void name_by_pair(job_config& job) {
  const auto& file = job.feed.files.front();
  std::string name;
  if (job.feed.kind == feed_kind::bars) {
    name = job_name_of(io::stem_of(file), job.symbol0, job.symbol1);
  } else {
    const auto [token0, token1] = tokens_stated_in(file);
    const auto pair = pair_name_of(io::stem_of(file), token0, token1);
    job.symbol0 = pair ? pair->symbol0 : "token0";
    job.symbol1 = pair ? pair->symbol1 : "token1";
    name = pair ? pair->job : "";
  }
  if (!name.empty())
    job.id = {name};
}

result<nothing> shape_events(job_config& job) {
  job.block_seconds = 12;
  auto stream = io::read_event_stream(job.feed.files.front());
  if (!stream)
    return stream.error();
  job.terms = stream->terms;
  const auto opened = io::open_feed(job);
  if (!opened)
    return opened.error();
  const auto last = stream->blocks.back().number;
  const auto blocks
    = std::clamp<uint64_t>((last - opened->first_block + 1) / rounds_per_recording, 1, 75);
  job.round_seconds = blocks * 12;
  checkpoint_every(job, blocks);
  for (const auto& block : stream->blocks)
    for (const auto& event : block.events)
      if (event.kind == pool_event_kind::swap && block.number >= opened->first_block) {
        endow(job, event.sqrt_price_x96, u256{10u} * power_of_ten(job.terms.decimals0));
        return nothing{};
      }
  return nothing{};
}

result<job_config> job_of(const feed_config& feed, const job_config& pattern) {
  auto job = pattern;
  job.feed.kind = feed.kind;
  job.feed.files = feed.files;
  if (feed.kind == feed_kind::market)
    return job;
  job.id = {name_of(feed.files.front())};
  job.vault = "0x00000000000000000000000000000000000000d1";
  job.pair_address = "0x00000000000000000000000000000000000000d2";
  auto shaped = feed.kind == feed_kind::bars ? shape_bars(job) : shape_events(job);
  if (!shaped)
    return shaped.error();
  name_by_pair(job);
  return job;
}

/// The same feed seen by a second job: rounds twice as long, and the exact model where there is a
/// pool.
job_config slower(job_config job) {
  job.id.value += "-slow";
  job.round_seconds *= 2;
  job.checkpoint_blocks *= 2;
  job.live_checkpoint_blocks *= 2;
  if (job.feed.kind != feed_kind::bars)
    job.model = pool_model::replayed;
  return job;
}

void name_apart(std::vector<job_config>& jobs) {
  std::set<job_id> taken;
  for (auto& job : jobs) {
    const auto plain = job.id.value;
    for (int n = 2; !taken.insert(job.id).second; ++n)
      job.id.value = plain + '-' + std::to_string(n);
  }
}

} // namespace

result<feed_config> parse_feed(const std::string& text) {
  feed_config feed;
  if (text == "market")
    return feed;
  const auto equals = text.find('=');
  const auto kind = text.substr(0, equals);
  if (equals == std::string::npos || (kind != "events" && kind != "bars"))
    return fault{ec::bad_input,
                 "--feed " + text + ": expected market, events=FILE or bars=FILE[,FILE...]"};
  feed.kind = kind == "bars" ? feed_kind::bars : feed_kind::events;
  for (size_t from = equals + 1; from <= text.size();) {
    const auto comma = std::min(text.find(',', from), text.size());
    if (comma > from)
      feed.files.push_back(text.substr(from, comma - from));
    from = comma + 1;
  }
  if (feed.files.empty() || (feed.kind == feed_kind::events && feed.files.size() > 1))
    return fault{ec::bad_input, "--feed " + text + ": expected "
                                  + (feed.kind == feed_kind::events ? "events=FILE, one file"
                                                                    : "bars=FILE[,FILE...]")};
  return feed;
}

result<nothing> make_dev_jobs(node_config& config, std::optional<uint64_t> seed,
                              const std::vector<std::string>& feeds) {
  auto& all = liquidity_in(config).jobs;
  std::vector<job_config> jobs;
  for (const auto& text : feeds) {
    auto feed = parse_feed(text);
    if (!feed)
      return feed.error();
    auto job = job_of(*feed, all.front());
    if (!job)
      return job.error();
    jobs.push_back(*std::move(job));
  }
  if (!jobs.empty()) {
    if (jobs.size() == 1)
      jobs.push_back(slower(jobs.front()));
    name_apart(jobs);
    all = std::move(jobs);
  }
  if (seed && *seed != config.seed) // the embedded markets are those of its own seed
    for (size_t i = 0; i < all.size(); ++i)
      all[i].feed.seed = mixed(*seed, i);
  return nothing{};
}

} // namespace sluice::tools
