#include "rules/leads/queues.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sluice {
namespace {

const hotkey queue_ada{"ada"}, queue_bob{"bob"}, queue_validator{"validator"};

std::vector<lead> queued_leads(size_t count) {
  std::vector<lead> all(count);
  for (size_t i = 0; i < count; ++i)
    all[i].owner_email = "a" + std::to_string(i) + "@company.test";
  return all;
}

queue_prospects_call prospects_of(const hotkey& who, const std::string& body, size_t count = 2) {
  return {{who, body}, queued_leads(count)};
}

queue_request_call request_of(const std::string& body, lead_queue queue = lead_queue::requests) {
  return {{queue_validator, body}, queue, 5, "bakeries"};
}

/// The rows as a disk has them after these changes.
struct stored_rows {
  std::map<queue_key, queued_item> items;
  std::map<std::string, remembered_body> bodies;
  std::vector<request_result> results;

  void apply(const queue_changes& x) {
    for (const auto& [key, item] : x.items)
      item ? (void)items.insert_or_assign(key, *item) : (void)items.erase(key);
    for (const auto& [key, body] : x.bodies)
      body ? (void)bodies.insert_or_assign(key, *body) : (void)bodies.erase(key);
    results.insert(results.end(), x.results.begin(), x.results.end());
  }

  lead_queues read(const queue_terms& terms) const {
    lead_queues made{terms};
    for (const auto& [key, x] : items)
      made.restore(key, x);
    for (const auto& [key, x] : bodies)
      made.restore(key, x);
    return made;
  }
};

TEST(lead_queues, hand_out_the_oldest_first_and_each_once_while_it_is_leased) {
  lead_queues queues;
  queue_changes out;
  EXPECT_EQ(*queues.add_prospects(prospects_of(queue_ada, "1"), 10, out), 2U);
  EXPECT_EQ(*queues.add_prospects(prospects_of(queue_bob, "2", 3), 20, out), 3U);
  EXPECT_EQ(out.items.size(), 2U);
  const auto first = queues.fetch({{queue_validator, ""}, lead_queue::prospects, 1}, 30, out);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].from, queue_ada);
  EXPECT_EQ(first[0].created_ms, 10U);
  EXPECT_EQ(first[0].deliveries, 1U);
  EXPECT_EQ(first[0].leads, queued_leads(2));
  const auto rest = queues.fetch({{queue_validator, ""}, lead_queue::prospects, 9}, 30, out);
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].from, queue_bob);
  EXPECT_TRUE(queues.fetch({{queue_ada, ""}, lead_queue::prospects, 9}, 31, out).empty());
  EXPECT_EQ(queues.counts(lead_queue::prospects, 31), (queue_counts{0, 2, 0}));
}

