#include "actors/admin/actor_rows.hpp"
#include "actors/admin/admin.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/supervisor.hpp"
#include "actors/events/event_manager.hpp"
#include "actors/periodic/task_manager.hpp"
#include "actors/storage_writer.hpp"
#include "rules/json_text.hpp"
#include "storage/tables.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/admin_modules.hpp"
#include "tests/support/layout.hpp"

#include <caf/event_based_actor.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <fstream>

namespace sluice::test {
namespace {

using json = nlohmann::json;
namespace tables = storage::tables;

using worker_actor = caf::typed_actor<caf::replies_to<atom::fence>::with<atom::done>>;

struct owner_state {
  explicit owner_state(observed_plain_pointer<node_actor> self)
    : children(self, {.how = strategy_of_restart::rest_for_one, .expects_failures = true}) {}
  static inline const char* name = "node";
  supervisor children;
};

worker_actor::behavior_type worker(observed_plain_pointer<worker_actor> self) {
  install_default_handlers(self,
                           [] { return std::string{R"({"mood":"good","config":{"size":3}})"}; });
  return {[](atom::fence) { return atom::done_v; }};
}

/// A node of three children: storage writer, worker and admin.
class admin_actors : public actor_test {
protected:
  std::shared_ptr<storage::data_dir> disk = open_disk();
  std::shared_ptr<actor_slot> root = std::make_shared<actor_slot>("node");
  owned_storage_writer_actor storage_writer;
  worker_actor hand;
  admin_actor admin;
  steered_module steered_one;
  idle_module idle_one;
  std::vector<const mechanism_module*> modules{&steered_one, &idle_one};
  std::vector<mechanism_command> steered;
  caf::error unseen; // why the chain cannot be seen
  std::vector<std::string> banned, let_in, removed;
  std::vector<publish_once> once;
  bool drained = false, stopped = false;

  void SetUp() override {
    links.disk = disk;
    links.root = root;
    links.mechanisms["jobs"] = mock<mechanism_actor>(
      [](atom::scores, epoch_no) { return mechanism_scores{}; },
      [](atom::step, uint64_t) { return step_report{}; },
      [this](const mechanism_command& x) -> caf::result<std::string> {
        steered.push_back(x);
        if (x.arguments.front() == "nobody")
          return caf::make_error(ec::refused, std::string{"job nobody is not played here"});
        return json_object{}.add("job", x.arguments.front()).text();
      });
    links.chain = mock<chain_reader_actor>(
      [this](atom::view) -> caf::result<chain_view> {
        if (unseen)
          return unseen;
        return chain_view{{100, {2}}, {}, {{{4}, {"four"}, 0, false}}, {}, 0, {}, "a test chain"};
      },
      [](atom::step, uint64_t) { return chain_head{}; });
    links.roster = roster_of();
    links.backend = chain_of();
    links.weights = weights_of();
    links.conductor = mock<conductor_actor>([](atom::start) {}, [](atom::due) {},
                                            [this](atom::drain) { drained = true; });
    links.owner = keep(
      sys.spawn([this]() -> caf::behavior { return {[this](atom::due) { stopped = true; }}; }));
    const spawn_watch spawned;
    auto node = keep(sys.spawn(
      [this](observed_pointer<node_actor, owner_state> self) -> node_actor::behavior_type {
        install_default_handlers(self);
        raise(self->state.children);
        return {[](atom::start) {}, [](atom::reload) {}};
      }));
    root->taken(spawned.stats_of(node.id()), node.address());
    settle();
  }

  /// Gives whoever is new uid 40, and notes who goes.
  enrolling_chain_actor chain_of() {
    return mock<enrolling_chain_actor>(
      [this](atom::view, const hotkey&) -> caf::result<chain_view> {
        if (unseen)
          return unseen;
        chain_view seen{{100, {2}}, {}, {{{4}, {"four"}, 0, false}}, {}, 0, {}, "a test chain"};
        return seen;
      },
      [](atom::advance, uint64_t) { return chain_head{}; },
      [](const weights_extrinsic&) { return std::string{}; },
      [](atom::included, const std::string&) { return inclusion{}; },
      [](atom::allow, allowed_miner who) {
        if (who.any_uid)
          who.uid = {40};
        who.any_uid = false;
        return who;
      },
      [this](atom::remove, const hotkey& key) {
        removed.push_back("chain " + key.value);
        return atom::done_v;
      });
  }

