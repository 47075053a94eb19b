#include "tests/fuzz/plans_input.hpp"

#include "sim/evaluate/batch.hpp"
#include "tests/fuzz/any_order.hpp"

namespace sluice::test {

namespace {

constexpr size_t blocks_max = 24;
constexpr size_t plans_max = 12; // at least three: fewer do not share a pool
constexpr uint32_t positions_max = 5;
constexpr uint64_t first_block = 100;

class plans_game {
public:
  explicit plans_game(std::string_view bytes)
    : in_(bytes.substr(0, bytes.size() / 2)), for_plans_(bytes.substr(bytes.size() / 2)),
      terms_(any_terms()), pool_(empty_pool(terms_)) {}

  plans_end play() {
    (void)pool_.initialize(any_price(in_), 1);
    (void)pool_.set_fee_protocol(in_.one_in(4) ? 4 : 0, in_.one_in(4) ? 10 : 0, true);
    for (auto n = in_.below(8); n > 0; --n)
      (void)mint();
    if (in_.one_in(4)) // growth that is there before the window
      (void)swap();
    if (!record_market())
      return end_;
    in_ = for_plans_;
    std::vector<plan> plans;
    for (auto n = 3 + in_.below(plans_max - 2); n > 0; --n) {
      plans.push_back(plans.empty() || !in_.one_in(8) ? any_plan()
                                                      : plans[in_.below(plans.size())]);
      end_.plans += 1;
    }
    constexpr evaluation_options original;
    constexpr evaluation_options by_value{range_measure::value, valuing_price::market};
    for (const auto& how : {original, by_value}) {
      compare(plans, pool_model::replayed, how, lane_mode::in_turns);
      if (lanes_in_registers())
        compare(plans, pool_model::replayed, how, lane_mode::in_registers);
      compare(plans, pool_model::observed, how, lane_mode::in_turns);
    }
    return end_;
  }

private:
  pool_terms any_terms() {
    const auto& tier = fee_tiers[in_.below(12)];
    pool_terms terms;
    terms.fee = tier.fee;
    terms.tick_spacing = tier.spacing;
    return terms;
  }

  std::optional<pool_event> mint() {
    pool_event event;
    event.kind = pool_event_kind::mint;
    event.owner = {static_cast<uint8_t>(in_.below(3))};
    std::tie(event.tick_lower, event.tick_upper) = any_range(in_, pool_);
    event.liquidity = static_cast<u128>(in_.up_to_bits(in_.one_in(8) ? 128 : 90));
    const auto paid
      = pool_.mint(event.owner, event.tick_lower, event.tick_upper, event.liquidity, now());
    if (!paid)
      return std::nullopt;
    event.amount0 = i256::from_u256(paid->amount0);
    event.amount1 = i256::from_u256(paid->amount1);
    return event;
  }

  std::optional<pool_event> burn() {
    const auto all = pool_.positions();
    if (all.empty())
      return std::nullopt;
    const auto& [key, info] = all[in_.below(256) % all.size()];
    pool_event event;
    event.kind = pool_event_kind::burn;
    event.owner = key.owner;
    event.tick_lower = key.tick_lower;
    event.tick_upper = key.tick_upper;
    event.liquidity = info.liquidity / static_cast<u128>(1 + in_.below(3));
    const auto owed = pool_.burn(key.owner, key.tick_lower, key.tick_upper, event.liquidity, now());
    if (!owed)
      return std::nullopt;
    event.amount0 = i256::from_u256(owed->amount0);
    event.amount1 = i256::from_u256(owed->amount1);
    return event;
  }

  std::optional<pool_event> swap() {
    const auto order = any_order(in_, pool_, in_.byte());
    const auto moved = pool_.swap(order, now());
    if (!moved)
      return std::nullopt;
    ++end_.swaps;
    pool_event event;
    event.liquidity = pool_.state().liquidity;
    event.amount0 = moved->amount0;
    event.amount1 = moved->amount1;
    event.sqrt_price_x96 = pool_.state().sqrt_price_x96;
    event.tick = pool_.state().tick;
    if (in_.one_in(4))
      orders_known_ = false; // the replay has to find out how it was asked for
    else
      event.asked = order;
    return event;
  }