TEST(lead_queues, hand_out_again_what_was_not_acknowledged_until_it_is_set_aside) {
  queue_terms terms;
  terms.lease = {100, 2};
  lead_queues queues{terms};
  queue_changes out;
  ASSERT_TRUE(queues.add_prospects(prospects_of(queue_ada, "1"), 0, out));
  const auto first = queues.fetch({{queue_validator, ""}, lead_queue::prospects, 9}, 0, out);
  EXPECT_TRUE(queues.fetch({{queue_validator, ""}, lead_queue::prospects, 9}, 99, out).empty());
  const auto second = queues.fetch({{queue_bob, ""}, lead_queue::prospects, 9}, 100, out);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].id, first[0].id);
  EXPECT_EQ(second[0].deliveries, 2U);
  EXPECT_EQ(
    queues.acknowledge({{queue_validator, ""}, lead_queue::prospects, first[0].lease}, 101, out),
    0U);
  EXPECT_TRUE(queues.fetch({{queue_validator, ""}, lead_queue::prospects, 9}, 10'000, out).empty());
  EXPECT_EQ(queues.counts(lead_queue::prospects, 10'000), (queue_counts{0, 0, 1}));
}

TEST(lead_queues, forget_what_is_acknowledged) {
  lead_queues queues;
  queue_changes out;
  ASSERT_TRUE(queues.add_prospects(prospects_of(queue_ada, "1"), 0, out));
  const auto one = queues.fetch({{queue_validator, ""}, lead_queue::prospects, 9}, 0, out);
  EXPECT_GT(queues.bytes(lead_queue::prospects), 0U);
  EXPECT_EQ(queues.acknowledge({{queue_bob, ""}, lead_queue::prospects, one[0].lease}, 1, out), 0U);
  EXPECT_EQ(queues.acknowledge({{queue_validator, ""}, lead_queue::requests, one[0].lease}, 1, out),
            0U);
  EXPECT_EQ(
    queues.acknowledge({{queue_validator, ""}, lead_queue::prospects, one[0].lease}, 1, out), 1U);
  EXPECT_EQ(
    queues.acknowledge({{queue_validator, ""}, lead_queue::prospects, one[0].lease}, 1, out), 0U);
  EXPECT_EQ(queues.bytes(lead_queue::prospects), 0U);
  EXPECT_EQ(out.items.size(), 1U);
  EXPECT_FALSE(out.items.begin()->second) << "its row is to be erased";
}

TEST(lead_queues, give_the_same_body_no_effect_twice) {
  lead_queues queues;
  queue_changes out;
  EXPECT_EQ(*queues.add_prospects(prospects_of(queue_ada, "1", 4), 0, out), 4U);
  queue_changes none;
  EXPECT_EQ(*queues.add_prospects(prospects_of(queue_ada, "1", 4), 1, none), 4U);
  EXPECT_TRUE(none.items.empty() && none.bodies.empty());
  const auto id = *queues.add_request(request_of("2"), 2, out);
  EXPECT_EQ(*queues.add_request(request_of("2"), 3, none), id);
  EXPECT_NE(*queues.add_request(request_of("3"), 3, out), id);
  EXPECT_TRUE(queues.first_time("4", 5, out));
  EXPECT_FALSE(queues.first_time("4", 6, none));
  EXPECT_TRUE(none.items.empty() && none.bodies.empty());
  EXPECT_TRUE(queues.first_time("4", 5 + queue_terms{}.bodies_ms, out)) << "after its time";
}

TEST(lead_queues, finish_a_request_once_whoever_has_it) {
  lead_queues queues;
  queue_changes out;
  const auto id = *queues.add_request(request_of("1"), 0, out);
  const auto got = queues.fetch({{queue_validator, ""}, lead_queue::requests, 1}, 0, out);
  EXPECT_EQ(got[0].num_leads, 5U);
  EXPECT_EQ(got[0].business_desc, "bakeries");
  const store_result_call answer{{queue_bob, "2"}, lead_queue::requests, id, queued_leads(3)};
  const auto late = queue_terms{}.lease.lease_ms + 1; // the lease has expired
  ASSERT_TRUE(queues.finish(answer, late, out));
  ASSERT_EQ(out.results.size(), 1U);
  EXPECT_EQ(out.results[0].request_id, id);
  EXPECT_EQ(out.results[0].leads, queued_leads(3));
  queue_changes none;
  EXPECT_TRUE(queues.finish(answer, late + 1, none)) << "the same body again";
  const auto other
    = queues.finish({{queue_validator, "3"}, lead_queue::requests, id, {}}, late + 2, none);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ec::no_such_key);
  EXPECT_TRUE(none.results.empty() && none.items.empty());
  EXPECT_EQ(queues.counts(lead_queue::requests, late), queue_counts{});
}

TEST(lead_queues, hand_the_answer_of_a_miner_that_polls_to_validators) {
  lead_queues queues;
  queue_changes out;
  const auto id = *queues.add_request(request_of("1", lead_queue::miner_requests), 0, out);
  ASSERT_EQ(queues.fetch({{queue_ada, ""}, lead_queue::miner_requests, 1}, 1, out).size(), 1U);
  ASSERT_TRUE(
    queues.finish({{queue_ada, "2"}, lead_queue::miner_requests, id, queued_leads(2)}, 2, out));
  EXPECT_TRUE(out.results.empty());
  const auto got = queues.fetch({{queue_validator, ""}, lead_queue::miner_results, 1}, 3, out);
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].id, id);
  EXPECT_EQ(got[0].from, queue_ada);
  EXPECT_EQ(got[0].leads, queued_leads(2));
  EXPECT_EQ(
    queues.acknowledge({{queue_validator, ""}, lead_queue::miner_results, got[0].lease}, 4, out),
    1U);
}

TEST(lead_queues, are_bounded) {
  queue_terms terms;
  terms.items_max = 3;
  terms.wallet_items_max = 2;
  lead_queues queues{terms};
  queue_changes out;
  const auto fault_of = [&](const hotkey& who, const std::string& body, size_t count = 1) {
    const auto added = queues.add_prospects(prospects_of(who, body, count), 0, out);
    return added ? std::string{} : (added.error().code == ec::busy ? added.error().what : "?");
  };
  EXPECT_EQ(fault_of(queue_ada, "1"), "");
  EXPECT_EQ(fault_of(queue_ada, "2"), "");
  EXPECT_NE(fault_of(queue_ada, "3").find("holds 2 of this wallet"), std::string::npos);
  EXPECT_EQ(fault_of(queue_bob, "4"), "");
  EXPECT_NE(fault_of(queue_validator, "5").find("is full"), std::string::npos);
  terms = {};
  terms.bytes_max = 5000;
  queues = lead_queues{terms};
  EXPECT_EQ(fault_of(queue_ada, "1", 3), "");
  EXPECT_NE(fault_of(queue_ada, "2", 10).find("is full"), std::string::npos);
}

