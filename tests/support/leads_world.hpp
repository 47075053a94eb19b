/// The actors of leads on a real disk, with a chain, a roster and miners of the test's own.
#pragma once

#include "actors/leads/curation.hpp"
#include "actors/leads/leads.hpp"
#include "actors/leads/queues.hpp"
#include "actors/leads/sourced_intake.hpp"
#include "actors/storage_writer.hpp"
#include "net/leads/bodies.hpp"
#include "storage/leads/queues.hpp"
#include "storage/leads/result_writer.hpp"
#include "storage/leads/steps.hpp"
#include "storage/leads/tables.hpp"
#include "storage/tables.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/chain_world.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sluice::test {

/// The moment at which tests of leads begin: 2026-01-01T00:00:00Z, in milliseconds.
inline constexpr uint64_t leads_start_ms = 1'767'225'600'000;

inline lead some_lead(const std::string& id, double score = 0.5) {
  lead x;
  x.id = id;
  x.owner_email = id + "@example.com";
  x.business = "Business " + id;
  x.conversion_score = score;
  return x;
}

/// Uids 0 to 4 are "miner-0" and so on; 9 is our validator, which has a permit.
class leads_test : public actor_test {
protected:
  leads_test() {
    chain = mock<chain_reader_actor>(
      [this](atom::view) {
        const auto world = small_chain();
        chain_view seen;
        seen.head = {100, {epoch}};
        seen.params = world.params;
        seen.neurons = world.neurons;
        return seen;
      },
      [this](atom::step, uint64_t) {
        return chain_head{100, {epoch}};
      });
    roster = mock<roster_actor>(
      [this](atom::roster) { return miners; }, [](const miner_came&) {}, [](const miner_gone&) {},
      [](atom::ban, const hotkey&, const ban_record&) { return atom::done_v; },
      [](atom::unban, const hotkey&) { return atom::done_v; },
      [](atom::view, const roster_watcher_actor&) { return roster_snapshot{}; });
  }

  /// The present of calls from outside, which the test moves.
  std::function<uint64_t()> clock() {
    return [moment = moment_] { return *moment; }; // actors may ask until the very end
  }

  /// A miner that answers every question with these leads, whatever was asked.
  miner_actor miner_with(std::vector<lead> leads) {
    return mock<miner_actor>(
      [this, leads](const miner_question& x) {
        questions.push_back(*net::lead_question_in(x.body, x.deadline_ms));
        return miner_answer{net::lead_answer_body({leads})};
      },
      [this](const miner_notice& x) { notices.push_back(*net::lead_notice_in(x.body)); },
      [](atom::fence) { return atom::done_v; });
  }

  /// One that answers nothing.
  miner_actor silent_miner() {
    return keep(sys.spawn([](miner_actor::pointer self) -> miner_actor::behavior_type {
      return {[self](const miner_question&) { return self->make_response_promise<miner_answer>(); },
              [](const miner_notice&) {}, [](atom::fence) { return atom::done_v; }};
    }));
  }

  void join(uint16_t uid, const miner_actor& handle) {
    miners.push_back({{uid}, {"miner-" + std::to_string(uid)}, "", handle, true, ""});
  }

  leads_queues_actor make_queues() {
    return keep(spawn_leads_queues(sys, {{}, clock()}, {disk, storage_writer, chain}));
  }

  sourced_intake_config intake_config(bool stepped) {
    sourced_intake_config config;
    config.own = our_validator;
    config.disposable = usual_disposable_domains();
    config.stepped = stepped;
    config.unix_ms = clock();
    return config;
  }

  sourced_intake_actor make_intake(const leads_queues_actor& queues, bool stepped) {
    return keep(
      spawn_sourced_intake(sys, intake_config(stepped), {disk, storage_writer, chain, queues}));
  }

  /// A call from outside whose answer the test keeps.
  template <class Message, class Answer, class Call, class Handle>
  std::shared_ptr<std::optional<result<Answer>>> call(const Handle& whom, Call what) {
    auto answer = std::make_shared<std::optional<result<Answer>>>();
    caf::anon_send(whom, Message{std::move(what), [answer](result<Answer> x) {
                                   EXPECT_FALSE(answer->has_value()) << "a second answer";
                                   answer->emplace(std::move(x));
                                 }});
    settle();
    return answer;
  }

  /// A document of these leads of the test's own, stored as a node would.
  void store(const std::string& request, std::vector<lead> leads, uint64_t at_ms) {
    storage::result_writer writer{*disk, "curation"};
    curation_result document{request, lead_time::of_whole(static_cast<int64_t>(at_ms / 1000)),
                             std::move(leads)};
    ASSERT_TRUE(writer.add(document, at_ms));
    ASSERT_TRUE(disk->commit(writer.take()));
  }

  std::shared_ptr<uint64_t> moment_ = std::make_shared<uint64_t>(leads_start_ms);
  uint64_t& now_ms = *moment_;
  uint64_t epoch = 7;
  std::shared_ptr<storage::data_dir> disk = open_disk();
  storage_writer_actor storage_writer = keep(spawn_storage_writer(sys, {disk, false}));
  chain_reader_actor chain;
  roster_actor roster;
  std::vector<roster_entry> miners;
  std::vector<lead_question> questions;
  std::vector<lead_notice> notices;
};

} // namespace sluice::test
