#include "actors/leads/backend.hpp"
#include "tests/support/leads_world.hpp"

namespace sluice::test {
namespace {

namespace tables = storage::tables;

class leads_backend : public leads_test {
protected:
  leads_backend() {
    curation_config with;
    with.own = our_validator;
    with.terms = flow_terms_of(with.rules);
    with.start_ms = now_ms;
    with.unix_ms = clock();
    curation = keep(spawn_curation(sys, with, {disk, storage_writer, roster, queues, intake}));
    backend = make_leads_backend({disk, queues, intake, curation});
  }

  leads_queues_actor queues = make_queues();
  sourced_intake_actor intake = make_intake(queues, true);
  curation_actor curation;
  std::shared_ptr<net::leads_backend> backend;
};

TEST_F(leads_backend, hands_calls_to_the_actors_and_answers_with_what_they_did) {
  std::vector<std::string> answers;
  const auto note = [&answers](const char* what) {
    return [&answers, what](const auto& x) {
      answers.push_back(std::string{what} + (x ? "" : ": " + x.error().what));
    };
  };
  join(1, miner_with({some_lead("a")}));
  backend->store_leads({{our_validator, "1"}, {some_lead("p")}}, note("leads"));
  backend->queue_prospects({{{"miner-1"}, "2"}, {some_lead("q")}}, note("prospects"));
  backend->queue_request({{{"buyer"}, "3"}, lead_queue::requests, 1, "x"}, note("request"));
  backend->store_weights({{our_validator, "4"}, {{"miner-1", 1}}}, note("weights"));
  backend->buy({{}, 1, "x"}, [&answers](const result<buy_leads_answer>& x) {
    answers.push_back(x && x->outcome == buy_outcome::delivered ? "bought" : "not bought");
  });
  settle();
  std::ranges::sort(answers);
  EXPECT_EQ(answers,
            (std::vector<std::string>{"bought", "leads", "prospects", "request", "weights"}));
}

TEST_F(leads_backend, lists_the_newest_of_the_pool_first) {
  storage::batch writes;
  for (uint64_t i = 0; i < 5; ++i) {
    const auto id = std::to_string(i);
    tables::lead_pool.put(writes, id + "@example.com", {(i * 2) % 5, 0, "miner", some_lead(id)});
  }
  ASSERT_TRUE(disk->commit(writes));
  std::vector<std::string> ids;
  backend->list_leads(3, [&ids](const result<std::vector<lead>>& all) {
    ASSERT_TRUE(all);
    for (const auto& x : *all)
      ids.push_back(x.id);
  });
  EXPECT_EQ(ids, (std::vector<std::string>{"2", "4", "1"})); // arrivals 4, 3, 2
}

TEST_F(leads_backend, has_no_result_where_there_is_none) {
  bool answered = false;
  backend->find_result("nothing", [&answered](const result<std::optional<request_result>>& x) {
    answered = x && !*x;
  });
  EXPECT_TRUE(answered);
}

} // namespace
} // namespace sluice::test
