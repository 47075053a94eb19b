#include "io/pool/custodians.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice;
using kind = pool_event_kind;

constexpr address gauge{1}, manager{2}, stranger{3}, other{4};

pool_event event_of(kind what, const address& owner, u128 liquidity, int32_t upper = 100) {
  pool_event e;
  e.kind = what;
  e.owner = owner;
  e.tick_lower = -100;
  e.tick_upper = upper;
  e.liquidity = liquidity;
  return e;
}

pool_terms found_in(std::vector<pool_event> events, pool_terms known = {}) {
  io::find_custodians({{1, 1000, std::move(events), {}}}, known);
  return known;
}

} // namespace

TEST(custodians, show_when_one_burns_what_the_other_has_minted) {
  const auto terms
    = found_in({event_of(kind::mint, stranger, 50), event_of(kind::mint, manager, 900),
                event_of(kind::mint, other, 5000, 200), event_of(kind::burn, stranger, 50),
                event_of(kind::burn, gauge, 400), event_of(kind::burn, other, 5000, 200)});
  EXPECT_EQ(terms.gauge, gauge);
  EXPECT_EQ(terms.position_manager, manager);
}

TEST(custodians, stay_unknown_while_two_could_be_the_manager) {
  const auto terms = found_in({event_of(kind::mint, other, 900), event_of(kind::mint, manager, 900),
                               event_of(kind::burn, gauge, 400), event_of(kind::burn, other, 700),
                               event_of(kind::burn, gauge, 500)});
  EXPECT_EQ(terms.gauge, gauge); // the second burn can only be of the manager's
  EXPECT_EQ(terms.position_manager, manager);
}

TEST(custodians, show_in_a_stake_that_is_reported) {
  const auto terms
    = found_in({event_of(kind::mint, stranger, 50), event_of(kind::mint, manager, 900),
                event_of(kind::stake, stranger, 300), event_of(kind::burn, gauge, 100)});
  EXPECT_EQ(terms.gauge, gauge);
  EXPECT_EQ(terms.position_manager, manager);
}

TEST(custodians, that_are_reported_to_stake_are_known_by_a_later_burn_of_another_range) {
  const auto terms
    = found_in({event_of(kind::mint, stranger, 900), event_of(kind::mint, manager, 900),
                event_of(kind::stake, {}, 300), event_of(kind::mint, manager, 900, 200),
                event_of(kind::stake, {}, 300, 200), event_of(kind::burn, manager, 600, 200),
                event_of(kind::burn, gauge, 300, 200)});
  EXPECT_EQ(terms.gauge, gauge);
  EXPECT_EQ(terms.position_manager, manager); // alone in the second range
}

TEST(custodians, that_never_show_are_nobody) {
  const auto terms
    = found_in({event_of(kind::mint, manager, 900), event_of(kind::burn, manager, 1)});
  EXPECT_NE(terms.gauge, address{});
  EXPECT_NE(terms.gauge, manager);
  EXPECT_EQ(terms.position_manager, address{});
}

TEST(custodians, that_the_file_names_are_believed) {
  pool_terms known;
  known.gauge = other;
  known.position_manager = stranger;
  EXPECT_EQ(found_in({event_of(kind::mint, manager, 900), event_of(kind::burn, gauge, 400)}, known),
            known);
}
