// Random events on the board and on a second, straight model of the same state machine.
#include "rules/consensus/task_board.hpp"
#include "tests/support/task_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace sluice {
namespace {

/// A task in the model. Seconds.
struct model_task {
  std::string id;
  int priority = 0;
  uint64_t required = 1, least = 1, created = 0, since = 0, retries = 0;
  std::string state = "pending";
  std::set<uint16_t> open, used;
  std::vector<uint16_t> answered;
};

struct model_terms {
  uint64_t answer = 10, settle = 25, pending = 40, delay = 5, review = 15, retries = 2;
};

bool model_ended(const model_task& x) {
  return x.state == "done" || x.state == "approved" || x.state == "failed"
         || x.state == "cancelled";
}

/// A pending task's `since` may be in the future: before that it is not given to anybody.
struct model_board {
  model_terms terms;
  std::vector<model_task> tasks;

  void expire(uint64_t now) {
    for (auto& x : tasks)
      if (x.state == "pending" && now >= x.since + terms.pending) {
        x.state = "failed";
      } else if (x.state == "assigned" && x.answered.empty() && now >= x.since + terms.answer) {
        x.open.clear();
        x.state = x.retries < terms.retries ? "pending" : "failed";
        if (x.state == "pending") {
          ++x.retries;
          x.since = now + terms.delay;
        }
      } else if (x.state == "assigned" && !x.answered.empty() && now >= x.since + terms.settle) {
        x.open.clear();
        x.state = "completed";
        x.since = now;
      } else if (x.state == "completed" && now >= x.since + terms.review) {
        x.state = "done";
      }
  }

  uint64_t load(uint16_t uid) const {
    return static_cast<uint64_t>(
      std::ranges::count_if(tasks, [uid](const auto& x) { return x.open.contains(uid); }));
  }

  /// The best of those that are there, one by one.
  void distribute(const std::vector<available_miner>& miners, uint64_t now) {
    std::vector<model_task*> order;
    for (auto& x : tasks)
      if (x.state == "pending" && now >= x.since)
        order.push_back(&x);
    std::ranges::sort(order, [](auto* a, auto* b) {
      return std::tuple{-a->priority, a->created, a->id}
             < std::tuple{-b->priority, b->created, b->id};
    });
    for (auto* x : order) {
      std::vector<uint16_t> chosen;
      while (chosen.size() < x->required) {
        const available_miner* best = nullptr;
        const auto value = [&](const available_miner& y) {
          const auto part = static_cast<double>(load(y.uid.value)) / y.capacity;
          return std::tuple{x->used.contains(y.uid.value),
                            -std::round(1e9 * std::max(0.1, y.performance * (1 - part))), part,
                            y.uid};
        };
        for (const auto& y : miners)
          if (static_cast<double>(load(y.uid.value)) < y.capacity
              && std::ranges::find(chosen, y.uid.value) == chosen.end()
              && (!best || value(y) < value(*best)))
            best = &y;
        if (!best)
          break;
        chosen.push_back(best->uid.value);
      }
      if (chosen.size() < std::max<uint64_t>(1, x->least))
        continue;
      x->open = {chosen.begin(), chosen.end()};
      x->used.insert(chosen.begin(), chosen.end());
      x->state = "assigned";
      x->since = now;
    }
  }

  bool answer(model_task& x, uint16_t uid, uint64_t now) {
    if (x.open.erase(uid) == 0)
      return false;
    x.answered.push_back(uid);
    if (x.open.empty()) {
      x.state = "completed";
      x.since = now;
    }
    return true;
  }
};

class random_events {
public:
  explicit random_events(uint32_t seed) : rng_(seed) {
    settings_.tasks.answer_s = model_.terms.answer;
    settings_.tasks.settle_s = model_.terms.settle;
    settings_.tasks.pending_s = model_.terms.pending;
    settings_.tasks.retry_delay_s = model_.terms.delay;
    settings_.tasks.review_s = model_.terms.review;
    settings_.tasks.max_retries = model_.terms.retries;
    settings_.tasks.only_reachable = false;
    board_ = task_board{settings_};
    for (uint16_t i = 0; i < 4; ++i) {
      available_miner x;
      x.uid = {static_cast<uint16_t>(10 + i)};
      x.hotkey = "m" + std::to_string(10 + i);
      x.performance = static_cast<double>(1 + rng_() % 10) / 10;
      x.capacity = 2;
      miners_.push_back(x);
    }
  }

  void event() {
    now_ += rng_() % 4;
    look();
    switch (rng_() % 8) {
    case 0:
      submit();
      break;
    case 1:
    case 2:
      distribute();
      break;
    case 3:
    case 4:
    case 5:
      answer();
      break;
    case 6:
      client();
      break;
    default:
      board_ = rows_.board(settings_); // killed
    }
    compare();
  }

