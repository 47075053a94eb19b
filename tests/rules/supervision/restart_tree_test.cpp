// Whole trees of owners and workers, made and broken at random, against what OTP promises.
#include "rules/supervision/restart_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace sluice {
namespace {

using namespace std::chrono_literals;
using moment = std::chrono::nanoseconds;
using kind = restart_order::kind;

/// A place in the tree: an owner with a plan, or a worker that may fail.
struct tree_place {
  tree_place* owner = nullptr;
  size_t index = 0; // among the owner's children
  restart_terms terms;
  restart_rule rule = restart_rule::permanent;
  std::vector<std::unique_ptr<tree_place>> children;

  bool up = false;
  bool stopping = false;
  bool failing = false; // an owner that escalates
  uint64_t incarnation = 0;
  std::optional<restart_plan> plan;
  std::map<size_t, tree_place*> by_number;
  std::vector<moment> starts;
  std::vector<moment> failures; // of children of this incarnation that were not ordered to end
  restart_orders to_do;
  bool busy = false;

  bool worker() const { return children.empty(); }
};

/// Time, events, and the checks of every order against what must hold when it is given.
class restart_world {
public:
  explicit restart_world(uint64_t seed) : rng_(seed) {}

  std::unique_ptr<tree_place> root;
  moment now{0};
  size_t escalations = 0;

  void at(moment when, std::function<void()> what) { events_.emplace(when, std::move(what)); }

  /// Plays until nothing happens any more, or until `end`; a bound on events as well.
  void run_until(moment end) {
    for (size_t i = 0; i < 2'000'000 && !events_.empty() && events_.begin()->first <= end; ++i) {
      auto next = events_.extract(events_.begin());
      now = next.key();
      next.mapped()();
    }
    now = end;
  }

  void start(tree_place& x) {
    check_start(x);
    x.up = true;
    x.stopping = x.failing = false;
    ++x.incarnation;
    x.starts.push_back(now);
    if (x.worker()) {
      if (on_start)
        on_start(x);
      return;
    }
    x.plan.emplace(x.terms);
    x.by_number.clear();
    x.failures.clear();
    x.to_do.clear();
    for (auto& child : x.children) {
      x.by_number[x.plan->add(child->rule)] = child.get();
      start(*child);
    }
  }

  /// A worker fails, if it is there and nobody has ordered it to end.
  void fail(tree_place& x) {
    if (x.up)
      end(x, true);
  }

  std::function<void(tree_place&)> on_start;
  std::function<void(tree_place&)> on_abandoned;
  std::mt19937_64& rng() { return rng_; }

private:
  void end(tree_place& x, bool failed) {
    for (const auto& child : x.children)
      EXPECT_FALSE(child->up) << "an owner ends after its children";
    x.up = false;
    auto* owner = x.owner;
    if (!owner)
      return;
    const auto number = number_of(x);
    if (!number)
      return;
    if (!x.stopping && failed)
      owner->failures.push_back(now);
    x.stopping = false;
    carry_out(*owner, owner->plan->ended(*number, failed, now, rng_()));
  }

  static std::optional<size_t> number_of(const tree_place& x) {
    for (const auto& [number, place] : x.owner->by_number)
      if (place == &x)
        return number;
    return std::nullopt;
  }

  void stop(tree_place& x) {
    check_stop(x);
    x.stopping = true;
    const auto incarnation = x.incarnation;
    if (!x.worker())
      return carry_out(x, x.plan->leave());
    at(now + std::chrono::milliseconds{rng_() % 3}, [this, &x, incarnation] {
      if (x.up && x.incarnation == incarnation)
        end(x, rng_() % 4 == 0);
    });
  }

  void carry_out(tree_place& x, restart_orders orders) {
    x.to_do.insert(x.to_do.end(), orders.begin(), orders.end());
    if (x.busy)
      return;
    x.busy = true;
    std::optional<bool> ends;
    while (!x.to_do.empty() && !ends) {
      const auto what = x.to_do.front();
      x.to_do.erase(x.to_do.begin());
      if (what.what == kind::leave)
        ends = x.failing;
      else
        carry_out_one(x, what);
    }
    x.busy = false;
    if (ends)
      end(x, *ends);
  }

  void carry_out_one(tree_place& x, const restart_order& what) {
    const auto incarnation = x.incarnation;
    switch (what.what) {
    case kind::start:
      start(*x.by_number.at(what.number));
      carry_out(x, x.plan->started(what.number));
      break;
    case kind::stop:
      stop(*x.by_number.at(what.number));
      break;
    case kind::wait:
      EXPECT_LE(what.pause, x.terms.pause_max);
      at(now + what.pause, [this, &x, what, incarnation] {
        if (x.up && x.incarnation == incarnation)
          carry_out(x, x.plan->waited(what.number));
      });
      break;
    case kind::abandon:
      EXPECT_EQ(x.terms.then, when_exhausted::abandon);
      if (on_abandoned)
        on_abandoned(*x.by_number.at(what.number));
      break;
    case kind::escalate:
      EXPECT_EQ(x.terms.then, when_exhausted::escalate);
      EXPECT_GT(recent(x), x.terms.restarts_max);
      if (x.terms.how == strategy_of_restart::one_for_one) {
        EXPECT_EQ(recent(x), x.terms.restarts_max + 1) << "the first that is too many, no other";
      } // else one that was to be stopped anyway may have failed as well, which counts for nothing
      x.failing = true;
      ++escalations;
      break;
    default:
      break;
    }
  }

