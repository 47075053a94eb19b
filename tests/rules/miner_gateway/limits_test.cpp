#include "rules/miner_gateway/limits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

namespace sluice {

namespace {

using bytes = std::vector<uint8_t>;

TEST(network_of, is_the_address_or_the_network_that_one_customer_gets) {
  EXPECT_EQ(network_of(bytes{203, 0, 113, 7}), "203.0.113.7");
  EXPECT_EQ(network_of(bytes{127, 0, 0, 1}), "127.0.0.1");
  const bytes v6{0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 0x2a, 1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(network_of(v6), "2001:db8:1:2a::/64");
  auto neighbour = v6;
  neighbour[15] = 99;
  EXPECT_EQ(network_of(neighbour), network_of(v6));
  neighbour[7] = 0x2b;
  EXPECT_NE(network_of(neighbour), network_of(v6));
  EXPECT_EQ(network_of(bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, 7}),
            "203.0.113.7");
  EXPECT_EQ(network_of(bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}), "0:0:0:0::/64");
}

TEST(site_of, is_the_network_around_an_address) {
  EXPECT_EQ(site_of("203.0.113.7"), "203.0.113.0/24");
  EXPECT_EQ(site_of("2001:db8:1:2a::/64"), "2001:db8:1::/48");
  EXPECT_EQ(site_of("0:0:0:0::/64"), "0:0:0::/48");
  EXPECT_EQ(site_of("a"), "a");
}

class limits_test : public testing::Test {
protected:
  /// The reason of a refused connection, "" when it was taken; who gave way goes to `gave_way`.
  std::string connect(const std::string& address, bool by_proxy = false) {
    auto got = gateway.connect(tickets.size() + 1, address, now, by_proxy);
    if (auto* place = std::get_if<gateway_place>(&got)) {
      tickets.push_back(std::move(place->ticket));
      gave_way = place->gives_way.value_or(0);
      if (gave_way != 0)
        gateway.leave(tickets[gave_way - 1], now);
      return "";
    }
    last = std::get<gateway_refusal>(got);
    return std::string{to_string(last.reason)};
  }

  std::string admit(size_t n, const std::string& key, const gateway_ticket* replaced = nullptr) {
    EXPECT_FALSE(gateway.prove(tickets[n], {key}, now));
    return reason(gateway.admit(tickets[n], {key}, now, replaced));
  }

  std::string reason(const std::optional<gateway_refusal>& why) {
    if (why)
      last = *why;
    return why ? std::string{to_string(why->reason)} : "";
  }

  static gateway_limit_terms small_terms() {
    gateway_limit_terms x;
    x.connections = {1, 4};
    x.beyond = {1, 2};
    x.strangers_max = 6;
    x.strangers_per_address = 3;
    x.proving_max = 3;
    x.proving_ms = 1'000;
    x.unproved_messages = 3;
    x.unproved_bytes = 1'000;
    x.addresses_max = 8;
    x.peer = {{{{1, 2}, {100, 500}, {2, 3}}}, 2, 64};
    return x;
  }

  gateway_limit_terms terms = small_terms();
  gateway_limits gateway{terms};
  std::deque<gateway_ticket> tickets; // number n stands at n - 1
  gateway_refusal last;
  uint64_t gave_way = 0;
  uint64_t now = 1;
};

TEST_F(limits_test, of_one_address_the_oldest_stranger_gives_way) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(connect("10.0.0.1"), "");
    EXPECT_EQ(gave_way, 0U);
  }
  EXPECT_EQ(connect("10.0.0.1"), "");
  EXPECT_EQ(gave_way, 1U);
  EXPECT_EQ(gateway.waiting(), 3U);
}

TEST_F(limits_test, when_all_places_are_taken_those_of_the_largest_group_give_way) {
  EXPECT_EQ(connect("10.0.0.1"), "");
  for (const auto* address : {"20.0.0.1", "20.0.0.2", "20.0.0.3", "20.0.0.4", "20.0.0.5"})
    EXPECT_EQ(connect(address), "");
  EXPECT_EQ(connect("30.0.0.1"), "");
  EXPECT_EQ(gave_way, 2U); // not the oldest of all
  EXPECT_EQ(connect("20.0.0.6"), "");
  EXPECT_EQ(gave_way, 3U);
  EXPECT_EQ(gateway.waiting(), 6U);
  EXPECT_EQ(gateway.open(), 6U);
}

TEST_F(limits_test, beyond_its_rate_an_address_is_taken_as_long_as_all_together_are_few) {
  for (int i = 0; i < 6; ++i)
    EXPECT_EQ(connect("10.0.0.1"), "") << i;
  EXPECT_EQ(connect("10.0.0.1"), "too_fast");
  EXPECT_EQ(last.retry_ms, 1'000U);
  EXPECT_EQ(connect("10.0.0.2"), ""); // others have their own rate
  now += 1'000;
  EXPECT_EQ(connect("10.0.0.1"), "");
}

TEST_F(limits_test, who_proves_itself_costs_its_address_nothing) {
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(connect("10.0.0.1"), "") << i;
    ASSERT_EQ(admit(tickets.size() - 1, "key" + std::to_string(i)), "");
  }
  EXPECT_EQ(gateway.open(), 50U);
  EXPECT_EQ(gateway.waiting(), 0U);
  for (int i = 0; i < 6; ++i)
    EXPECT_EQ(connect("10.0.0.1"), ""); // as before all that
  EXPECT_EQ(connect("10.0.0.1"), "too_fast");
}

