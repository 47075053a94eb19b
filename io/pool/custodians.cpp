#include "io/pool/custodians.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace sluice::io {

namespace {

/// Nobody's: the gauge of a pool where it never appears.
address nobodys_gauge() {
  constexpr std::string_view name = "sluice: the gauge";
  address x{};
  std::ranges::copy(name, x.begin());
  return x;
}

} // namespace

/// Who has how much of each range, as far as mints, burns and stakes show.
class custodian_search::ledger {
public:
  explicit ledger(const pool_terms& terms) : terms_(terms) {}

  bool complete() const {
    return terms_.gauge != address{} && terms_.position_manager != address{};
  }
  const pool_terms& terms() const { return terms_; }

  void take(const pool_event& event) {
    auto& range = ranges_[{event.tick_lower, event.tick_upper}];
    switch (event.kind) {
    case pool_event_kind::mint:
      range[event.owner] += event.liquidity;
      return;
    case pool_event_kind::burn:
      burn(range, event);
      return;
    case pool_event_kind::stake:
      if (terms_.position_manager == address{})
        if (const auto owner = only_one_with(range, event.liquidity, gauge_))
          terms_.position_manager = *owner;
      move(range, terms_.position_manager, gauge(), event.liquidity);
      return;
    case pool_event_kind::unstake:
      move(range, gauge(), terms_.position_manager, event.liquidity);
      return;
    default:
      return;
    }
  }

private:
  using holders = std::map<address, u256>;

  const address& gauge() const { return terms_.gauge != address{} ? terms_.gauge : gauge_; }

  static std::optional<address>
  only_one_with(const holders& range, const u256& liquidity, const address& but) {
    std::optional<address> found;
    for (const auto& [owner, has] : range)
      if (owner != but && has >= liquidity) {
        if (found)
          return {};
        found = owner;
      }
    return found;
  }

  static void move(holders& range, const address& from, const address& to, const u256& liquidity) {
    const u256 moved = std::min(range[from], liquidity);
    range[from] -= moved;
    range[to] += moved;
  }

  void burn(holders& range, const pool_event& event) {
    auto& has = range[event.owner];
    if (has < event.liquidity && range[gauge_] >= event.liquidity - has)
      this_is_the_gauge(event.owner); // it burns what the stream has reported as staked
    if (has < event.liquidity) {
      const u256 missing = event.liquidity - has;
      if (const auto other = only_one_with(range, missing, event.owner)) {
        if (terms_.gauge == address{} && event.owner != terms_.position_manager)
          this_is_the_gauge(event.owner);
        if (terms_.position_manager == address{} && event.owner == terms_.gauge)
          terms_.position_manager = *other;
        move(range, *other, event.owner, missing);
      }
    }
    has -= std::min(has, u256{event.liquidity});
  }

  /// What was staked while nobody knew its name is the gauge's.
  void this_is_the_gauge(const address& owner) {
    if (terms_.gauge != address{} || owner == terms_.position_manager)
      return;
    terms_.gauge = owner;
    for (auto& [place, range] : ranges_)
      move(range, gauge_, owner, range[gauge_]);
  }

  pool_terms terms_;
  const address gauge_ = nobodys_gauge(); // until it is known
  std::map<std::pair<int32_t, int32_t>, holders> ranges_;
};

custodian_search::custodian_search(const pool_terms& terms)
  : seen_(std::make_unique<ledger>(terms)) {}
custodian_search::custodian_search(custodian_search&&) noexcept = default;
custodian_search& custodian_search::operator=(custodian_search&&) noexcept = default;
custodian_search::~custodian_search() = default;

void custodian_search::take(const feed_block& block) {
  for (const auto& event : block.events)
    if (seen_->complete())
      return;
    else
      seen_->take(event);
}

void custodian_search::finish(pool_terms& terms) const {
  terms.gauge = seen_->terms().gauge;
  terms.position_manager = seen_->terms().position_manager;
  if (terms.gauge == address{})
    terms.gauge = nobodys_gauge();
}

void find_custodians(const std::vector<feed_block>& blocks, pool_terms& terms) {
  custodian_search search(terms);
  for (const auto& block : blocks)
    search.take(block);
  search.finish(terms);
}

} // namespace sluice::io
