#include "sim/evaluate/replica_events.hpp"

#include "sim/evaluate/custody.hpp"
#include "sim/evaluate/fee_search.hpp"
#include "sim/math/tick_math.hpp"

#include <array>
#include <optional>
#include <span>

namespace sluice {

namespace {

std::string why_text(revert why) {
  const auto text = reason(why);
  return text.empty() ? "reverts without a reason" : "reverts with " + std::string{text};
}

fault at_event(const feed_block& block, const pool_event& event, const std::string& what) {
  std::string where = event.line != 0 ? "line " + std::to_string(event.line)
                                      : "block " + std::to_string(block.number) + " log "
                                          + std::to_string(event.log_index);
  where += ": ";
  where += to_string(event.kind);
  return {ec::bad_input, where + ": " + what};
}

template <class T>
std::string differs(std::string_view field, const T& recorded, const T& got) {
  return "recorded " + std::string{field} + " " + to_string(recorded) + ", the pool got "
         + to_string(got);
}

/// Tries a request for a recorded swap: writes down its steps, and lets it take place only when it
/// leads where the record says.
class recorded_swap final : public swap_observer, public swap_judge {
public:
  recorded_swap(const pool_event& record, std::vector<path_step>& steps)
    : record_(record), steps_(steps) {}

  /// Has it taken place? If not, nothing has changed.
  bool take(pool& at, const swap_request& order, uint32_t now) {
    zero_for_one_ = order.zero_for_one;
    end_.reset();
    const auto steps = steps_.size();
    const auto done = at.swap_if(order, now, *this, this);
    why_ = done.why();
    if (!done)
      steps_.resize(steps);
    return static_cast<bool>(done);
  }

  /// Why it has not.
  std::string why_not() const {
    if (!end_)
      return "the pool " + why_text(why_);
    if (end_->sqrt_price_x96 != record_.sqrt_price_x96)
      return differs("sqrt_price_x96", record_.sqrt_price_x96, end_->sqrt_price_x96);
    if (end_->tick != record_.tick)
      return differs("tick", record_.tick, end_->tick);
    if (end_->liquidity != record_.liquidity)
      return differs("liquidity", u256{record_.liquidity}, u256{end_->liquidity});
    if (end_->moved.amount0 != record_.amount0)
      return differs("amount0", record_.amount0, end_->moved.amount0);
    return differs("amount1", record_.amount1, end_->moved.amount1);
  }

  void on_step(const swap_step& step) override {
    auto& seen = steps_.emplace_back();
    seen.sqrt_price_from_x96 = step.sqrt_price_from_x96;
    seen.sqrt_price_to_x96 = step.sqrt_price_to_x96;
    seen.liquidity = step.liquidity;
    (zero_for_one_ ? seen.fee0 : seen.fee1) = step.lp_fee;
  }
  bool accepts(const swap_end& end) override {
    end_ = end;
    return end.sqrt_price_x96 == record_.sqrt_price_x96 && end.tick == record_.tick
           && end.liquidity == record_.liquidity && end.moved.amount0 == record_.amount0
           && end.moved.amount1 == record_.amount1;
  }

private:
  const pool_event& record_;
  std::vector<path_step>& steps_;
  bool zero_for_one_ = false;
  revert why_ = revert::none;
  std::optional<swap_end> end_; // none where the pool reverts
};

/// The events of one block, one after the other.
class block_replay {
public:
  block_replay(const feed_block& block, const pool_terms& terms, pool& at, pool_undo::space& space,
               block_record& into)
    : terms_(terms), pool_(at), undo_(at, space), into_(into),
      now_(static_cast<uint32_t>(block.time)) {}

  /// Empty when it went as recorded, else what differs.
  std::string execute(const pool_event& event) {
    if (event.kind == pool_event_kind::initialize)
      return initialize(event);
    if (pool_.state().sqrt_price_x96.is_zero())
      return "the pool is not initialized yet";
    switch (event.kind) {
    case pool_event_kind::mint:
      undo_.before_range(key_of(event));
      return compare(
        event, pool_.mint(event.owner, event.tick_lower, event.tick_upper, event.liquidity, now_));
    case pool_event_kind::burn:
      undo_.before_range(key_of(event));
      return then_forget(event, compare(event, burn_recorded(pool_, event, now_)));
    case pool_event_kind::collect:
      undo_.before_range(key_of(event));
      return then_forget(event, collect(event));
    case pool_event_kind::swap:
      return event.asked ? swap_as_asked(event) : swap_as_recorded(event);
    default:
      return pool_.slipstream() ? staking(event) : "only a Slipstream pool has such events";
    }
  }

  /// Takes back all of them.
  void roll_back() { undo_.roll_back(); }

private:
  std::string initialize(const pool_event& event) {
    if (event.sqrt_price_x96 < min_sqrt_ratio || event.sqrt_price_x96 >= max_sqrt_ratio)
      return "sqrt_price_x96 " + to_string(event.sqrt_price_x96) + " is out of range";
    undo_.before_other();
    auto tick = pool_.initialize(event.sqrt_price_x96, now_);
    if (!tick)
      return "the pool " + why_text(tick.why());
    return {};
  }

  static position_key key_of(const pool_event& event) {
    return {event.owner, event.tick_lower, event.tick_upper};
  }

  /// Positions that nothing is left of are not kept: no later event can tell them from new ones.
  std::string then_forget(const pool_event& event, std::string why) {
    if (!why.empty())
      return why;
    pool_.forget_if_gone(key_of(event));
    if (const auto* staking = pool_.slipstream())
      for (const auto& owner : {staking->gauge, staking->position_manager})
        pool_.forget_if_gone({owner, event.tick_lower, event.tick_upper});
    return why;
  }