  /// What happens from here on, and its replay. False when that disagrees.
  bool record_market() {
    orders_known_ = true;
    auto feed = replica::of_pool(terms_, pool_);
    market_ = {terms_, first_block, first_block, feed.price(), feed.snapshot(), {}};
    for (auto n = in_.below(blocks_max + 1); n > 0; --n) {
      market_.to += in_.below(8) < 7 ? 1 : in_.below(100);
      feed_block block;
      block.number = market_.to;
      block.time = now();
      for (auto events = in_.below(8); events > 0; --events) {
        const auto kind = in_.below(16);
        if (auto event = kind < 12 ? swap() : kind < 14 ? mint() : burn()) {
          event->log_index = static_cast<uint32_t>(events);
          block.events.push_back(*event);
        }
      }
      const auto record = feed.apply(block);
      if (!record) {
        end_.wrong = "the replay refuses what has happened: " + record.error().what;
        return false;
      }
      market_.blocks.push_back(*record);
    }
    // An exact output may pass for an exact input: the same amounts, another fee of a few units.
    const auto end = feed.snapshot();
    auto swept = pool_; // a replica forgets what is gone
    swept.forget_all_gone();
    if (orders_known_ ? !(*end == swept)
                      : end->state().sqrt_price_x96 != pool_.state().sqrt_price_x96
                          || end->state().liquidity != pool_.state().liquidity)
      end_.wrong = "the replay ends in another pool";
    return end_.wrong.empty();
  }

  plan any_plan() {
    plan made;
    made.start = {in_.up_to_bits(in_.one_in(8) ? 256 : 90), in_.up_to_bits(90)};
    for (auto n = in_.below(4); n > 0; --n) {
      const auto [lower, upper] = any_range(in_, pool_);
      made.positions.push_back(
        {lower, upper, static_cast<u128>(in_.up_to_bits(in_.one_in(8) ? 128 : 90))});
    }
    if (in_.one_in(2))
      made.opening = wishes(made.start);
    auto block = first_block;
    for (auto n = in_.below(4); n > 0; --n) {
      block += in_.below(8);
      made.rebalances.push_back({block, wishes(made.start)});
    }
    return made;
  }

  std::vector<desired_position> wishes(const inventory& has) {
    std::vector<desired_position> all;
    for (auto n = in_.below(4); n > 0; --n) {
      const auto [lower, upper] = any_range(in_, pool_);
      const auto share = in_.byte();
      all.push_back({lower, upper, has.amount0 >> (share % 8), has.amount1 >> (share / 8 % 8), {}});
    }
    return all;
  }

  void compare(const std::vector<plan>& plans, pool_model model, const evaluation_options& how,
               lane_mode mode) {
    if (!end_.wrong.empty())
      return;
    const auto together = evaluate_all(market_, plans, model, positions_max, how, mode);
    for (size_t i = 0; i < plans.size(); ++i) {
      const auto alone = evaluate(market_, plans[i], model, positions_max, how);
      const bool same = alone && together[i] ? *together[i] == *alone
                                             : !alone && !together[i]
                                                 && together[i].error().what == alone.error().what;
      if (!same) {
        end_.wrong = "plan " + std::to_string(i) + " among " + std::to_string(plans.size())
                     + (model == pool_model::observed     ? " beside the market"
                        : mode == lane_mode::in_registers ? " on lanes in registers"
                                                          : " on lanes in turns")
                     + (how == evaluation_options{} ? "" : ", measured by value,")
                     + " is not what it is alone";
        return;
      }
      if (model == pool_model::replayed && mode == lane_mode::in_turns
          && how == evaluation_options{}) {
        end_.refused += alone ? 0 : 1;
        end_.paid += alone && !(alone->metrics.fees0 + alone->metrics.fees1).is_zero() ? 1 : 0;
      }
    }
  }

  uint32_t now() const { return static_cast<uint32_t>(market_.to) * 2; }

  any_bytes in_;
  any_bytes for_plans_;
  pool_terms terms_;
  pool pool_; // as it has become
  window market_{{}, first_block, first_block, {}, {}, {}};
  bool orders_known_ = true; // every swap states how it was asked for
  plans_end end_;
};

} // namespace

plans_end play_plans(std::string_view bytes) {
  return plans_game(bytes).play();
}

} // namespace sluice::test
