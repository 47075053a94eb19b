#include "sim/evaluate/replica_events.hpp"

#include "sim/evaluate/custody.hpp"
#include "sim/evaluate/fee_search.hpp"
#include "sim/math/tick_math.hpp"

#include <array>
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

/// Writes down every step of a swap.
class step_log : public swap_observer {
public:
  step_log(std::vector<path_step>& into, bool zero_for_one)
    : into_(into), zero_for_one_(zero_for_one) {}

  void on_step(const swap_step& step) override {
    path_step seen{step.sqrt_price_from_x96, step.sqrt_price_to_x96, step.liquidity, {}, {}};
    (zero_for_one_ ? seen.fee0 : seen.fee1) = step.lp_fee;
    into_.push_back(seen);
  }

private:
  std::vector<path_step>& into_;
  bool zero_for_one_;
};

/// The events of one block, one after the other.
class block_replay {
public:
  block_replay(const feed_block& block, const pool_terms& terms, pool& at, block_record& into)
    : terms_(terms), pool_(at), into_(into), now_(static_cast<uint32_t>(block.time)) {}

  /// Empty when it went as recorded, else what differs.
  std::string execute(const pool_event& event) {
    if (event.kind == pool_event_kind::initialize)
      return initialize(event);
    if (pool_.state().sqrt_price_x96.is_zero())
      return "the pool is not initialized yet";
    switch (event.kind) {
    case pool_event_kind::mint:
      return compare(
        event, pool_.mint(event.owner, event.tick_lower, event.tick_upper, event.liquidity, now_));
    case pool_event_kind::burn:
      return compare(event, burn_recorded(pool_, event, now_));
    case pool_event_kind::collect:
      return collect(event);
    case pool_event_kind::swap:
      return event.asked ? swap_as_asked(event) : swap_as_recorded(event);
    default:
      return pool_.slipstream() ? staking(event) : "only a Slipstream pool has such events";
    }
  }

private:
  std::string initialize(const pool_event& event) {
    if (event.sqrt_price_x96 < min_sqrt_ratio || event.sqrt_price_x96 >= max_sqrt_ratio)
      return "sqrt_price_x96 " + to_string(event.sqrt_price_x96) + " is out of range";
    auto tick = pool_.initialize(event.sqrt_price_x96, now_);
    if (!tick)
      return "the pool " + why_text(tick.why());
    return {};
  }

  /// What is no event of the pool itself.
  std::string staking(const pool_event& event) {
    if (event.kind == pool_event_kind::fees) {
      if (event.amount0 >= i256{1'000'000} || event.amount1 > i256{1'000'000})
        return "expected a fee below 1000000 and an unstaked fee up to it";
      pool_.set_fees(static_cast<uint32_t>(event.amount0.bits()),
                     static_cast<uint32_t>(event.amount1.bits()));
      fees_reported_ = &event;
      return {};
    }
    const auto done = is_stake(event.kind) ? stake_recorded(pool_, event, now_)
                                           : reward_recorded(pool_, event, now_);
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

  /// Executes `order` on `on`; empty when all that the record states came out.
  std::string attempt(const pool_event& event, const swap_request& order, pool& on) {
    step_log log(into_.steps, order.zero_for_one);
    auto got = on.swap(order, now_, {}, &log);
    if (!got)
      return "the pool " + why_text(got.why());
    const auto& state = on.state();
    if (state.sqrt_price_x96 != event.sqrt_price_x96)
      return differs("sqrt_price_x96", event.sqrt_price_x96, state.sqrt_price_x96);
    if (state.tick != event.tick)
      return differs("tick", event.tick, state.tick);
    if (state.liquidity != event.liquidity)
      return differs("liquidity", u256{event.liquidity}, u256{state.liquidity});
    if (got->amount0 != event.amount0)
      return differs("amount0", event.amount0, got->amount0);
    if (got->amount1 != event.amount1)
      return differs("amount1", event.amount1, got->amount1);
    return {};
  }

  void done(const swap_request& order) {
    const auto& state = pool_.state();
    into_.swaps.push_back({static_cast<uint32_t>(into_.steps.size()), state.sqrt_price_x96,
                           state.tick, order, pool_.fee()});
  }

  std::string swap_as_asked(const pool_event& event) {
    auto why = attempt(event, *event.asked, pool_);
    if (why.empty())
      done(*event.asked);
    return why;
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
      if (auto fit = fees_that_fit(pool_, event, request, now_, trial_))
        if (try_requests(event, {&request, 1}, fit->low).empty())
          return {};
    return why + " with fee " + std::to_string(pool_.fee()) + ", and no other up to "
           + std::to_string(slipstream_fee_max) + " leads there";
  }

  /// Takes the first of `requests` that reproduces the record; else empty-handed, what the first
  /// one got wrong.
  std::string
  try_requests(const pool_event& event, std::span<const swap_request> requests, uint32_t fee) {
    const auto steps = into_.steps.size();
    std::string first;
    for (const auto& request : requests) {
      trial_ = pool_;
      if (const auto* staking = pool_.slipstream())
        trial_.set_fees(fee, staking->unstaked_fee);
      auto why = attempt(event, request, trial_);
      if (why.empty()) {
        std::swap(pool_, trial_);
        done(request);
        return {};
      }
      into_.steps.resize(steps);
      if (first.empty())
        first = std::move(why);
    }
    return first;
  }

  const pool_terms& terms_;
  const pool_event* fees_reported_ = nullptr; // the last fees, of the swap that has their place
  pool& pool_;
  block_record& into_;
  uint32_t now_;
  pool trial_{pool_}; // keeps its memory from swap to swap
};

} // namespace

result<nothing>
execute_events(const feed_block& block, const pool_terms& terms, pool& at, block_record& into) {
  block_replay run(block, terms, at, into);
  for (const pool_event& event : block.events)
    if (auto why = run.execute(event); !why.empty())
      return at_event(block, event, why);
  return nothing{};
}

} // namespace sluice