TEST_F(limits_test, strangers_and_those_that_named_a_hotkey_take_nothing_from_each_other) {
  for (int i = 1; i <= 6; ++i)
    EXPECT_EQ(connect("20.0." + std::to_string(i) + ".1"), "");
  EXPECT_FALSE(gateway.prove(tickets[0], {"anna"}, now));
  EXPECT_EQ(connect("30.0.0.1"), ""); // a stranger's place is free
  EXPECT_EQ(gave_way, 0U);
  EXPECT_EQ(gateway.waiting(), 7U);
  EXPECT_EQ(connect("40.0.0.1"), "");
  EXPECT_EQ(gave_way, 2U); // the oldest stranger, not who proves itself
  EXPECT_EQ(reason(gateway.admit(tickets[0], {"anna"}, now)), "");
}

TEST_F(limits_test, of_those_that_name_one_hotkey_again_and_again_one_gives_way) {
  const auto prove = [this](const std::string& address, const std::string& key) {
    EXPECT_EQ(connect(address), "");
    const auto way = gateway.prove(tickets.back(), {key}, now);
    if (way)
      gateway.leave(tickets[*way - 1], now);
    return way.value_or(0);
  };
  EXPECT_EQ(prove("10.0.0.1", "anna"), 0U); // the honest one
  EXPECT_EQ(prove("20.0.0.1", "bert"), 0U);
  EXPECT_EQ(prove("20.0.0.1", "bert"), 0U);
  EXPECT_EQ(prove("20.0.0.1", "bert"), 2U);
  EXPECT_EQ(prove("20.0.0.2", "cora"), 3U);
  now += 1'000; // then whoever waits longest
  EXPECT_EQ(prove("20.0.0.3", "dora"), 1U);
  EXPECT_EQ(gateway.waiting(), 3U);
}

TEST_F(limits_test, so_many_miners_per_address_and_network_as_is_stated) {
  terms.miners_per_address = 2;
  terms.miners_per_network = 3;
  gateway = gateway_limits{terms};
  for (const auto* address : {"10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.3"})
    EXPECT_EQ(connect(address), "");
  EXPECT_EQ(admit(0, "anna"), "");
  EXPECT_EQ(admit(1, "bert"), "");
  EXPECT_EQ(admit(2, "cora"), "too_many");
  EXPECT_NE(last.text.find("your address 10.0.0.1 has 2 miners here"), std::string::npos);
  EXPECT_EQ(reason(gateway.admit(tickets[2], {"anna"}, now, &tickets[0])), ""); // in its place
  gateway.leave(tickets[0], now);
  EXPECT_EQ(admit(3, "dora"), "");
  EXPECT_EQ(admit(4, "emma"), "too_many");
  EXPECT_NE(last.text.find("your network 10.0.0.0/24 has 3 miners here"), std::string::npos);
  gateway.leave(tickets[1], now);
  EXPECT_EQ(reason(gateway.admit(tickets[4], {"emma"}, now)), "");
}

TEST_F(limits_test, what_comes_by_a_proxy_is_charged_to_whom_it_is_of) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(connect("10.0.0.1", true), "");
    gateway.leave(tickets.back(), now);
    EXPECT_EQ(connect("99.0.0.1"), "");
  }
  EXPECT_EQ(connect("99.0.0.1"), "");
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(connect("10.0.0.1", true), ""); // no rate of its own
}

TEST_F(limits_test, what_a_stranger_sends_is_charged_to_its_connection) {
  EXPECT_EQ(connect("a"), "");
  EXPECT_EQ(connect("a"), "");
  EXPECT_EQ(reason(gateway.receive(tickets[0], 600, now)), "");
  EXPECT_EQ(reason(gateway.receive(tickets[1], 600, now)), ""); // the same address
  EXPECT_EQ(reason(gateway.receive(tickets[0], 600, now)), "too_fast");
  EXPECT_NE(last.text.find("too many bytes from a connection that is not admitted"),
            std::string::npos)
    << last.text;
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(reason(gateway.receive(tickets[1], 1, now)), "");
  EXPECT_EQ(reason(gateway.receive(tickets[1], 1, now)), "too_fast");
  EXPECT_NE(last.text.find("too many messages"), std::string::npos) << last.text;
}

TEST_F(limits_test, what_a_hotkey_sends_is_charged_to_it_alone) {
  EXPECT_EQ(connect("a"), "");
  EXPECT_EQ(connect("a"), "");
  EXPECT_EQ(admit(0, "anna"), "");
  EXPECT_EQ(admit(1, "bert"), "");
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(reason(gateway.receive(tickets[0], 10, now)), "");
  EXPECT_EQ(reason(gateway.receive(tickets[0], 10, now)), "too_fast");
  EXPECT_NE(last.text.find("messages from your hotkey"), std::string::npos) << last.text;
  EXPECT_EQ(reason(gateway.receive(tickets[1], 10, now)), "");
}