  publishing_actor weights_of() {
    return mock<publishing_actor>([](atom::publish, epoch_no) { return publish_record{}; },
                                  [](atom::view, epoch_no) { return weight_parts{}; },
                                  [this](const publish_once& x) -> caf::result<publish_record> {
                                    once.push_back(x);
                                    if (once.size() > 1)
                                      return caf::make_error(ec::refused,
                                                             std::string{"nothing is held back"});
                                    publish_record record;
                                    record.epoch = {9};
                                    record.status = publish_status::confirmed;
                                    record.included_block = 700;
                                    return record;
                                  });
  }

  /// Knows one miner, and notes who is banned.
  enrolling_roster_actor roster_of() {
    return mock<enrolling_roster_actor>(
      [](atom::roster) {
        return std::vector<roster_entry>{{{7}, {"seven"}, "wide", {}}};
      },
      [](const miner_came&) {}, [](const miner_gone&) {},
      [this](atom::ban, const hotkey& key, const ban_record&) {
        banned.push_back(key.value);
        return atom::done_v;
      },
      [](atom::unban, const hotkey&) { return atom::done_v; },
      [](atom::view, const roster_watcher_actor&) { return roster_snapshot{}; },
      [this](atom::allow, const allowed_miner& who, const allowed_record& why) {
        let_in.push_back(who.key.value + '=' + std::to_string(who.uid.value) + " by " + why.who);
        return atom::done_v;
      },
      [this](atom::remove, const hotkey& key) {
        removed.push_back("roster " + key.value);
        return atom::done_v;
      });
  }

  void raise(supervisor& children) {
    children.add({"storage_writer", restart_rule::permanent, [this] {
                    storage_writer = spawn_storage_writer(sys, {disk, false});
                    return caf::actor_cast<caf::actor>(storage_writer);
                  }});
    children.add({"worker", restart_rule::permanent, [this] {
                    hand = sys.spawn(worker);
                    return caf::actor_cast<caf::actor>(hand);
                  }});
    children.add({"admin", restart_rule::permanent, [this] {
                    links.storage_writer = storage_writer;
                    admin = spawn_admin(
                      sys,
                      {{}, "0.1.0", "", false, [] { return uint64_t{1'800'000'000'000}; }, modules},
                      links);
                    return caf::actor_cast<caf::actor>(admin);
                  }});
  }

  admin_reply run_command(const std::string& line) {
    return ask<admin_reply>(admin, admin_request{"alice (uid 1000)", line});
  }
  json answer_to(const std::string& line) {
    const auto x = run_command(line);
    EXPECT_TRUE(x.ok) << line << ": " << x.text;
    return x.ok ? json::parse(x.text) : json{};
  }
  std::string refusal(const std::string& line) {
    const auto x = run_command(line);
    EXPECT_FALSE(x.ok) << line << ": " << x.text;
    return x.text;
  }
  std::vector<admin_action> actions() {
    std::vector<admin_action> all;
    EXPECT_TRUE(tables::admin_actions.for_each(
      *disk, [&](uint64_t, admin_action x) { all.push_back(std::move(x)); }));
    return all;
  }

