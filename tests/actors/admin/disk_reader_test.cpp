#include "actors/admin/disk_reader.hpp"
#include "actors/liquidity/module.hpp"
#include "tests/support/actor_test.hpp"

namespace sluice::test {
namespace {

class disk_reader : public actor_test {
protected:
  const mechanism_module* mechanisms[1] = {&liquidity_module()};

  chain_reader_actor reader_of(chain_head head) {
    return mock<chain_reader_actor>(
      [head](atom::view) { return chain_view{head, {}, {}, {}, 0, {}, "a test chain"}; },
      [](atom::step, uint64_t) { return chain_head{}; });
  }
};

TEST_F(disk_reader, answers_what_the_folder_holds_and_states_what_it_does_not) {
  const auto disk = open_disk();
  const auto reader
    = keep(spawn_disk_reader(sys, mechanisms, {disk, reader_of({100, {2}})}, false));
  const auto jobs = ask<admin_reply>(reader, admin_request{"alice", "jobs"});
  EXPECT_TRUE(jobs.ok);
  EXPECT_EQ(jobs.text, "[]");
  const auto round = ask<admin_reply>(reader, admin_request{"alice", "round weth/evaluation/7"});
  EXPECT_FALSE(round.ok);
  EXPECT_NE(round.text, "");
  EXPECT_FALSE(ask<admin_reply>(reader, admin_request{"alice", "rond"}).ok);
}

TEST_F(disk_reader, asks_where_the_chain_stands) {
  const auto reader
    = keep(spawn_disk_reader(sys, mechanisms, {open_disk(), reader_of({100, {2}})}, false));
  const auto chain = ask<admin_reply>(reader, admin_request{"alice", "chain"});
  EXPECT_TRUE(chain.ok) << chain.text;
  EXPECT_NE(chain.text.find(R"("kind":"a test chain","block":100,"epoch":2)"), std::string::npos)
    << chain.text;
}

TEST_F(disk_reader, that_ends_meanwhile_answers_all_the_same) {
  const auto silent
    = keep(sys.spawn([](chain_reader_actor::pointer self) -> chain_reader_actor::behavior_type {
        return {[self](atom::view) { return self->make_response_promise<chain_view>(); },
                [](atom::step, uint64_t) { return chain_head{}; }};
      }));
  const auto reader = spawn_disk_reader(sys, mechanisms, {open_disk(), silent}, false);
  question<admin_reply> asked{sys, reader, admin_request{"alice", "weights"}};
  settle();
  EXPECT_FALSE(asked.answered());
  kill(reader);
  EXPECT_TRUE(asked.answered());
}

} // namespace
} // namespace sluice::test