  /// The second model of an intensity: the whole history, counted anew.
  size_t recent(const tree_place& x) const {
    return static_cast<size_t>(std::count_if(x.failures.begin(), x.failures.end(),
                                             [&](moment t) { return now - t <= x.terms.window; }));
  }

  /// In order: under rest_for_one all that come before are there.
  void check_start(const tree_place& x) const {
    EXPECT_FALSE(x.up);
    for (const auto& child : x.children)
      EXPECT_FALSE(child->up);
    if (!x.owner)
      return;
    EXPECT_TRUE(x.owner->up);
    if (x.owner->terms.how == strategy_of_restart::one_for_one)
      return;
    for (const auto& other : x.owner->children)
      EXPECT_EQ(other->up && !other->stopping, other->index < x.index)
        << "child " << other->index << " when " << x.index << " is started";
  }

  /// Backwards: under rest_for_one all that come after have ended. Under one_for_one nobody is
  /// stopped but when the owner leaves.
  void check_stop(const tree_place& x) const {
    EXPECT_TRUE(x.up);
    EXPECT_FALSE(x.stopping);
    const bool alone = x.owner->terms.how == strategy_of_restart::one_for_one;
    for (const auto& other : x.owner->children)
      EXPECT_TRUE(other->index <= x.index || !other->up || (alone && other->stopping))
        << other->index << " when " << x.index << " is stopped";
    EXPECT_TRUE(!alone || x.owner->plan->leaving());
  }

  std::mt19937_64 rng_;
  std::multimap<moment, std::function<void()>> events_;
};

constexpr moment tree_window = 60s;

/// At most `depth` owners above one another, with pauses far below the window.
std::unique_ptr<tree_place> random_tree(std::mt19937_64& rng, size_t depth) {
  auto x = std::make_unique<tree_place>();
  if (depth == 0)
    return x;
  x->terms.how = rng() % 2 ? strategy_of_restart::one_for_one : strategy_of_restart::rest_for_one;
  if (x->terms.how == strategy_of_restart::one_for_one && rng() % 3 == 0)
    x->terms.then = when_exhausted::abandon;
  x->terms.restarts_max = rng() % 4;
  x->terms.window = tree_window * (1 + rng() % 3);
  x->terms.pause = std::chrono::milliseconds{rng() % 60};
  x->terms.pause_max = x->terms.pause * 8;
  const auto count = 1 + rng() % 4;
  for (size_t i = 0; i < count; ++i) {
    x->children.push_back(random_tree(rng, rng() % 3 == 0 ? 0 : depth - 1));
    x->children.back()->owner = x.get();
    x->children.back()->index = i;
  }
  return x;
}

void each_worker(tree_place& x, const std::function<void(tree_place&)>& f) {
  if (x.worker())
    f(x);
  for (auto& child : x.children)
    each_worker(*child, f);
}

/// What its owners may do at most: the product of their intensities and the first start of each.
size_t starts_allowed(const tree_place& x) {
  size_t product = 1;
  for (const auto* owner = x.owner; owner; owner = owner->owner)
    product *= owner->terms.restarts_max + 1;
  return product;
}

/// The most starts within any stretch of this length.
size_t most_starts_within(const tree_place& x, moment length) {
  size_t most = 0;
  for (size_t i = 0; i < x.starts.size(); ++i) {
    size_t n = 0;
    for (auto k = i; k < x.starts.size() && x.starts[k] - x.starts[i] <= length; ++k)
      ++n;
    most = std::max(most, n);
  }
  return most;
}

/// `failures` at random moments of `duration`, of random workers. Answers how often an owner gave
/// up.
size_t play_random_tree(uint64_t seed, size_t failures, moment duration) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  restart_world world{seed};
  world.root = random_tree(world.rng(), 3);
  if (world.root->worker())
    return 0;
  std::vector<tree_place*> workers;
  each_worker(*world.root, [&](tree_place& x) { workers.push_back(&x); });
  world.start(*world.root);
  for (size_t i = 0; i < failures; ++i) {
    auto& who = *workers[world.rng()() % workers.size()];
    world.at(moment{static_cast<int64_t>(world.rng()() % static_cast<uint64_t>(duration.count()))},
             [&world, &who] { world.fail(who); });
  }
  world.run_until(duration + 1h);
  for (const auto* x : workers) {
    EXPECT_LE(most_starts_within(*x, tree_window / 2), starts_allowed(*x));
    EXPECT_TRUE(duration > tree_window / 2 || x->starts.size() <= starts_allowed(*x));
  }
  return world.escalations;
}