  admin_links links;
};

TEST_F(admin_actors, the_tree_is_listed_parents_first) {
  const auto rows = answer_to("tree");
  std::vector<std::string> paths;
  for (const auto& row : rows)
    paths.push_back(row["path"]);
  EXPECT_EQ(paths, (std::vector<std::string>{"node", "node/storage_writer", "node/worker",
                                             "node/admin", "node/admin/disk_reader"}));
  EXPECT_EQ(rows[1]["state"], "running");
  EXPECT_EQ(rows[1]["kind"], "storage_writer");
}

TEST_F(admin_actors, looking_at_the_tree_touches_no_mailbox) {
  const auto before = root->look().stats->slots()[1]->counts().handled;
  for (const auto* line : {"tree", "top", "mailboxes", "deadletters"})
    answer_to(line);
  EXPECT_EQ(root->look().stats->slots()[1]->counts().handled, before);
}

TEST_F(admin_actors, a_queue_is_seen_while_it_waits) {
  for (int i = 0; i < 3; ++i)
    caf::anon_send(hand, atom::fence_v);
  rate_memory rates;
  const auto rows = rows_of(root, rates);
  EXPECT_EQ(rows.at(2).mailbox, 3u);
  settle();
  EXPECT_EQ(answer_to("mailboxes"), json::array());
}

TEST_F(admin_actors, an_actor_describes_its_state_and_its_configuration_separately) {
  const auto x = answer_to("actor node/worker");
  EXPECT_EQ(x["view"]["mood"], "good");
  EXPECT_EQ(x["config"]["size"], 3);
  EXPECT_EQ(x["state"], "running");
}

TEST_F(admin_actors, an_unknown_actor_is_reported_with_the_nearest) {
  EXPECT_EQ(refusal("actor node/wroker"), "no actor node/wroker; did you mean node/worker?");
}

TEST_F(admin_actors, a_trace_shows_the_last_messages) {
  answer_to("trace node/worker 2");
  for (int i = 0; i < 3; ++i)
    ask<atom::done>(hand, atom::fence_v);
  const auto x = answer_to("actor node/worker"); // asks it as well, and that is a message
  ASSERT_EQ(x["trace"].size(), 2u);
  EXPECT_EQ(x["trace"][0]["text"], "'fence'");
  EXPECT_EQ(x["trace"][1]["text"], "'look'");
  EXPECT_EQ(x["trace"][1]["from"], "node/admin");
  answer_to("trace node/worker off");
  EXPECT_EQ(answer_to("actor node/worker")["trace"], json::array());
}

TEST_F(admin_actors, a_killed_actor_is_restarted_as_after_a_failure) {
  const auto before = hand;
  answer_to("kill node/worker");
  settle();
  EXPECT_NE(hand, before);
  const auto x = answer_to("actor node/worker");
  EXPECT_EQ(x["restarts"], 1);
  EXPECT_NE(x["last_error"], "");
}

TEST_F(admin_actors, a_restarted_actor_comes_back_without_one) {
  const auto before = hand;
  answer_to("restart node/worker");
  settle();
  EXPECT_NE(hand, before);
  EXPECT_EQ(answer_to("actor node/worker")["last_error"], "");
  EXPECT_EQ(refusal("restart node"), "node is the root: nobody would start it again");
}

TEST_F(admin_actors, who_did_what_and_when_is_on_disk_before_it_is_answered) {
  answer_to("trace node/worker on");
  refusal("job pause nobody");
  answer_to("tree");
  const auto all = actions();
  ASSERT_EQ(all.size(), 2u); // looking is no action
  EXPECT_EQ(all[0].who, "alice (uid 1000)");
  EXPECT_EQ(all[0].line, "trace node/worker on");
  EXPECT_EQ(all[0].outcome, "done");
  EXPECT_GT(all[0].time_ms, 1'600'000'000'000u);
  EXPECT_EQ(all[1].outcome, "job nobody is not played here");
}

TEST_F(admin_actors, the_next_incarnation_of_admin_goes_on_counting) {
  answer_to("trace node/worker on");
  kill(admin);
  answer_to("trace node/worker off");
  EXPECT_EQ(actions().size(), 2u);
}

TEST_F(admin_actors, a_mechanism_receives_the_commands_of_its_catalogue) {
  EXPECT_EQ(answer_to("job pause weth-usdc")["job"], "weth-usdc");
  answer_to("job resume weth-usdc");
  answer_to("job remove weth-usdc");
  ASSERT_EQ(steered.size(), 3u);
  EXPECT_EQ(steered[0],
            (mechanism_command{"job pause", {"weth-usdc"}, "alice (uid 1000)", 1'800'000'000'000}));
  EXPECT_EQ(steered[1].name, "job resume");
  EXPECT_EQ(steered[2].name, "job remove");
  EXPECT_EQ(refusal("job pause nobody"), "job nobody is not played here");
}

TEST_F(admin_actors, a_mechanism_that_is_not_run_receives_no_command) {
  EXPECT_EQ(refusal("poke"), "this node does not run idle");
  ASSERT_EQ(actions().size(), 1u);
  EXPECT_EQ(actions()[0].outcome, "this node does not run idle");
}

TEST_F(admin_actors, an_actor_that_a_command_names_answers_for_it) {
  EXPECT_EQ(answer_to("workers"), json()); // node/simulators is not there
  EXPECT_TRUE(steered.empty());
}

TEST_F(admin_actors, the_chain_is_what_its_reader_reports) {
  const auto chain = answer_to("chain");
  EXPECT_EQ(chain["kind"], "a test chain");
  EXPECT_EQ(chain["block"], 100);
  EXPECT_EQ(chain["neurons"][0]["hotkey"], "four");
  EXPECT_EQ(answer_to("weights")["block"], 100);
  unseen = caf::make_error(ec::unreachable, std::string{"no connection"});
  EXPECT_EQ(refusal("chain"), "the chain cannot be seen: no connection");
  EXPECT_FALSE(answer_to("weights").contains("block"));
}

TEST_F(admin_actors, a_uid_is_of_who_is_there_or_on_the_chain) {
  EXPECT_EQ(answer_to("miner ban 7")["reason"], "no reason was given"); // of the roster
  EXPECT_EQ(answer_to("miner ban 4 floods us")["reason"], "floods us"); // of the chain
  EXPECT_EQ(banned, (std::vector<std::string>{"seven", "four"}));
  EXPECT_EQ(refusal("miner ban sevn"), "no miner sevn; did you mean seven?");
  EXPECT_EQ(refusal("miner ban 99"), "no miner 99; see chain for who is registered");
  EXPECT_EQ(refusal("miner unban seven"), "nobody is banned") << "this roster stores nothing";
  unseen = caf::make_error(ec::unreachable, std::string{"no connection"});
  EXPECT_EQ(refusal("miner ban 4"), "no connection");
  EXPECT_EQ(banned.size(), 2u);
}

TEST_F(admin_actors, a_hotkey_is_let_in_by_the_chain_and_the_roster) {
  EXPECT_EQ(answer_to("miner allow new")["uid"], 40);
  EXPECT_EQ(answer_to("miner allow other=12")["uid"], 12);
  EXPECT_EQ(answer_to("miner allow third --uid 13")["uid"], 13);
  EXPECT_EQ(let_in,
            (std::vector<std::string>{"new=40 by alice (uid 1000)", "other=12 by alice (uid 1000)",
                                      "third=13 by alice (uid 1000)"}));
  EXPECT_EQ(refusal("miner allow x=4096"), "miner allow: expected a uid from 0 to 4095, got 4096");
  EXPECT_EQ(refusal("miner allow x=3 --uid 3"),
            "miner allow: expected HOTKEY=UID or HOTKEY --uid N, not both, got x=3");
  EXPECT_EQ(refusal("miner allow x --uid"),
            "miner allow: expected --uid N behind the hotkey, got --uid");
  EXPECT_EQ(refusal("miner allow 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQX"),
            "miner allow: expected an SS58 address whose checksum fits: a letter is wrong or "
            "missing, got 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQX");
  EXPECT_EQ(refusal("miner allow validator"), "validator is this validator; it need not be let in");
  storage::batch writes;
  tables::bans.put(writes, {"bad"}, {"floods us", "bob", 1});
  ASSERT_TRUE(disk->commit(writes));
  EXPECT_EQ(refusal("miner allow bad"), "bad is banned: floods us; miner unban bad first");
  EXPECT_EQ(answer_to("miner unban bad")["banned"], false);
  EXPECT_EQ(let_in.size(), 3u);
}

TEST_F(admin_actors, who_was_let_in_is_removed_from_the_roster_and_the_chain) {
  EXPECT_EQ(answer_to("miner remove 7")["removed"], true);
  EXPECT_EQ(removed, (std::vector<std::string>{"roster seven", "chain seven"}));
  EXPECT_EQ(refusal("miner remove eight"), "no miner eight; see chain for who is registered");
  ASSERT_EQ(actions().size(), 2u);
  EXPECT_EQ(actions()[0].line, "miner remove 7");
}

TEST_F(admin_actors, weights_are_published_once_with_a_reason_that_is_written_down) {
  const std::string line = "weights publish --once --reason \"checked by hand\"";
  const auto done = answer_to(line);
  EXPECT_EQ(done["epoch"], 9);
  EXPECT_EQ(done["block"], 700);
  ASSERT_EQ(once.size(), 1u);
  EXPECT_EQ(once[0].reason, "checked by hand");
  EXPECT_EQ(once[0].who, "alice (uid 1000)");
  EXPECT_EQ(refusal(line), "nothing is held back");
  EXPECT_NE(refusal("weights publish --once"), "");
  ASSERT_EQ(actions().size(), 2u) << "what is no command is no action";
  EXPECT_EQ(actions()[0].line, line);
  EXPECT_EQ(actions()[0].outcome, "done");
  EXPECT_EQ(actions()[1].outcome, "nothing is held back");
}

TEST_F(admin_actors, a_snapshot_is_a_data_folder_with_all_that_was_done) {
  answer_to("trace node/worker on");
  const auto to = (folder.path() / "copy").string();
  EXPECT_EQ(answer_to("snapshot " + to)["copy"], to);
  auto copy = storage::data_dir::open(to, {"0.1.0", 1, ""}, storage::open_mode::read_only,
                                      {.layout = &test::layout()});
  ASSERT_TRUE(copy) << copy.error().what;
  size_t rows = 0;
  EXPECT_TRUE(
    tables::admin_actions.for_each(*copy, [&](uint64_t, const admin_action&) { ++rows; }));
  EXPECT_EQ(rows, 1u);
  EXPECT_NE(refusal("snapshot " + to).find("something is there already"), std::string::npos);
}

TEST_F(admin_actors, drain_lets_the_step_end_and_stop_does_not) {
  EXPECT_EQ(answer_to("drain")["state"], "draining");
  settle();
  EXPECT_TRUE(drained);
  EXPECT_FALSE(stopped);
  EXPECT_EQ(answer_to("status")["state"], "draining");
  EXPECT_EQ(answer_to("stop")["state"], "stopping");
  EXPECT_FALSE(stopped) << "the answer has to get out first";
  advance(std::chrono::seconds{1});
  EXPECT_TRUE(stopped);
}

TEST_F(admin_actors, the_log_has_one_level_for_all) {
  const auto before = spdlog::get_level();
  answer_to("log level node=debug");
  EXPECT_EQ(spdlog::get_level(), spdlog::level::debug);
  answer_to("log level node=error");
  EXPECT_EQ(spdlog::get_level(), spdlog::level::err);
  EXPECT_NE(refusal("log level node/storage_writer=debug").find("one level for all"),
            std::string::npos);
  spdlog::set_level(before);
}

TEST_F(admin_actors, a_command_of_the_disk_is_answered_by_the_reader) {
  EXPECT_TRUE(answer_to("jobs").is_array());
  EXPECT_NE(refusal("round weth-usdc/evaluation/7"), "");
}

TEST_F(admin_actors, what_makes_no_sense_is_answered_with_a_sentence) {
  EXPECT_NE(refusal("tere").find("did you mean tree?"), std::string::npos);
  EXPECT_EQ(refusal("quit"), "the shell answers that itself");
}

/// The same with an event manager and a task manager, which has one task.
class admin_of_tasks : public admin_actors {
protected:
  void SetUp() override {
    links.events = keep(spawn_event_manager(sys, {.unix_ms = [] { return uint64_t{5000}; }}));
    links.tasks = keep(spawn_task_manager(
      sys, {[] { return uint64_t{5000}; }, [] { return uint64_t{0}; }}, links.events));
    admin_actors::SetUp();
    const auto owner = mock<task_owner_actor>([this](const run_task&) {
      ++runs;
      return atom::done_v;
    });
    periodic_terms terms;
    terms.initial_delay_ms = 60'000;
    ask<uint64_t>(links.tasks, add_task{"games", terms, owner});
  }