TEST_F(limits_test, the_answer_to_an_open_question_is_free_once) {
  EXPECT_EQ(connect("a"), "");
  auto& anna = tickets[0];
  EXPECT_EQ(admit(0, "anna"), "");
  for (uint64_t id = 1; id <= 10'000; ++id) { // far more than 3 messages and 500 bytes
    gateway_limits::ask(anna, id);
    ASSERT_EQ(reason(gateway.receive_answer(anna, id, 2'000, now)), "") << id;
  }
  EXPECT_TRUE(anna.questions.empty());
  for (int i = 0; i < 3; ++i) // to a question that is answered already
    EXPECT_EQ(reason(gateway.receive_answer(anna, 7, 10, now)), "");
  EXPECT_EQ(reason(gateway.receive_answer(anna, 7, 10, now)), "too_fast");
  gateway_limits::ask(anna, 10'001); // and yet the answer to an open one is taken
  EXPECT_EQ(reason(gateway.receive_answer(anna, 10'001, 10, now)), "");
}

TEST_F(limits_test, an_answer_that_comes_too_late_or_to_nothing_is_charged) {
  EXPECT_EQ(connect("a"), "");
  auto& anna = tickets[0];
  EXPECT_EQ(admit(0, "anna"), "");
  for (uint64_t id = 1; id <= 4; ++id) {
    gateway_limits::ask(anna, id);
    gateway_limits::expire(anna, id);
  }
  EXPECT_EQ(reason(gateway.receive_answer(anna, 1, 10, now)), "");
  EXPECT_EQ(reason(gateway.receive_answer(anna, 2, 10, now)), "");
  EXPECT_EQ(reason(gateway.receive_answer(anna, 99, 10, now)), "");
  EXPECT_EQ(reason(gateway.receive_answer(anna, 3, 10, now)), "too_fast");
}

TEST_F(limits_test, coming_again_resets_no_count) {
  EXPECT_EQ(connect("a"), "");
  EXPECT_EQ(admit(0, "anna"), "");
  EXPECT_EQ(reason(gateway.receive(tickets[0], 500, now)), "");
  gateway.leave(tickets[0], now);
  EXPECT_EQ(connect("b"), ""); // from elsewhere
  EXPECT_EQ(admit(1, "anna"), "");
  EXPECT_EQ(reason(gateway.receive(tickets[1], 500, now)), "too_fast");
  gateway.leave(tickets[1], now);
  EXPECT_EQ(connect("c"), "");
  EXPECT_EQ(admit(2, "anna"), "too_fast"); // two, then one a second
  EXPECT_EQ(gateway.waiting(), 1U);        // a refused admission is still waiting until it leaves
  gateway.leave(tickets[2], now);
  EXPECT_EQ(gateway.waiting(), 0U);
  EXPECT_EQ(gateway.open(), 0U);
}

TEST_F(limits_test, the_newer_connection_of_a_hotkey_finds_space_beside_the_older) {
  for (const std::string network : {"a", "b", "c"})
    EXPECT_EQ(connect(network), "");
  EXPECT_EQ(admit(0, "anna"), "");
  EXPECT_EQ(admit(1, "anna"), "");
  EXPECT_EQ(admit(2, "anna"), "too_many");
}

TEST_F(limits_test, memory_is_bounded_whoever_comes) {
  for (int i = 0; i < 10'000; ++i) {
    if (connect("network " + std::to_string(i)).empty()) {
      const auto why = gateway.admit(tickets.back(), {"key " + std::to_string(i)}, now);
      (void)why; // admitted or not, it leaves
      gateway.leave(tickets.back(), now);
    }
    ASSERT_LE(gateway.accounts(), 72U); // addresses_max and keys_max
    now += i % 3 == 0 ? 1 : 0;
  }
  EXPECT_EQ(gateway.open(), 0U);
  EXPECT_EQ(gateway.waiting(), 0U);
}

TEST(gateway_limit_defaults, a_roster_and_strangers_fit_in_a_few_megabytes) {
  const gateway_limit_terms terms;
  EXPECT_GT(terms.peer.keys_max, limits::miners_max);
  EXPECT_LE((terms.addresses_max + terms.peer.keys_max) * 256, size_t{4} << 20);
}

TEST(fitted_limits, leave_half_of_the_descriptors_to_those_that_are_connected) {
  const gateway_limit_terms terms;
  for (const size_t descriptors : {size_t{0}, size_t{4}, size_t{64}, size_t{1024}, size_t{2000}}) {
    const auto x = fitted(terms, descriptors);
    EXPECT_GE(x.strangers_max, 1U);
    EXPECT_LE(x.strangers_max + x.proving_max, std::max<size_t>(2, descriptors / 2));
  }
  EXPECT_EQ(fitted(terms, 1 << 20).strangers_max, terms.strangers_max);
}

} // namespace

} // namespace sluice
