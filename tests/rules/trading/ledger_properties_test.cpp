// What holds for any sequence of events.
#include "rules/trading/ledger.hpp"
#include "tests/rules/trading/some_events.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <rapidcheck.h>

namespace sluice {
namespace {

/// Random numbers of one event; what they mean is in event_of.
using event_draw = std::array<uint32_t, 4>;

std::vector<book_event> events_of(const std::vector<event_draw>& draws) {
  std::vector<book_event> out;
  int64_t seconds = 0;
  for (const auto& x : draws) {
    seconds += x[3] % 9000;
    const int64_t scale = x[0] % 3 == 0 ? 4000 : 50'000'000'000;
    auto event = test::book_event_at(
      seconds, x[0] % 2 == 0 ? stake_action::stake : stake_action::unstake,
      1 + static_cast<int64_t>(uint64_t{x[1]} * 37 % static_cast<uint64_t>(scale)),
      1 + static_cast<int64_t>(uint64_t{x[2]} * 41 % static_cast<uint64_t>(scale)));
    event.fee = x[0] % 5 == 0 ? event.tao / 7 : 0;
    event.extrinsic += '-' + std::to_string(out.size());
    out.push_back(std::move(event));
  }
  return merge_events({}, std::move(out), test::no_texts).events;
}

lot_book book_of(const std::vector<book_event>& events) {
  lot_book book{lot_terms{}};
  for (const auto& x : events)
    book.apply(x);
  return book;
}

struct flows {
  i128 alpha_in = 0, alpha_out = 0, tao_in = 0, tao_out = 0;
};

flows flows_of(const std::vector<book_event>& events) {
  flows out;
  for (const auto& x : events) {
    (x.action == stake_action::stake ? out.alpha_in : out.alpha_out) += x.alpha;
    (x.action == stake_action::stake ? out.tao_in : out.tao_out)
      += x.action == stake_action::stake ? x.tao + x.fee : x.tao - x.fee;
  }
  return out;
}

RC_GTEST_PROP(lot_book_properties, alpha_and_tao_are_conserved, (std::vector<event_draw> draws)) {
  const auto events = events_of(draws);
  const auto book = book_of(events);
  const auto flow = flows_of(events);
  const auto& t = book.totals();
  i128 sold = 0;
  i128 got = 0;
  i128 cost = 0;
  for (const auto& trade : book.trades())
    for (const auto& leg : trade.legs) {
      sold += leg.alpha;
      got += leg.tao;
      cost += leg.cost;
    }
  RC_ASSERT(flow.alpha_in == sold + t.remaining_alpha + t.dust_alpha);
  RC_ASSERT(flow.alpha_out == sold + t.unmatched_alpha + t.ignored_alpha);
  RC_ASSERT(flow.tao_out == got + t.unmatched_tao);
  RC_ASSERT(flow.tao_in == cost + t.remaining_cost + t.dust_cost);
  RC_ASSERT(t.real_pnl == got - cost);
  i128 pnl = 0;
  for (const auto& lot : book.lots())
    pnl += lot.real_pnl;
  RC_ASSERT(pnl == t.real_pnl);
  RC_ASSERT(t.open + t.partial + t.closed == t.lots);
}

/// One unstake in parts that add up to it, at the same moment and price.
std::vector<book_event> split(const book_event& x, uint32_t parts, uint32_t draw) {
  std::vector<book_event> out;
  int64_t alpha = 0;
  int64_t tao = 0;
  int64_t fee = 0;
  for (uint32_t i = 1; i <= parts; ++i) {
    const i128 weight = i == parts ? 1000 : 1000 * i / parts + draw % (1000 / parts) / 2;
    const auto share = [&](int64_t whole) { return static_cast<int64_t>(whole * weight / 1000); };
    auto part = x;
    part.alpha = share(x.alpha) - alpha;
    part.tao = share(x.tao) - tao;
    part.fee = share(x.fee) - fee;
    alpha += part.alpha;
    tao += part.tao;
    fee += part.fee;
    part.extrinsic += '/' + std::to_string(i);
    out.push_back(std::move(part));
  }
  return out;
}

RC_GTEST_PROP(lot_book_properties, splitting_a_trade_changes_no_total_by_more_than_a_rao_a_leg,
              (std::vector<event_draw> draws, uint32_t which, uint32_t parts)) {
  // Multiples of 10^9 alpha and 1000 rao: parts of a thousandth have an exact share of the TAO, and
  // what is left of a lot between two parts is nothing or far more than dust.
  auto events = events_of(draws);
  for (auto& x : events) {
    x.alpha = (x.alpha / rao_per_tao + 1) * rao_per_tao;
    x.tao = (x.tao / 1000 + 1) * 1000;
    x.fee = x.fee / 1000 * 1000;
  }
  RC_PRE(!events.empty());
  const size_t at = which % events.size();
  RC_PRE(events[at].action == stake_action::unstake);
  auto divided = events;
  divided.erase(divided.begin() + static_cast<std::ptrdiff_t>(at));
  const auto pieces = split(events[at], 2 + parts % 4, which);
  divided.insert(divided.begin() + static_cast<std::ptrdiff_t>(at), pieces.begin(), pieces.end());
  const auto whole = book_of(events);
  const auto other = book_of(divided);
  const auto near = [&](i128 a, i128 b) {
    const i128 far = a > b ? a - b : b - a;
    return far <= i128{other.totals().legs};
  };
  RC_ASSERT(whole.totals().remaining_alpha == other.totals().remaining_alpha);
  RC_ASSERT(whole.totals().dust_alpha == other.totals().dust_alpha);
  RC_ASSERT(whole.totals().unmatched_alpha + whole.totals().ignored_alpha
            == other.totals().unmatched_alpha + other.totals().ignored_alpha);
  RC_ASSERT(near(whole.totals().real_pnl, other.totals().real_pnl));
  RC_ASSERT(near(whole.totals().unmatched_tao, other.totals().unmatched_tao));
  RC_ASSERT(near(whole.totals().remaining_cost, other.totals().remaining_cost));
}

RC_GTEST_PROP(lot_book_properties, the_order_of_arrival_changes_nothing,
              (std::vector<event_draw> draws, uint64_t seed)) {
  const auto events = events_of(draws);
  auto shuffled = events;
  std::mt19937_64 random{seed};
  std::shuffle(shuffled.begin(), shuffled.end(), random);
  merged_events merged;
  for (size_t i = 0; i < shuffled.size();) { // in pieces that overlap
    const size_t count = 1 + random() % 7;
    const size_t from = i - std::min<size_t>(i, random() % 3);
    const size_t to = std::min(shuffled.size(), i + count);
    merged = merge_events(std::move(merged.events),
                          {shuffled.begin() + static_cast<std::ptrdiff_t>(from),
                           shuffled.begin() + static_cast<std::ptrdiff_t>(to)},
                          test::no_texts);
    i = to;
  }
  RC_ASSERT(merged.events == events);
}

} // namespace
} // namespace sluice
