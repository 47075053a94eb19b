#include "tests/fuzz/engine_input.hpp"

#include "tests/fuzz/any_order.hpp"
#include "tests/fuzz/pool_books.hpp"
#include "tests/support/straight_pool.hpp"

#include <algorithm>

namespace sluice::test {

namespace {

constexpr int operations_max = 48;
constexpr address gauge{0xaa};
constexpr address position_manager{0xbb};

/// A checksum over everything that a swap reports.
struct listener : swap_observer {
  void on_step(const swap_step& x) override {
    for (const auto* part : {&x.sqrt_price_from_x96, &x.sqrt_price_to_x96, &x.amount_in,
                             &x.amount_out, &x.fee_amount, &x.lp_fee})
      sum = sum * 31 + *part;
    sum = sum * 31 + x.liquidity;
  }
  void on_cross(int32_t tick) override { sum = sum * 37 + static_cast<uint32_t>(tick); }
  u256 sum;
};

pool fresh_pool(any_bytes& in) {
  const auto kind = in.byte();
  const auto [fee, spacing] = fee_tiers[kind % 12];
  if (kind < 128)
    return {fee, spacing};
  const uint32_t unstaked = kind % 3 == 0 ? 0 : kind % 3 == 1 ? 100'000 : 1'000'000;
  return pool(slipstream_terms{fee, unstaked, spacing, gauge, position_manager});
}

class engine_game {
public:
  explicit engine_game(std::string_view bytes) : in_(bytes), pool_(fresh_pool(in_)) {
    const auto price = any_price(in_);
    if (!in_.one_in(64)) // else: operations on what does not exist yet
      (void)pool_.initialize(price, now_);
  }

  engine_game_end play() {
    for (int i = 0; i < operations_max && !in_.empty() && end_.wrong.empty(); ++i) {
      // Slipstream's rewards do not know of a clock that wraps.
      now_ += static_cast<uint32_t>(in_.one_in(8)
                                      ? in_.below(pool_.slipstream() ? 1 << 24 : uint64_t{1} << 31)
                                      : in_.byte() % 4);
      const pool before = pool_;
      const auto kind = in_.byte();
      const bool done = operate(kind);
      ++(done ? end_.done : end_.reverted);
      if (end_.wrong.empty() && !done && !(pool_ == before))
        end_.wrong = "a revert has changed something";
      if (end_.wrong.empty())
        end_.wrong = books_of(pool_, honest_gauge_);
      if (!end_.wrong.empty())
        end_.wrong = "operation " + std::to_string(i) + " of kind " + std::to_string(kind) + ": "
                     + end_.wrong;
    }
    if (end_.wrong.empty())
      end_.wrong = what_saving_loses(pool_);
    return end_;
  }

private:
  bool operate(uint8_t kind) {
    if (kind < 112)
      return swap();
    if (kind < 160)
      return mint();
    if (kind < 184)
      return burn();
    if (kind < 200)
      return collect();
    if (kind < 208)
      return flash();
    if (kind < 216)
      return static_cast<bool>(pool_.increase_observation_cardinality_next(
        static_cast<uint16_t>(in_.one_in(32) ? 1000 : in_.byte())));
    if (kind < 220)
      return observe();
    if (kind < 222)
      return static_cast<bool>(pool_.initialize(in_.up_to_bits(256), now_));
    return pool_.slipstream() ? gauge_work(kind) : owner_work(kind);
  }

  bool swap() {
    const auto how = in_.byte();
    const auto order = any_order(in_, pool_, how);
    const payment pay = payment_of(how / 2 % 16);
    const bool honest = !pay.short0 && !pay.short1 && !pay.reenter;
    listener observed, observed_straight;
    pool quiet = pool_;
    const pool before = pool_;
    const auto got = pool_.swap(order, now_, pay, &observed);
    const auto unobserved = quiet.swap(order, now_, pay);
    const auto expected = straight_pool(before).swap(order, now_, &observed_straight);
    if (unobserved.why() != got.why() || !(quiet == pool_))
      end_.wrong = "the result depends on the observer";
    else if (got && observed.sum != observed_straight.sum)
      end_.wrong = "steps differ";
    else if (!honest && got && !expected)
      end_.wrong = "who does not pay gets more than who pays";
    else if (honest || got)
      end_.wrong = swap_paths_differ(before, order, now_, unobserved, quiet, how / 8, end_.paths);
    if (!got)
      return false;
    ++end_.swaps;
    expect_balances(before, got->amount0.bits(), got->amount1.bits());
    return true;
  }

  bool mint() {
    const auto [lower, upper] = any_range(in_, pool_);
    const auto who = owner();
    // Around what the pool has, or anything.
    const auto size = in_.one_in(8) ? in_.up_to_bits(128) : in_.up_to_bits(100);
    const pool before = pool_;
    const auto paid
      = pool_.mint(who, lower, upper, static_cast<u128>(size), now_, payment_of(in_.byte() % 32));
    if (!paid)
      return false;
    expect_balances(before, paid->amount0, paid->amount1);
    const auto key = position_key{who, lower, upper};
    if (pool_.position(key).liquidity != before.position(key).liquidity + static_cast<u128>(size))
      end_.wrong = "a mint adds another liquidity";
    return true;
  }