  int runs = 0;
};

TEST_F(admin_of_tasks, periodic_tasks_are_seen_and_set) {
  const auto rows = answer_to("tasks periodic");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0]["name"], "games");
  EXPECT_EQ(rows[0]["next_in_ms"], 60'000);
  EXPECT_EQ(answer_to("tasks pause games")["state"], "paused");
  answer_to("tasks run 1");
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(answer_to("tasks resume games")["state"], "waiting");
  EXPECT_EQ(refusal("tasks resume games"), "task games is not paused");
  EXPECT_EQ(answer_to("tasks remove games --yes")["runs"], 1);
  EXPECT_EQ(refusal("tasks run games"), "no task games; there is none");
  EXPECT_EQ(actions().size(), 6U); // refusals, too
}

TEST_F(admin_of_tasks, events_are_seen) {
  answer_to("tasks run games");
  EXPECT_EQ(answer_to("events")["by_type"]["task_started"]["published"], 1);
  const auto history = answer_to("event history task_completed");
  ASSERT_EQ(history.size(), 1U);
  EXPECT_EQ(history[0]["data"]["name"], "games");
  EXPECT_EQ(answer_to("event history").size(), 2U);
}

TEST_F(admin_actors, without_a_task_manager_nothing_is_seen) {
  EXPECT_EQ(refusal("tasks periodic"), "this node has no task manager");
  EXPECT_EQ(refusal("events"), "this node has no event manager");
}

} // namespace
} // namespace sluice::test