  /// What is no event of the pool itself.
  std::string staking(const pool_event& event) {
    if (event.kind == pool_event_kind::fees) {
      if (event.amount0.is_negative() || event.amount0 >= i256{1'000'000}
          || event.amount1.is_negative() || event.amount1 > i256{1'000'000})
        return "expected a fee below 1000000 and an unstaked fee up to it";
      undo_.before_other();
      pool_.set_fees(static_cast<uint32_t>(event.amount0.bits()),
                     static_cast<uint32_t>(event.amount1.bits()));
      fees_reported_ = &event;
      return {};
    }
    if (!is_stake(event.kind)) {
      undo_.before_other();
      return answer(reward_recorded(pool_, event, now_));
    }
    undo_.before_range(key_of(event));
    return then_forget(event, answer(stake_recorded(pool_, event, now_)));
  }

  static std::string answer(const or_revert<nothing>& done) {
    return done ? std::string{} : "the pool " + why_text(done.why());
  }

  static std::string compare(const pool_event& event, const or_revert<token_amounts>& got) {
    if (!got)
      return "the pool " + why_text(got.why());
    if (got->amount0 != event.amount0.bits())
      return differs("amount0", event.amount0, i256::from_u256(got->amount0));
    if (got->amount1 != event.amount1.bits())
      return differs("amount1", event.amount1, i256::from_u256(got->amount1));
    return {};
  }

  /// Amounts are not compared: streams do not report flashes and protocol fees, which change what
  /// a position is owed but never the price. A collect takes what there is, up to what was
  /// recorded.
  std::string collect(const pool_event& event) {
    if (event.amount0.is_negative() || event.amount1.is_negative()
        || !event.amount0.bits().fits_u128() || !event.amount1.bits().fits_u128())
      return "expected amounts of 0 to 2^128 - 1";
    auto got = pool_.collect(event.owner, event.tick_lower, event.tick_upper,
                             static_cast<u128>(event.amount0.bits()),
                             static_cast<u128>(event.amount1.bits()));
    return got ? std::string{} : "the pool " + why_text(got.why());
  }

  /// The pool has taken the order.
  void done(const swap_request& order) {
    const auto& state = pool_.state();
    undo_.swapped(order, now_);
    into_.swaps.push_back({static_cast<uint32_t>(into_.steps.size()), state.sqrt_price_x96,
                           state.tick, order, pool_.fee()});
  }

  std::string swap_as_asked(const pool_event& event) {
    recorded_swap attempt(event, into_.steps);
    undo_.before_swap();
    if (!attempt.take(pool_, *event.asked, now_))
      return attempt.why_not();
    done(*event.asked);
    return {};
  }

  /// Tries what the record could have been, likeliest first.
  std::string swap_as_recorded(const pool_event& event) {
    const auto& price = pool_.state().sqrt_price_x96;
    const bool falls
      = event.sqrt_price_x96 != price ? event.sqrt_price_x96 < price : event.amount0 > i256{};
    const u256 no_limit = falls ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1;
    const i256& in = falls ? event.amount0 : event.amount1;
    const i256& out = falls ? event.amount1 : event.amount0;
    const std::array<swap_request, 3> requests{{
      {falls, in, no_limit},
      {falls, out, no_limit},
      {falls, i256::max(), event.sqrt_price_x96}, // more than enough: it stopped at its limit
    }};
    undo_.before_swap();
    auto why = try_requests(event, requests, pool_.fee());
    if (why.empty() || !pool_.slipstream())
      return why;
    if (fees_reported_ && fees_reported_->line == event.line
        && fees_reported_->log_index == event.log_index)
      return why + " with fee " + std::to_string(pool_.fee()) + ", which is reported with it";
    // Its fee is read anew at every swap: perhaps back to what it started with, else another one.
    if (terms_.fee != pool_.fee() && try_requests(event, requests, terms_.fee).empty())
      return {};
    for (const auto& request : requests)
      if (auto fit = fees_that_fit(pool_, event, request, now_))
        if (try_requests(event, {&request, 1}, fit->low).empty())
          return {};
    return why + " with fee " + std::to_string(pool_.fee()) + ", and no other up to "
           + std::to_string(slipstream_fee_max) + " leads there";
  }

  /// Takes the first of `requests` that reproduces the record; else nothing changes, and the
  /// answer is what the first one got wrong.
  std::string
  try_requests(const pool_event& event, std::span<const swap_request> requests, uint32_t fee) {
    const uint32_t fee_before = pool_.fee();
    recorded_swap attempt(event, into_.steps);
    std::optional<recorded_swap> first;
    set_fee(fee);
    for (const auto& request : requests) {
      if (attempt.take(pool_, request, now_)) {
        done(request);
        return {};
      }
      if (!first)
        first.emplace(attempt);
    }
    set_fee(fee_before);
    return first->why_not();
  }

  /// Of a Slipstream pool; others keep theirs.
  void set_fee(uint32_t fee) {
    if (const auto* staking = pool_.slipstream())
      pool_.set_fees(fee, staking->unstaked_fee);
  }

  const pool_terms& terms_;
  const pool_event* fees_reported_ = nullptr; // the last fees, of the swap that has their place
  pool& pool_;
  pool_undo undo_;
  block_record& into_;
  uint32_t now_;
};

} // namespace

result<nothing> execute_events(const feed_block& block, const pool_terms& terms, pool& at,
                               pool_undo::space& space, block_record& into) {
  into.steps.reserve(into.steps.size() + block.events.size());
  into.swaps.reserve(into.swaps.size() + block.events.size());
  block_replay run(block, terms, at, space, into);
  for (const pool_event& event : block.events)
    if (auto why = run.execute(event); !why.empty()) {
      run.roll_back();
      return at_event(block, event, why);
    }
  return nothing{};
}

} // namespace sluice