TEST(lead_queues, make_space_of_what_was_set_aside_and_of_nothing_else) {
  queue_terms terms;
  terms.lease = {100, 1};
  terms.items_max = 3;
  terms.wallet_items_max = 2;
  lead_queues queues{terms};
  queue_changes out;
  const auto add = [&](const hotkey& who, const std::string& body, uint64_t now) {
    return static_cast<bool>(queues.add_prospects(prospects_of(who, body, 1), now, out));
  };
  EXPECT_TRUE(add(queue_bob, "1", 0));
  EXPECT_TRUE(add(queue_ada, "2", 0));
  EXPECT_TRUE(add(queue_ada, "3", 0));
  EXPECT_EQ(queues.fetch({{queue_validator, ""}, lead_queue::prospects, 2}, 0, out).size(), 2U);
  EXPECT_FALSE(add(queue_ada, "4", 99)) << "one is leased, one waits";
  EXPECT_TRUE(add(queue_ada, "4", 100)) << "in place of its own that was set aside";
  EXPECT_EQ(queues.counts(lead_queue::prospects, 100), (queue_counts{2, 0, 1}));
  EXPECT_FALSE(add(queue_ada, "5", 100)) << "its two are waiting";
  EXPECT_TRUE(add(queue_validator, "6", 100)) << "in place of another's that was set aside";
  EXPECT_EQ(queues.counts(lead_queue::prospects, 100), (queue_counts{3, 0, 0}));
  EXPECT_FALSE(add(queue_bob, "7", 100));
  size_t erased = 0;
  for (const auto& [key, item] : out.items)
    erased += item ? 0 : 1;
  EXPECT_EQ(erased, 2U);
}

TEST(lead_queues, remember_a_bounded_number_of_bodies) {
  queue_terms terms;
  terms.bodies_max = 10;
  lead_queues queues{terms};
  stored_rows disk;
  for (int i = 0; i < 1000; ++i) {
    queue_changes out;
    EXPECT_TRUE(queues.first_time(std::to_string(i), static_cast<uint64_t>(i), out));
    disk.apply(out);
    EXPECT_LE(disk.bodies.size(), 10U);
  }
}

/// Against a list of items that is searched from the front, with restarts in between.
TEST(lead_queues, lose_nothing_and_hand_out_nothing_twice_in_any_order_of_calls) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  const auto any = [&](uint64_t below) { return chance() % below; };
  struct expected_item {
    uint64_t until = 0, deliveries = 0;
    std::string lease;
    hotkey holder;
    bool done = false;
  };
  queue_terms terms;
  terms.lease = {50, 3};
  terms.wallet_items_max = terms.items_max;
  lead_queues queues{terms};
  stored_rows disk;
  std::vector<expected_item> model; // in order of arrival
  std::map<std::string, size_t> place;
  uint64_t now = 1000;
  for (int step = 0; step < 3000; ++step, now += any(20)) {
    queue_changes out;
    const hotkey who = any(2) == 0 ? queue_ada : queue_bob;
    const auto act = any(5);
    if (act == 0) {
      const auto id = *queues.add_request(request_of(std::to_string(step)), now, out);
      place[id] = model.size();
      model.emplace_back();
    } else if (act < 3) {
      std::vector<size_t> wanted;
      const auto limit = 1 + any(3);
      for (size_t i = 0; i < model.size() && wanted.size() < limit; ++i)
        if (auto& x = model[i];
            !x.done && x.deliveries < 3 && (x.deliveries == 0 || x.until <= now))
          wanted.push_back(i);
      std::vector<size_t> got;
      for (const auto& x : queues.fetch({{who, ""}, lead_queue::requests, limit}, now, out)) {
        auto& known = model[place.at(x.id)];
        EXPECT_EQ(x.deliveries, ++known.deliveries);
        known.until = now + 50;
        known.lease = x.lease;
        known.holder = who;
        got.push_back(place.at(x.id));
      }
      ASSERT_EQ(got, wanted) << step;
    } else if (act == 3 && !model.empty()) {
      auto& x = model[any(model.size())];
      const bool good = !x.done && x.deliveries > 0 && now < x.until && x.holder == who;
      const auto lease = x.lease.empty() ? "none" : x.lease;
      ASSERT_EQ(queues.acknowledge({{who, ""}, lead_queue::requests, lease}, now, out),
                good ? 1U : 0U)
        << step;
      x.done = x.done || good;
    } else if (act == 4 && any(4) == 0) {
      queues = disk.read(terms); // what was not stored is gone; everything was
    }
    disk.apply(out);
  }
  size_t open = 0;
  for (const auto& x : model)
    open += x.done ? 0 : 1;
  const auto counts = queues.counts(lead_queue::requests, now);
  EXPECT_EQ(counts.waiting + counts.leased + counts.set_aside, open);
  EXPECT_EQ(disk.items.size(), open);
  EXPECT_GT(counts.set_aside, 0U) << "the calls were not what this test is about";
}

} // namespace
} // namespace sluice
