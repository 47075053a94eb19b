#include "rules/miner_gateway/limits.hpp"

#include <gtest/gtest.h>

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

class limits_test : public testing::Test {
protected:
  /// The reason of a refused connection, "" when it was taken.
  std::string connect(const std::string& network) {
    auto got = gateway.connect(network, now);
    if (auto* ticket = std::get_if<gateway_ticket>(&got)) {
      tickets.push_back(std::move(*ticket));
      return "";
    }
    last = std::get<gateway_refusal>(got);
    return std::string{to_string(last.reason)};
  }

  std::string reason(const std::optional<gateway_refusal>& why) {
    if (why)
      last = *why;
    return why ? std::string{to_string(why->reason)} : "";
  }

  gateway_limit_terms terms{
    {{{{1, 4}, {100, 1'000}, {2, 5}}}, 3, 8}, {{{{1, 2}, {100, 500}, {2, 3}}}, 2, 8}, 6, 4};
  gateway_limits gateway{terms};
  std::vector<gateway_ticket> tickets;
  gateway_refusal last;
  uint64_t now = 0;
};

TEST_F(limits_test, so_many_connections_per_network_at_once) {
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(connect("a"), "");
  EXPECT_EQ(connect("a"), "too_many");
  EXPECT_NE(last.text.find("network a has 3 connections"), std::string::npos) << last.text;
  gateway.leave(tickets.front(), now);
  EXPECT_EQ(connect("a"), "");
}

TEST_F(limits_test, so_many_connections_per_network_and_second) {
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(connect("a"), "");
    gateway.leave(tickets.back(), now);
  }
  EXPECT_EQ(connect("a"), "too_fast");
  EXPECT_EQ(last.retry_ms, 1'000U);
  EXPECT_EQ(connect("b"), "");
  now += 1'000;
  EXPECT_EQ(connect("a"), "");
}

TEST_F(limits_test, so_many_strangers_wait_but_known_ones_have_their_places) {
  for (const std::string network : {"a", "b", "c", "d"})
    EXPECT_EQ(connect(network), "");
  EXPECT_EQ(gateway.waiting(), 4U);
  EXPECT_EQ(connect("e"), "too_many");
  EXPECT_EQ(reason(gateway.admit(tickets[0], {"anna"}, now)), "");
  EXPECT_EQ(gateway.waiting(), 3U);
  EXPECT_EQ(connect("e"), "");
  EXPECT_EQ(reason(gateway.admit(tickets[1], {"bert"}, now)), "");
  EXPECT_EQ(connect("f"), "");
  EXPECT_EQ(gateway.open(), 6U);
  EXPECT_EQ(reason(gateway.admit(tickets[2], {"cora"}, now)), "");
  EXPECT_EQ(connect("g"), "too_many"); // of all together
  EXPECT_NE(last.text.find("more than 6 connections"), std::string::npos) << last.text;
}

TEST_F(limits_test, what_a_stranger_sends_is_charged_to_its_network) {
  EXPECT_EQ(connect("a"), "");
  EXPECT_EQ(connect("a"), "");
  EXPECT_EQ(connect("b"), "");
  EXPECT_EQ(reason(gateway.receive(tickets[0], 600, now)), "");
  EXPECT_EQ(reason(gateway.receive(tickets[1], 600, now)), "too_fast"); // the same network
  EXPECT_EQ(last.retry_ms, 2'000U);
  EXPECT_EQ(reason(gateway.receive(tickets[2], 600, now)), "");
  EXPECT_EQ(reason(gateway.receive(tickets[2], 2'000, now)), "too_fast");
  EXPECT_NE(last.text.find("never taken at once"), std::string::npos) << last.text;
}

TEST_F(limits_test, what_a_hotkey_sends_is_charged_to_it_alone) {
  EXPECT_EQ(connect("a"), "");
  EXPECT_EQ(connect("a"), "");
  EXPECT_EQ(reason(gateway.admit(tickets[0], {"anna"}, now)), "");
  EXPECT_EQ(reason(gateway.admit(tickets[1], {"bert"}, now)), "");
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(reason(gateway.receive(tickets[0], 10, now)), "");
  EXPECT_EQ(reason(gateway.receive(tickets[0], 10, now)), "too_fast");
  EXPECT_NE(last.text.find("messages from your hotkey"), std::string::npos) << last.text;
  EXPECT_EQ(reason(gateway.receive(tickets[1], 10, now)), "");
}

TEST_F(limits_test, the_answer_to_an_open_question_is_free_once) {
  EXPECT_EQ(connect("a"), "");
  auto& anna = tickets[0];
  EXPECT_EQ(reason(gateway.admit(anna, {"anna"}, now)), "");
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
  EXPECT_EQ(reason(gateway.admit(anna, {"anna"}, now)), "");
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
  EXPECT_EQ(reason(gateway.admit(tickets[0], {"anna"}, now)), "");
  EXPECT_EQ(reason(gateway.receive(tickets[0], 500, now)), "");
  gateway.leave(tickets[0], now);
  EXPECT_EQ(connect("b"), ""); // from elsewhere
  EXPECT_EQ(reason(gateway.admit(tickets[1], {"anna"}, now)), "");
  EXPECT_EQ(reason(gateway.receive(tickets[1], 500, now)), "too_fast");
  gateway.leave(tickets[1], now);
  EXPECT_EQ(connect("c"), "");
  EXPECT_EQ(reason(gateway.admit(tickets[2], {"anna"}, now)), "too_fast"); // two, then one a second
  EXPECT_EQ(gateway.waiting(), 1U); // a refused admission is still waiting until it leaves
  gateway.leave(tickets[2], now);
  EXPECT_EQ(gateway.waiting(), 0U);
  EXPECT_EQ(gateway.open(), 0U);
}

TEST_F(limits_test, the_newer_connection_of_a_hotkey_finds_space_beside_the_older) {
  for (const std::string network : {"a", "b", "c"})
    EXPECT_EQ(connect(network), "");
  EXPECT_EQ(reason(gateway.admit(tickets[0], {"anna"}, now)), "");
  EXPECT_EQ(reason(gateway.admit(tickets[1], {"anna"}, now)), "");
  EXPECT_EQ(reason(gateway.admit(tickets[2], {"anna"}, now)), "too_many");
}

TEST_F(limits_test, memory_is_bounded_whoever_comes) {
  for (int i = 0; i < 10'000; ++i) {
    if (connect("network " + std::to_string(i)) == "") {
      const auto why = gateway.admit(tickets.back(), {"key " + std::to_string(i)}, now);
      (void)why; // admitted or not, it leaves
      gateway.leave(tickets.back(), now);
    }
    ASSERT_LE(gateway.accounts(), 16U);
    now += i % 3 == 0 ? 1 : 0;
  }
  EXPECT_EQ(gateway.open(), 0U);
  EXPECT_EQ(gateway.waiting(), 0U);
}

TEST(gateway_limit_defaults, a_roster_and_strangers_fit_in_a_few_megabytes) {
  const gateway_limit_terms terms;
  EXPECT_GT(terms.peer.keys_max, limits::miners_max);
  EXPECT_GE(terms.open_max, limits::miners_max + terms.waiting_max);
  EXPECT_LE((terms.network.keys_max + terms.peer.keys_max) * 256, size_t{4} << 20);
}

} // namespace

} // namespace sluice