  /// Nobody answers any more; everything has to end.
  void run_out() {
    for (int i = 0; i < 100; ++i) {
      now_ += 10;
      look();
      distribute();
      compare();
    }
    for (const auto& x : model_.tasks)
      EXPECT_TRUE(model_ended(x)) << x.id << ' ' << x.state;
    EXPECT_TRUE(board_.open_assignments().empty());
    for (const auto& [place, x] : rows_.places)
      EXPECT_TRUE(is_terminal(place.state)) << place.id;
    EXPECT_EQ(rows_.places.size(), model_.tasks.size());
  }

private:
  uint64_t ms() const { return now_ * 1000; }

  void look() {
    task_changes out;
    board_.expire(ms(), out);
    rows_.take(out);
    model_.expire(now_);
  }

  void submit() {
    submit_task_call call;
    call.caller.client = "c";
    call.payload = std::to_string(rng_() % 5);
    call.priority = static_cast<task_priority>(rng_() % 4);
    call.required_miner_count = 1 + rng_() % 3;
    call.min_miner_count = 1 + rng_() % call.required_miner_count;
    task_changes out;
    const auto made = board_.submit(call, ms(), out);
    ASSERT_TRUE(made);
    rows_.take(out);
    model_task x;
    x.id = made->task_id;
    x.priority = static_cast<int>(call.priority);
    x.required = call.required_miner_count;
    x.least = call.min_miner_count;
    x.created = x.since = now_;
    model_.tasks.push_back(x);
  }

  void distribute() {
    task_changes out;
    board_.distribute(miners_, {}, ms(), out);
    rows_.take(out);
    model_.distribute(miners_, now_);
  }

  model_task* any() {
    return model_.tasks.empty() ? nullptr : &model_.tasks[rng_() % model_.tasks.size()];
  }

  void answer() {
    auto* x = any();
    for (int i = 0; x && i < 5 && x->open.empty(); ++i)
      x = any();
    if (!x)
      return;
    auto uid = static_cast<uint16_t>(10 + rng_() % 4);
    if (!x->open.empty() && rng_() % 4 != 0)
      uid = *x->open.begin();
    task_changes out;
    const auto made = board_.answer(
      {{"m" + std::to_string(uid)}, x->id, std::to_string(rng_() % 2)}, std::nullopt, ms(), out);
    rows_.take(out);
    EXPECT_EQ(static_cast<bool>(made), model_.answer(*x, uid, now_)) << x->id;
  }

  void client() {
    auto* x = any();
    if (!x)
      return;
    task_changes out;
    if (rng_() % 2 == 0) {
      const auto made = board_.cancel({{"c", false}, x->id, ""}, ms(), out);
      EXPECT_EQ(static_cast<bool>(made), !model_ended(*x) || x->state == "cancelled");
      if (!model_ended(*x)) {
        x->state = "cancelled";
        x->open.clear();
      }
    } else {
      std::map<miner_uid, double> ratings;
      if (!x->answered.empty())
        ratings[{x->answered.front()}] = static_cast<double>(rng_() % 3) / 2;
      const auto made = board_.approve({{"c", false}, x->id, ratings}, ms(), out);
      EXPECT_EQ(static_cast<bool>(made), x->state == "completed" || x->state == "approved");
      if (x->state == "completed")
        x->state = "approved";
    }
    rows_.take(out);
  }

  void compare() {
    ASSERT_EQ(rows_.tasks.size(), model_.tasks.size());
    std::map<std::string, uint64_t> counts;
    for (const auto& x : model_.tasks) {
      const auto& row = rows_.tasks.at(x.id);
      ASSERT_EQ(name_of(row.state), x.state) << x.id;
      ASSERT_EQ(row.retries, x.retries);
      ++counts[x.state];
      std::vector<uint16_t> answered;
      std::set<hotkey> keys;
      for (const auto& one : row.responses) {
        answered.push_back(one.uid.value);
        ASSERT_TRUE(keys.insert(one.key).second) << "answered twice";
      }
      ASSERT_EQ(answered, x.answered);
      std::set<uint16_t> open;
      for (const auto& one : row.assignments)
        if (one.state == assignment_state::open)
          open.insert(one.uid.value);
      ASSERT_EQ(open, x.open) << x.id;
      const bool judged = row.state == task_state::completed || row.state == task_state::done
                          || row.state == task_state::approved;
      ASSERT_TRUE(!judged || row.best);
    }
    for (const auto& [state, count] : board_.stats().by_state)
      ASSERT_EQ(count, counts[state]) << state;
  }

  std::mt19937 rng_;
  uint64_t now_ = 1000;
  consensus_settings settings_;
  task_board board_;
  test::task_rows rows_;
  model_board model_;
  std::vector<available_miner> miners_;
};

TEST(task_board_model, agrees_in_any_order_of_events_and_every_task_ends) {
  const auto seed = std::random_device{}();
  for (uint32_t i = 0; i < 40; ++i) {
    SCOPED_TRACE("seed " + std::to_string(seed + i));
    random_events run{seed + i};
    for (int k = 0; k < 400 && !::testing::Test::HasFatalFailure(); ++k)
      run.event();
    run.run_out();
    if (::testing::Test::HasFailure())
      return;
  }
}

} // namespace
} // namespace sluice
