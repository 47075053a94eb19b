#include "sim/evaluate/batch.hpp"

#include "sim/evaluate/lane_group.hpp"
#include "sim/evaluate/performance.hpp"
#include "sim/math/sqrt_price_math.hpp"
#include "sim/math/tick_math.hpp"

#include <algorithm>
#include <bit>
#include <deque>
#include <unordered_map>

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
  std::vector<shared_order> orders;
  std::vector<change> changes;
  std::vector<place> blocks; // at their ends

  script(const window& market, const shared_pool& pool);
  place after(uint64_t block) const {
    const auto next = std::ranges::upper_bound(blocks, block, {}, &place::block);
    return next == blocks.begin() ? place{} : *std::prev(next);
  }
};

script::script(const window& market, const shared_pool& pool) {
  for (const auto& record : market.blocks) {
    size_t next = 0;
    for (const auto& e : record->block.events) {
      const auto liquidity = static_cast<i128>(e.liquidity);
      if (e.kind == pool_event_kind::swap)
        orders.emplace_back(record->swaps[next++].asked, pool);
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

  void saw(int32_t tick) {
    lowest = std::min(lowest, tick);
    highest = std::max(highest, tick);
  }
};

/// How far a swap that ended here might have gone to a tick of a plan's: the output up to a tick is
/// rounded down, so an exact output also reaches one that lies less than a unit of it away.
int32_t reach_of_output(const overlay& at, bool zero_for_one) {
  if (at.liquidity() == 0) // it ended at a stop
    return at.price().tick;
  const auto next
    = next_price_from_output(at.price().sqrt_price_x96, at.liquidity(), 1, zero_for_one);
  if (!next)
    return zero_for_one ? min_tick : max_tick;
  return tick_at_sqrt_ratio(std::clamp(*next, min_sqrt_ratio, max_sqrt_ratio - 1));
}

/// A plan of a batch on its way.
class batch_plan {
public:
  batch_plan(const window& market, const script& play, const shared_pool& shared, const plan& what,
             uint32_t positions_max, const evaluation_options& how)
    : market_(market), script_(play), plan_(what), overlay_(shared),
      run_(market, overlay_, positions_max, how) {}
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
  /// Does what is due between order `to` and whatever comes next, `changes` changes being made.
  void rebalance_at(size_t to, size_t changes);
  /// Takes orders up to `to`, but for the last ones of the leg that it may take beside others:
  /// answers from which one on.
  size_t advance(size_t to, size_t changes, const market_leg& market);
  /// Has taken the orders up to `to`.
  void taken(size_t to) { at_ = to; }
  lane_rider rider() { return {&overlay_, &run_.swaps()}; }
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
  const rebalance* due(size_t to, size_t changes) const;
  void play(size_t to) {
    for (; at_ < to && !lost(); ++at_)
      overlay_.play(std::span{&script_.orders[at_].asked, 1}, run_.swaps());
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

/// The next rebalance, when it comes up to order `to` and before change `changes`.
const rebalance* batch_plan::due(size_t to, size_t changes) const {
  if (lost() || rebalances_ == plan_.rebalances.size())
    return nullptr;
  const auto& next = plan_.rebalances[rebalances_];
  const auto when = script_.after(next.block);
  return next.block <= market_.to && when.changes <= changes && when.orders <= to ? &next : nullptr;
}

void batch_plan::rebalance_at(size_t to, size_t changes) {
  while (const auto* next = due(to, changes)) {
    run_.rebalance_at(next->block, next->desired_positions);
    ++rebalances_;
  }
}

size_t batch_plan::advance(size_t to, size_t changes, const market_leg& market) {
  const size_t from = at_;
  while (const auto* next = due(to - 1, changes)) {
    play(script_.after(next->block).orders);
    rebalance_at(at_, changes);
  }
  if (lost() || at_ != from)
    play(to);
  else if (market.known && overlay_.may_follow(market.start, market.lowest, market.highest)) {
    overlay_.follow(market.end);
    run_.swaps().all += market.swaps.all;
    at_ = to;
  }
  return lost() ? to : at_;
}

/// All plans of a batch in one shared pool.
class batch {
public:
  batch(const window& market, std::span<const plan* const> plans, uint32_t positions_max,
        const evaluation_options& how, lane_mode mode)
    : mode_(mode), shared_(*market.start_pool), script_(market, shared_), bare_(shared_) {
    for (const auto* what : plans)
      plans_.emplace_back(market, script_, shared_, *what, positions_max, how).open();
  }

  void play() {
    size_t at = 0;
    for (size_t done = 0; done <= script_.changes.size(); ++done) {
      const bool last = done == script_.changes.size();
      const size_t to = last ? script_.orders.size() : script_.changes[done].orders_before;
      rebalance_at(at, done);
      for (; at < to; at = std::min(to, at + leg_orders)) {
        const size_t end = std::min(to, at + leg_orders);
        leg(at, end, done);
        rebalance_at(end, done);
      }
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
      const auto& order = script_.orders[i].asked;
      bare_.play(std::span{&order, 1}, market.swaps);
      market.saw(bare_.price().tick);
      if (order.amount_specified.is_negative())
        market.saw(reach_of_output(bare_, order.zero_for_one));
    }
    market.known = !bare_.lost();
    riders_.clear();
    for (auto& x : plans_)
      if (x.advance(to, changes, market) == from) {
        riders_.push_back(x.rider());
        x.taken(to);
      }
    play_side_by_side(riders_, std::span{script_.orders}.subspan(from, to - from), mode_);
  }
  void rebalance_at(size_t to, size_t changes) {
    for (auto& x : plans_)
      x.rebalance_at(to, changes);
  }
  void change(const script::change& x) {
    shared_.change(x.tick_lower, x.tick_upper, x.delta);
    bare_.change(x.tick_lower, x.tick_upper, x.delta);
    for (auto& plan : plans_)
      plan.change(x);
  }

  lane_mode mode_;
  shared_pool shared_;
  script script_;
  overlay bare_; // a plan without positions: the market itself
  std::deque<batch_plan> plans_;
  std::vector<lane_rider> riders_; // of the leg
};

/// Whether plans are equal is asked 10,000 times: a number that equal plans share.
struct plan_number {
  size_t operator()(const plan* what) const {
    uint64_t sum = 0;
    const auto mix = [&sum](uint64_t x) { sum = (std::rotl(sum, 23) ^ x) * 0x9e3779b97f4a7c15U; };
    const auto mix_wishes = [&mix](const std::vector<desired_position>& wishes) {
      for (const auto& x : wishes) {
        mix((uint64_t{static_cast<uint32_t>(x.tick_lower)} << 32)
            + static_cast<uint32_t>(x.tick_upper));
        mix(x.allocation0.limb(0));
        mix(x.allocation1.limb(0));
      }
    };
    mix(what->start.amount0.limb(0));
    mix(what->start.amount1.limb(0));
    for (const auto& x : what->positions) {
      mix((uint64_t{static_cast<uint32_t>(x.tick_lower)} << 32)
          + static_cast<uint32_t>(x.tick_upper));
      mix(static_cast<uint64_t>(x.liquidity));
    }
    if (what->opening)
      mix_wishes(*what->opening);
    for (const auto& x : what->rebalances) {
      mix(x.block);
      mix_wishes(x.desired_positions);
    }
    return sum;
  }
};
struct equal_plan {
  bool operator()(const plan* a, const plan* b) const { return *a == *b; }
};

/// All plans beside the market as it was, which is laid out once for all of them.
std::vector<result<plan_outcome>>
evaluate_observed(const window& market, std::span<const plan* const> plans, uint32_t positions_max,
                  const evaluation_options& how) {
  std::vector<result<plan_outcome>> answers;
  answers.reserve(plans.size());
  if (plans.size() == 1) { // not worth it
    answers.push_back(evaluate(market, *plans[0], pool_model::observed, positions_max, how));
    return answers;
  }
  const observed_path path(market);
  const auto venue_of = [&](const plan& what) -> std::unique_ptr<window_venue> {
    if (what.staked || !path.fits)
      return observed_venue(market, what.staked, &path.extents);
    return path_venue(market, path);
  };
  for (const auto* what : plans)
    if (auto why = plan_fault(market, *what, pool_model::observed); !why.empty())
      answers.emplace_back(fault{ec::invalid_argument, std::move(why)});
    else
      answers.push_back(evaluate_at(market, *what, *venue_of(*what), positions_max, how));
  return answers;
}

/// Plans in the pool that they share, where they can.
std::vector<result<plan_outcome>>
evaluate_replayed(const window& market, std::span<const plan* const> plans, uint32_t positions_max,
                  const evaluation_options& how, lane_mode mode) {
  const auto alone = [&](const plan* what) {
    return evaluate(market, *what, pool_model::replayed, positions_max, how);
  };
  std::vector<const plan*> shared; // in plans' order
  const bool together = plans.size() >= batch_min && market.start_pool
                        && market.start_pool->slipstream() == nullptr
                        && market.start_pool->is_solvent();
  if (together)
    std::ranges::copy_if(plans, std::back_inserter(shared), [&](const plan* what) {
      return plan_fault(market, *what, pool_model::replayed).empty();
    });
  std::vector<result<plan_outcome>> answers;
  answers.reserve(plans.size());
  if (shared.empty()) {
    std::ranges::transform(plans, std::back_inserter(answers), alone);
    return answers;
  }
  batch all(market, shared, positions_max, how, mode);
  all.play();
  size_t next = 0;
  for (const auto* what : plans) {
    const bool taken = next < shared.size() && shared[next] == what;
    if (taken && !all[next].lost())
      answers.emplace_back(std::move(all[next]).close());
    else
      answers.push_back(alone(what));
    next += taken ? 1 : 0;
  }
  return answers;
}

} // namespace

std::vector<result<plan_outcome>>
evaluate_all(const window& market, std::span<const plan> plans, pool_model model,
             uint32_t positions_max, const evaluation_options& how, lane_mode mode) {
  std::vector<const plan*> different;
  std::vector<size_t> which; // of them each plan equals
  std::unordered_map<const plan*, size_t, plan_number, equal_plan> known;
  for (const auto& what : plans) {
    const auto [at, is_new] = known.emplace(&what, different.size());
    if (is_new)
      different.push_back(&what);
    which.push_back(at->second);
  }
  auto answers = model == pool_model::observed
                   ? evaluate_observed(market, different, positions_max, how)
                   : evaluate_replayed(market, different, positions_max, how, mode);
  if (different.size() == plans.size())
    return answers;
  std::vector<result<plan_outcome>> all;
  all.reserve(plans.size());
  for (const size_t i : which)
    all.push_back(answers[i]);
  return all;
}

} // namespace sluice
