#include "rules/liquidity/job_change.hpp"

#include "rules/json_text.hpp"

#include <algorithm>
#include <array>
#include <concepts>

namespace sluice {

namespace {

constexpr size_t shown_bytes_max = 80;

/// Why a setting is frozen.
enum class frozen_by : uint8_t { blocks, market, averages };

struct frozen_key {
  std::string_view name;
  frozen_by why;
};

constexpr std::array frozen_keys{
  frozen_key{"round_seconds", frozen_by::blocks},
  frozen_key{"block_seconds", frozen_by::blocks},
  frozen_key{"pool.kind", frozen_by::market},
  frozen_key{"pool.fee", frozen_by::market},
  frozen_key{"pool.tick_spacing", frozen_by::market},
  frozen_key{"pool.unstaked_fee", frozen_by::market},
  frozen_key{"pool.decimals0", frozen_by::market},
  frozen_key{"pool.decimals1", frozen_by::market},
  frozen_key{"feed.kind", frozen_by::market},
  frozen_key{"feed.seed", frozen_by::market},
  frozen_key{"feed.price", frozen_by::market},
  frozen_key{"feed.volatility_per_day", frozen_by::market},
  frozen_key{"feed.trades_per_block", frozen_by::market},
  frozen_key{"feed.depth", frozen_by::market},
  frozen_key{"board.evaluation_alpha", frozen_by::averages},
  frozen_key{"board.live_alpha", frozen_by::averages},
  frozen_key{"board.evaluation_share", frozen_by::averages},
  frozen_key{"board.eligibility_days", frozen_by::averages},
  frozen_key{"board.trusted", frozen_by::averages},
};

const frozen_key* find_frozen(std::string_view key) {
  const auto* at = std::ranges::find_if(frozen_keys, [&](const frozen_key& x) {
    return key == x.name || (key.starts_with(x.name) && key[x.name.size()] == '[');
  });
  return at == frozen_keys.end() ? nullptr : at;
}

std::string value_text(double x) {
  return json_text(x);
}
std::string value_text(std::integral auto x) {
  return std::to_string(x);
}
std::string value_text(pool_kind x) {
  return x == pool_kind::slipstream ? "\"slipstream\"" : "\"uniswap\"";
}
std::string value_text(feed_kind x) {
  return x == feed_kind::market ? "\"market\"" : x == feed_kind::events ? "\"events\"" : "\"bars\"";
}
std::string value_text(const std::vector<hotkey>& all) {
  std::string text;
  for (const auto& x : all)
    text += (text.empty() ? "" : ", ") + json_text(x.value);
  text = '[' + text + ']';
  if (text.size() > shown_bytes_max)
    text = text.substr(0, shown_bytes_max - 3) + "...";
  return text;
}

class comparison {
public:
  template <class T>
  comparison& add(std::string_view key, const T& was, const T& is) {
    if (!(was == is))
      found_.push_back({std::string{key}, value_text(was), value_text(is)});
    return *this;
  }
  std::vector<frozen_change> take() { return std::move(found_); }

private:
  std::vector<frozen_change> found_;
};

} // namespace

bool is_frozen(std::string_view key) {
  return find_frozen(key) != nullptr;
}

std::string why_frozen(std::string_view key) {
  const auto* found = find_frozen(key);
  if (!found)
    return {};
  const std::string instead
    = "; to play it so, give the job another id, or begin with a new data folder";
  switch (found->why) {
  case frozen_by::blocks:
    return "the rounds that it has played are counted by it" + instead;
  case frozen_by::market:
    return "the market that it has played continues where it was" + instead;
  case frozen_by::averages:
    break;
  }
  return "the averages that are stored were made with it" + instead;
}

std::string meaning_of_job_key(std::string_view key) {
  if (key.empty())
    return {};
  if (is_frozen(key))
    return "what it has played would no longer fit";
  if (key == "active")
    return "the job is played, or it is not";
  if (key == "feed.files" || key.starts_with("feed.files["))
    return "the same recording is read from there; other blocks end the job";
  if (key == "feed.start_block" || key == "start" || key.starts_with("start.")
      || key == "start_positions" || key.starts_with("start_positions["))
    return "nothing: the job has begun, its vault is what its last round left";
  if (key.starts_with("board."))
    return "weights count with it from the next epoch on";
  return "from its next round on";
}

std::vector<frozen_change> frozen_changes(const job_config& was, const job_config& is) {
  comparison all;
  all.add("round_seconds", was.round_seconds, is.round_seconds)
    .add("block_seconds", was.block_seconds, is.block_seconds)
    .add("pool.kind", was.terms.kind, is.terms.kind)
    .add("pool.fee", was.terms.fee, is.terms.fee)
    .add("pool.tick_spacing", was.terms.tick_spacing, is.terms.tick_spacing)
    .add("pool.unstaked_fee", was.terms.unstaked_fee, is.terms.unstaked_fee)
    .add("pool.decimals0", was.terms.decimals0, is.terms.decimals0)
    .add("pool.decimals1", was.terms.decimals1, is.terms.decimals1)
    .add("feed.kind", was.feed.kind, is.feed.kind)
    .add("feed.seed", was.feed.seed, is.feed.seed)
    .add("feed.price", was.feed.price, is.feed.price)
    .add("feed.volatility_per_day", was.feed.volatility_per_day, is.feed.volatility_per_day)
    .add("feed.trades_per_block", was.feed.trades_per_block, is.feed.trades_per_block)
    .add("feed.depth", was.feed.depth, is.feed.depth)
    .add("board.evaluation_alpha", was.board.evaluation_alpha, is.board.evaluation_alpha)
    .add("board.live_alpha", was.board.live_alpha, is.board.live_alpha)
    .add("board.evaluation_share", was.board.evaluation_share, is.board.evaluation_share)
    .add("board.eligibility_days", was.board.eligibility_days, is.board.eligibility_days)
    .add("board.trusted", was.board.trusted, is.board.trusted);
  return all.take();
}

} // namespace sluice
