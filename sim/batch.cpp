#include "sim/batch.hpp"

#include "sim/overlay.hpp"
#include "sim/performance.hpp"

#include <algorithm>
#include <deque>

namespace sluice {

namespace {

/// Swaps that plans take in one go: their orders stay in the fastest cache.
constexpr size_t leg_orders = 256;
/// Below this many plans private pools are as good.
constexpr size_t batch_min = 3;

/// A window as plans in a shared pool see it: orders, and between them what others mint and burn.
struct script {
  struct change {
    size_t orders_before = 0;
    int32_t tick_lower = 0;
    int32_t tick_upper = 0;
    i128 delta = 0;
  };
  /// How far orders and changes have come.
  struct place {
    uint64_t block = 0;
    size_t orders = 0;
    size_t changes = 0;
  };
  std::vector<swap_request> orders;
  std::vector<change> changes;
  std::vector<place> blocks; // at their ends

  explicit script(const window& market);
  place after(uint64_t block) const {
    const auto next = std::ranges::upper_bound(blocks, block, {}, &place::block);
    return next == blocks.begin() ? place{} : *std::prev(next);
  }
};

script::script(const window& market) {
  for (const auto& record : market.blocks) {
    size_t next = 0;
    for (const auto& e : record->block.events) {
      const auto liquidity = static_cast<i128>(e.liquidity);
      if (e.kind == pool_event_kind::swap)
        orders.push_back(record->swaps[next++].asked);
      else if (e.kind == pool_event_kind::mint)
        changes.push_back({orders.size(), e.tick_lower, e.tick_upper, liquidity});
      else if (e.kind == pool_event_kind::burn && liquidity != 0)
        changes.push_back({orders.size(), e.tick_lower, e.tick_upper, -liquidity});
    }
    blocks.push_back({record->block.number, orders.size(), changes.size()});
  }
}

/// Where a plan without positions was before and after a leg, and which ticks it saw.
struct market_leg {
  const overlay& start;
  const overlay& end;
  int32_t lowest = 0;
  int32_t highest = 0;
  swap_count swaps{};
  bool known = true;
};

/// A plan of a batch on its way.
class batch_plan {
public:
  batch_plan(const window& market, const script& play, const shared_pool& shared, const plan& what,
             uint32_t positions_max)
    : market_(market), script_(play), plan_(what), overlay_(shared),
      run_(market, overlay_, positions_max) {}
  batch_plan(const batch_plan&) = delete;
  batch_plan& operator=(const batch_plan&) = delete;

  void open() {
    failed_ = !run_.open(plan_);
    if (!failed_ && plan_.opening)
      run_.rebalance_at(market_.from, *plan_.opening);
    while (rebalances_ < plan_.rebalances.size()
           && plan_.rebalances[rebalances_].block < market_.from)
      run_.miss(plan_.rebalances[rebalances_++].block);
  }
  /// Takes the orders up to `to`, before which `changes` changes were made.
  void advance(size_t to, size_t changes, const market_leg& market);
  void change(const script::change& x) {
    if (!lost())
      overlay_.change(x.tick_lower, x.tick_upper, x.delta);
  }
  /// Only a private pool knows.
  bool lost() const { return failed_ || overlay_.lost(); }
  plan_outcome close() && {
    for (; rebalances_ < plan_.rebalances.size(); ++rebalances_)
      run_.miss(plan_.rebalances[rebalances_].block); // after the window
    return std::move(run_).close();
  }

private:
  void play(size_t to) {
    overlay_.play(std::span{script_.orders}.subspan(at_, to - at_), run_.swaps());
    at_ = to;
  }

  const window& market_;
  const script& script_;
  const plan& plan_;
  overlay overlay_;
  performance run_;
  size_t at_ = 0;         // orders taken
  size_t rebalances_ = 0; // done or missed
  bool failed_ = false;
};

void batch_plan::advance(size_t to, size_t changes, const market_leg& market) {
  const size_t from = at_;
  while (!lost() && rebalances_ < plan_.rebalances.size()) {
    const auto& next = plan_.rebalances[rebalances_];
    const auto due = script_.after(next.block);
    if (next.block > market_.to || due.changes > changes || due.orders > to)
      break;
    play(due.orders);
    run_.rebalance_at(next.block, next.desired_positions);
    ++rebalances_;
  }
  if (lost() || at_ == to)
    return;
  if (at_ != from || !market.known
      || !overlay_.may_follow(market.start, market.lowest, market.highest))
    return play(to);
  overlay_.follow(market.end);
  run_.swaps().all += market.swaps.all;
  at_ = to;
}

/// All plans of a batch in one shared pool.
class batch {
public:
  batch(const window& market, std::span<const plan* const> plans, uint32_t positions_max)
    : script_(market), shared_(*market.start_pool), bare_(shared_) {
    for (const auto* what : plans)
      plans_.emplace_back(market, script_, shared_, *what, positions_max).open();
  }

  void play() {
    size_t at = 0;
    for (size_t done = 0; done <= script_.changes.size(); ++done) {
      const bool last = done == script_.changes.size();
      const size_t to = last ? script_.orders.size() : script_.changes[done].orders_before;
      do { // once even without orders: a rebalance may be due
        const size_t next = std::min(to, at + leg_orders);
        leg(at, next, done);
        at = next;
      } while (at < to);
      if (!last)
        change(script_.changes[done]);
    }
  }
  batch_plan& operator[](size_t i) { return plans_[i]; }

private:
  void leg(size_t from, size_t to, size_t changes) {
    const overlay start = bare_;
    market_leg market{start, bare_, bare_.price().tick, bare_.price().tick};
    for (size_t i = from; i < to; ++i) {
      bare_.play(std::span{&script_.orders[i], 1}, market.swaps);
      market.lowest = std::min(market.lowest, bare_.price().tick);
      market.highest = std::max(market.highest, bare_.price().tick);
    }
    market.known = !bare_.lost();
    for (auto& x : plans_)
      x.advance(to, changes, market);
  }
  void change(const script::change& x) {
    shared_.change(x.tick_lower, x.tick_upper, x.delta);
    bare_.change(x.tick_lower, x.tick_upper, x.delta);
    for (auto& plan : plans_)
      plan.change(x);
  }

  script script_;
  shared_pool shared_;
  overlay bare_; // a plan without positions: the market itself
  std::deque<batch_plan> plans_;
};

} // namespace

std::vector<result<plan_outcome>> evaluate_all(const window& market, std::span<const plan> plans,
                                               pool_model model, uint32_t positions_max) {
  std::vector<result<plan_outcome>> answers;
  answers.reserve(plans.size());
  std::vector<const plan*> shared; // in plans' order
  const bool together = model == pool_model::replayed && plans.size() >= batch_min
                        && market.start_pool && market.start_pool->slipstream() == nullptr
                        && market.start_pool->is_solvent();
  if (together)
    for (const auto& what : plans)
      if (plan_fault(market, what, model).empty())
        shared.push_back(&what);
  if (shared.empty()) {
    for (const auto& what : plans)
      answers.push_back(evaluate(market, what, model, positions_max));
    return answers;
  }
  batch all(market, shared, positions_max);
  all.play();
  size_t next = 0;
  for (const auto& what : plans) {
    const bool taken = next < shared.size() && shared[next] == &what;
    if (taken && !all[next].lost())
      answers.emplace_back(std::move(all[next]).close());
    else
      answers.push_back(evaluate(market, what, model, positions_max));
    next += taken ? 1 : 0;
  }
  return answers;
}

} // namespace sluice