  bool burn() {
    const auto key = position();
    const auto has = pool_.position(key).liquidity;
    const auto size
      = in_.one_in(4) ? static_cast<u128>(in_.up_to_bits(128)) : has / (1 + in_.byte() % 4);
    const pool before = pool_;
    const auto owed
      = pool_.slipstream() && in_.one_in(2)
          ? pool_.burn_for(caller(), key.owner, key.tick_lower, key.tick_upper, size, now_)
          : pool_.burn(key.owner, key.tick_lower, key.tick_upper, size, now_);
    if (!owed)
      return false;
    expect_balances(before, {}, {});
    honest_gauge_ = honest_gauge_ && (key.owner != gauge || size == 0);
    if (pool_.position(key).liquidity != has - size)
      end_.wrong = "a burn takes another liquidity";
    return true;
  }

  bool collect() {
    const auto key = position();
    const auto most0 = static_cast<u128>(in_.one_in(2) ? u256{u128_max} : in_.up_to_bits(128));
    const auto most1 = static_cast<u128>(in_.one_in(2) ? u256{u128_max} : in_.up_to_bits(128));
    const pool before = pool_;
    const auto paid
      = pool_.slipstream() && in_.one_in(2)
          ? pool_.collect_for(caller(), key.owner, key.tick_lower, key.tick_upper, most0, most1)
          : pool_.collect(key.owner, key.tick_lower, key.tick_upper, most0, most1);
    if (!paid)
      return false;
    expect_balances(before, -paid->amount0, -paid->amount1);
    return true;
  }

  bool flash() {
    const pool before = pool_;
    const auto amount0 = in_.up_to_bits(140), amount1 = in_.up_to_bits(140);
    const auto extra0 = in_.up_to_bits(in_.one_in(8) ? 256 : 120), extra1 = in_.up_to_bits(120);
    const auto paid = pool_.flash(amount0, amount1, extra0, extra1, payment_of(in_.byte() % 16));
    if (!paid)
      return false;
    expect_balances(before, paid->amount0, paid->amount1);
    return true;
  }

  bool observe() {
    const auto ago
      = in_.one_in(4) ? static_cast<uint32_t>(in_.below(uint64_t{1} << 32)) : uint32_t{in_.byte()};
    const pool before = pool_;
    const bool done = static_cast<bool>(pool_.observe(ago, now_));
    if (!(pool_ == before))
      end_.wrong = "looking has changed something";
    return done;
  }

  /// What the factory's owner does.
  bool owner_work(uint8_t kind) {
    const bool by_owner = !in_.one_in(8);
    if (kind % 2 == 0)
      return static_cast<bool>(pool_.set_fee_protocol(in_.byte() % 12, in_.byte() % 12, by_owner));
    const pool before = pool_;
    const auto paid
      = pool_.collect_protocol(static_cast<u128>(in_.up_to_bits(128)), u128_max, by_owner);
    if (!paid)
      return false;
    expect_balances(before, -paid->amount0, -paid->amount1);
    return true;
  }

  /// What gauge, position manager and fee module do.
  bool gauge_work(uint8_t kind) {
    switch (kind % 6) {
    case 0: {
      pool_.set_fees(static_cast<uint32_t>(in_.below(1'000'000)),
                     static_cast<uint32_t>(in_.below(1'000'001)));
      return true;
    }
    case 1:
      return static_cast<bool>(pool_.sync_reward(caller(), in_.up_to_bits(96), in_.up_to_bits(120),
                                                 u256{now_} + in_.below(1 << 20)));
    case 2:
      return static_cast<bool>(pool_.update_rewards(caller(), now_));
    case 3: {
      const pool before = pool_;
      const auto paid = pool_.collect_gauge_fees(caller());
      const auto sent
        = [](u128 had) { return u256{had > 1 ? had - 1 : 0}; }; // one is reported and kept
      if (paid)
        expect_balances(before, -sent(before.state().protocol_fees0),
                        -sent(before.state().protocol_fees1));
      return static_cast<bool>(paid);
    }
    default: {
      const auto key = position();
      const bool back = in_.one_in(3);
      const auto from
        = position_key{back ? gauge : position_manager, key.tick_lower, key.tick_upper};
      auto delta = static_cast<i128>(pool_.position(from).liquidity / (1 + in_.byte() % 3));
      if (in_.one_in(8))
        delta = static_cast<i128>(static_cast<u128>(in_.up_to_bits(128)));
      const bool moves = !in_.one_in(16);
      const bool staked = static_cast<bool>(
        pool_.stake(caller(), back ? -delta : delta, key.tick_lower, key.tick_upper, moves, now_));
      honest_gauge_ = honest_gauge_ && (moves || !staked);
      return staked;
    }
    }
  }

  void expect_balances(const pool& before, const u256& more0, const u256& more1) {
    if (end_.wrong.empty()
        && (pool_.state().balance0 != before.state().balance0 + more0
            || pool_.state().balance1 != before.state().balance1 + more1))
      end_.wrong = "balances are not what was paid";
  }

  payment payment_of(int how) const { return {how == 1, how == 2, how == 3}; }

  address owner() {
    const auto which = in_.byte() % 4;
    return pool_.slipstream() && which != 0 ? position_manager
                                            : address{static_cast<uint8_t>(which)};
  }

  address caller() {
    return in_.one_in(16) ? address{1} : in_.one_in(4) ? position_manager : gauge;
  }

  /// One that exists, mostly.
  position_key position() {
    const auto all = pool_.positions();
    if (all.empty() || in_.one_in(16)) {
      const auto [lower, upper] = any_range(in_, pool_);
      return {owner(), lower, upper};
    }
    return all[in_.byte() % all.size()].first;
  }

  any_bytes in_;
  pool pool_;
  uint32_t now_ = 1'700'000'000;
  bool honest_gauge_ = true; // it has staked and unstaked what it held
  engine_game_end end_;
};

} // namespace

engine_game_end play_engine(std::string_view bytes) {
  return engine_game(bytes).play();
}

} // namespace sluice::test