TEST(restart_tree, never_restarts_more_often_than_the_product_of_the_intensities) {
  size_t escalations = 0;
  for (uint64_t seed = 1; seed <= 400 && !::testing::Test::HasFailure(); ++seed)
    escalations += play_random_tree(seed, 10 + seed % 60, 20s);
  EXPECT_GT(escalations, 200U) << "the trees were broken too gently to show anything";
}

TEST(restart_tree, keeps_that_bound_in_every_window_of_a_long_run) {
  size_t escalations = 0;
  for (uint64_t seed = 1001; seed <= 1150 && !::testing::Test::HasFailure(); ++seed)
    escalations += play_random_tree(seed, 400, 1h);
  EXPECT_GT(escalations, 100U);
}

TEST(restart_tree, reaches_the_product_when_one_worker_fails_at_every_start) {
  restart_world world{1};
  world.root = std::make_unique<tree_place>();
  auto* x = world.root.get();
  for (const size_t most : {2U, 3U, 1U, 4U}) {
    x->terms.restarts_max = most;
    x->terms.window = 1h;
    x->terms.how = most % 2 ? strategy_of_restart::rest_for_one : strategy_of_restart::one_for_one;
    x->children.push_back(std::make_unique<tree_place>());
    x->children.front()->owner = x;
    x = x->children.front().get();
  }
  world.on_start
    = [&](tree_place& worker) { world.at(world.now + 1ms, [&] { world.fail(worker); }); };
  world.start(*world.root);
  world.run_until(1h);
  EXPECT_EQ(x->starts.size(), 3U * 4U * 2U * 5U);
  EXPECT_FALSE(world.root->up);
}

/// One worker fails whenever it is started; the others seldom, and less often than is allowed.
void starve(uint64_t seed, when_exhausted then) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  restart_world world{seed};
  world.root = std::make_unique<tree_place>();
  auto& terms = world.root->terms;
  terms.then = then;
  terms.restarts_max = then == when_exhausted::abandon ? 2 + seed % 4 : SIZE_MAX;
  terms.window = 10s;
  const size_t count = 3 + seed % 4;
  for (size_t i = 0; i < count; ++i) {
    world.root->children.push_back(std::make_unique<tree_place>());
    world.root->children.back()->owner = world.root.get();
    world.root->children.back()->index = i;
  }
  auto& bad = *world.root->children[world.rng()() % count];
  world.on_start = [&](tree_place& x) {
    if (&x == &bad)
      world.at(world.now + 1us, [&] { world.fail(bad); });
  };
  world.on_abandoned = [&](const tree_place& x) { EXPECT_EQ(&x, &bad); };
  world.start(*world.root);
  std::map<const tree_place*, size_t> failed;
  for (int k = 0; k < 12; ++k) {
    auto& x = *world.root->children[world.rng()() % count];
    if (&x == &bad)
      continue;
    ++failed[&x];
    const auto when = 11s * (k + 1) + moment{static_cast<int64_t>(world.rng()() % 1'000'000)};
    world.at(when, [&world, &x] { world.fail(x); });
    world.at(when + 1ns, [&x] { EXPECT_TRUE(x.up) << "the first restart is at once"; });
  }
  world.run_until(200s);
  for (const auto& x : world.root->children)
    if (x.get() != &bad) {
      EXPECT_TRUE(x->up);
      EXPECT_EQ(x->starts.size(), 1 + failed[x.get()]) << "neither more nor fewer";
    }
  EXPECT_GT(bad.starts.size(), 2U);
  // Its pauses keep it from the others' processor time: the tenth failure within 10 s has to wait
  // for 2.5 s at least.
  EXPECT_LE(bad.starts.size(), 10U + 10U * 200 / 10);
}

TEST(restart_tree, one_failing_child_never_starves_its_siblings) {
  for (uint64_t seed = 1; seed <= 100 && !::testing::Test::HasFailure(); ++seed)
    for (const auto then : {when_exhausted::abandon, when_exhausted::escalate})
      starve(seed, then);
}

TEST(restart_tree, stops_everybody_in_the_reverse_order_of_the_start) {
  for (uint64_t seed = 1; seed <= 200 && !::testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    restart_world world{seed};
    auto top = std::make_unique<tree_place>();
    top->terms.restarts_max = 0;
    top->children.push_back(random_tree(world.rng(), 3));
    top->children.push_back(std::make_unique<tree_place>());
    for (size_t i = 0; i < 2; ++i) {
      top->children[i]->owner = top.get();
      top->children[i]->index = i;
    }
    auto& worker = *top->children[1];
    world.root = std::move(top);
    world.start(*world.root);
    size_t up = 0;
    each_worker(*world.root, [&](const tree_place& x) { up += x.up ? 1 : 0; });
    EXPECT_GT(up, 1U);
    world.fail(worker); // no restart is allowed: all go, which the world checks one by one
    world.run_until(1h);
    each_worker(*world.root, [](const tree_place& x) {
      EXPECT_FALSE(x.up);
      EXPECT_EQ(x.starts.size(), 1U);
    });
    EXPECT_FALSE(world.root->up);
  }
}

} // namespace
} // namespace sluice
