// Three validators (one honest, one lying, one silent), 64 miners and 1,000 tasks on real sockets.
// Validators and the node are killed in between: no task is lost, none is answered twice by the
// same miner, every task ends, and the liar moves nothing.
#include "rules/consensus/task.hpp"
#include "tests/support/consensus_node.hpp"
#include "tests/support/pause.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <thread>

namespace {

using namespace sluice;
using namespace sluice::test;
using nlohmann::json;

constexpr uint16_t honest_uid = 1, liar_uid = 2, silent_uid = 3;
constexpr size_t miners_count = 64, tasks_count = 1000, worker_threads = 8;
constexpr int calls_max = 100'000; // of one loop: a bound, far beyond what is needed

/// Repeats a call until a node answers it: one that was killed comes back.
template <class F>
peer_response answered(F f, const std::atomic<bool>& over) {
  for (int i = 0; i < calls_max && !over; ++i) {
    if (auto got = f(); got && got->status != 503 && got->status != 504)
      return *std::move(got);
    pause_for(std::chrono::milliseconds(20));
  }
  return {};
}

/// What became of the answers of one miner.
struct miner_account {
  std::map<std::string, std::string> taken; // by task: the result that the node has
  std::set<std::string> late;               // answers that came when the task had ended
  std::vector<std::string> faults;          // what must not happen
};

/// How a miner behaves: every sixteenth polls and never answers, every other sixteenth answers
/// again, with something else.
bool is_mute(size_t miner) {
  return miner % 16 == 15;
}
bool repeats_itself(size_t miner) {
  return miner % 16 == 7;
}

class proof_world : public testing::Test {
protected:
  proof_world()
    : node({{{honest_uid, 100}, {liar_uid, 80}, {silent_uid, 90}},
            miners_count,
            "policy = \"byzantine\"\n",
            "distribute_s = 1\nbatch = 400\nanswer_s = 3\nsettle_s = 6\nmax_retries = 20\n"
            "retry_delay_s = 0\nreview_s = 4\npending_s = 0\npoll_seen_s = 5\n"
            "client_open_max = 10000\n"}) {}

  /// One miner's turn: takes what is assigned to it, and answers what is not known to be taken.
  void serve(size_t number, signed_worker& worker, miner_account& account) {
    const auto fetched = worker.post("/tasks/fetch", {{"limit", 16}});
    if (!fetched || fetched->status != 200) {
      if (fetched && fetched->status < 500)
        account.faults.push_back("fetch: " + fetched->text);
      return;
    }
    const auto body = fetched->body();
    for (const auto& task : body["tasks"]) {
      const auto id = task["task_id"].get<std::string>();
      if (account.taken.contains(id))
        account.faults.push_back("task " + id + " was handed out after its answer was taken");
      if (is_mute(number))
        continue;
      const auto result = worker.address() + " did " + task["payload"].get<std::string>();
      answer(worker, id, result, account);
      if (repeats_itself(number) && account.taken.contains(id))
        answer_again(worker, id, account);
    }
  }

  void answer(signed_worker& worker, const std::string& id, const std::string& result,
              miner_account& account) {
    const auto got = answered(
      [&] {
        return worker.post("/task/" + id + "/responses", {{"result", result}});
      },
      over);
    if (got.status == 200 || got.status == 409) { // 409: the answer before was taken, then lost
      account.taken[id] = result;
      ++answers_taken;
    } else if (got.status == 403 || got.status == 404) {
      account.late.insert(id);
    } else if (got.status != 0) {
      account.faults.push_back("answer: " + std::to_string(got.status) + got.text);
    }
  }

  void answer_again(signed_worker& worker, const std::string& id, miner_account& account) {
    const auto got = answered(
      [&] {
        return worker.post("/task/" + id + "/responses", {{"result", "something else"}});
      },
      over);
    if (got.status == 200)
      account.faults.push_back("task " + id + " took a second answer");
  }

  void run_miners(size_t thread) {
    http_peer peer{node.port()};
    std::vector<std::pair<size_t, signed_worker>> mine;
    for (size_t i = thread; i < miners_count; i += worker_threads)
      mine.emplace_back(
        i, signed_worker{numbered_key(static_cast<uint16_t>(first_miner_uid + i)), peer});
    while (!over)
      for (auto& [number, worker] : mine) {
        serve(number, worker, accounts[number]);
        pause_for(std::chrono::milliseconds(2));
      }
  }

  std::string client_headers() const { return "X-API-Key: " + client_key + "\r\n"; }

  static json submission(size_t i) {
    static constexpr std::array<const char*, 4> priorities{"low", "normal", "high", "urgent"};
    static constexpr std::array<const char*, 3> types{"transcription", "translation",
                                                      "summarization"};
    return {{"task_type", types.at(i % 3)},
            {"priority", priorities.at(i % 4)},
            {"required_miner_count", 1 + i % 3},
            {"payload", "task number " + std::to_string(i)}};
  }

  /// All tasks, each under its own idempotency key until the node confirms it; every twentieth is
  /// cancelled at once.
  void submit_all() {
    http_peer peer{node.port()};
    for (size_t i = 0; i < tasks_count && !over; ++i) {
      const auto headers = client_headers() + "Idempotency-Key: task-" + std::to_string(i) + "\r\n";
      const auto got = answered([&] { return peer.post("/tasks", submission(i), headers); }, over);
      if (got.status != 200) {
        client_faults.push_back("submit: " + std::to_string(got.status) + got.text);
        continue;
      }
      const auto id = got.body()["task_id"].get<std::string>();
      submitted[id] = i;
      if (i % 20 == 19) {
        const auto ended = answered(
          [&] { return peer.post("/tasks/" + id + "/cancel", json::object(), client_headers()); },
          over);
        if (ended.status != 200 && ended.status != 403)
          client_faults.push_back("cancel: " + std::to_string(ended.status) + ended.text);
      }
    }
  }

  /// Approves every other task that is completed; how many tasks have ended.
  size_t approve_some(http_peer& peer) {
    const auto got
      = answered([&] { return peer.get("/tasks?limit=1000", client_headers()); }, over);
    size_t ended = 0;
    const auto body = got.body();
    if (got.status != 200)
      return 0; // it is over
    for (const auto& task : body["tasks"]) {
      const auto state = task_state_of(task["status"].get<std::string>());
      ended += state && is_terminal(*state) ? 1 : 0;
      const auto id = task["task_id"].get<std::string>();
      if (state == task_state::completed && id.back() % 2 == 0)
        (void)answered(
          [&] { return peer.post("/tasks/" + id + "/approve", json::object(), client_headers()); },
          over);
    }
    return ended;
  }

  /// Of examples/consensus_report.py. `again`: every second, else once.
  std::vector<std::string> validator(uint16_t uid, const std::string& statuses, bool again) const {
    std::vector<std::string> arguments{
      "-B",       SOURCE_DIR "/examples/consensus_report.py",
      node.url(), statuses,
      "--uid",    std::to_string(uid),
      "--hotkey", node.folder.at("uid-" + std::to_string(uid) + ".key")};
    if (again)
      arguments.insert(arguments.end(), {"--every", "1"});
    return arguments;
  }

  /// Waits until so many answers were taken, or for a minute.
  void wait_for_answers(size_t count) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (answers_taken < count && std::chrono::steady_clock::now() < deadline)
      pause_for(std::chrono::milliseconds(20));
    EXPECT_GE(answers_taken, count);
  }

  /// Kills the node five times and the validators in between, then waits until all tasks have
  /// ended; false when they do not within three minutes.
  bool play(const std::string& truth, const std::string& lie) {
    std::optional<running_program> honest, liar;
    const auto start
      = [this](std::optional<running_program>& x, uint16_t uid, const std::string& file) {
          x.emplace("python3", validator(uid, file, true));
        };
    const auto silent = run_program("python3", validator(silent_uid, truth, false));
    EXPECT_EQ(silent.code, 0) << silent.err; // its only report
    start(honest, honest_uid, truth);
    start(liar, liar_uid, lie);
    for (const size_t answers : {150U, 400U, 650U, 900U, 1150U}) {
      wait_for_answers(answers);
      node.kill();
      if (answers == 400)
        start(honest, honest_uid, truth); // the one before is killed
      if (answers == 900)
        start(liar, liar_uid, lie);
      node.start();
    }
    start(honest, honest_uid, truth);
    http_peer peer{node.port()};
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{180};
    while (std::chrono::steady_clock::now() < deadline) {
      if (approve_some(peer) == tasks_count)
        return true;
      pause_for(std::chrono::milliseconds(200));
    }
    return false;
  }

  /// Every task once, ended, with one response of a miner at most; nothing that was confirmed is
  /// missing, nothing is there that was not sent.
  void expect_all_tasks() {
    http_peer peer{node.port()};
    const auto list = peer.get("/tasks?limit=1000", client_headers());
    ASSERT_TRUE(list);
    ASSERT_EQ(list->body()["tasks"].size(), tasks_count);
    EXPECT_EQ(submitted.size(), tasks_count);
    std::map<std::string, size_t> states;
    for (const auto& [id, number] : submitted) {
      SCOPED_TRACE(id);
      const auto got = peer.get("/tasks/" + id, client_headers());
      ASSERT_TRUE(got);
      ASSERT_EQ(got->status, 200U) << got->text;
      const auto task = got->body()["task"];
      EXPECT_EQ(task["payload"], submission(number)["payload"]);
      const auto state = task_state_of(task["status"].get<std::string>());
      EXPECT_TRUE(state && is_terminal(*state)) << task["status"];
      ++states[task["status"]];
      std::set<size_t> who;
      for (const auto& one : task["miner_responses"]) {
        const auto miner = one["miner_uid"].get<size_t>() - first_miner_uid;
        EXPECT_TRUE(who.insert(miner).second) << "two answers of miner " << miner;
        EXPECT_FALSE(is_mute(miner));
        EXPECT_EQ(one["result"].get<std::string>(),
                  one["hotkey"].get<std::string>() + " did task number " + std::to_string(number));
      }
      for (size_t miner = 0; miner < miners_count; ++miner)
        EXPECT_TRUE(!accounts.at(miner).taken.contains(id) || who.contains(miner))
          << "the answer of miner " << miner << " was confirmed and is gone";
    }
    EXPECT_EQ(states["failed"], 0U);
    EXPECT_GT(states["approved"], 0U);
    EXPECT_GT(states["done"], 0U);
    EXPECT_GT(states["cancelled"], 0U);
  }

  void expect_the_truth() {
    http_peer peer{node.port()};
    for (size_t i = 0; i < miners_count; ++i) {
      const auto uid = std::to_string(first_miner_uid + i);
      const auto got = peer.get("/api/v1/miners/" + uid + "/consensus");
      ASSERT_TRUE(got);
      ASSERT_EQ(got->status, 200U) << got->text;
      const auto status = got->body()["consensus_status"];
      EXPECT_EQ(status["is_serving"], true) << status;
      EXPECT_EQ(status["performance_score"], 0.9) << status;
      EXPECT_EQ(status["hotkey"], numbered_key(static_cast<uint16_t>(first_miner_uid + i)).address);
    }
  }

  consensus_node node;
  std::string client_key;
  std::array<miner_account, miners_count> accounts;
  std::map<std::string, size_t> submitted; // id -> number
  std::vector<std::string> client_faults;
  std::atomic<size_t> answers_taken{0};
  std::atomic<bool> over{false};
};

TEST_F(proof_world, loses_no_task_and_takes_no_answer_twice_while_validators_and_node_are_killed) {
  if (run_program("python3", {"-c", "pass"}).code != 0)
    GTEST_SKIP() << "there is no python3";
  client_key = node.api_key("client");
  for (const auto uid : {honest_uid, liar_uid, silent_uid})
    (void)node.key_file(uid);
  const auto truth = node.folder.write("truth.json", node.statuses().dump());
  const auto lie = node.folder.write("lie.json", node
                                                   .statuses([](json& x) {
                                                     x["is_serving"] = false;
                                                     x["performance_score"] = 0.0;
                                                     x["current_load"] = 5;
                                                   })
                                                   .dump());
  node.start();
  std::vector<std::thread> threads;
  for (size_t i = 0; i < worker_threads; ++i)
    threads.emplace_back([this, i] { run_miners(i); });
  threads.emplace_back([this] { submit_all(); });
  EXPECT_TRUE(play(truth, lie)) << "some tasks have not ended";
  over = true;
  for (auto& x : threads)
    x.join();
  for (const auto& x : client_faults)
    ADD_FAILURE() << x;
  for (const auto& x : accounts)
    for (const auto& fault : x.faults)
      ADD_FAILURE() << fault;
  expect_all_tasks();
  expect_the_truth();
  EXPECT_EQ(node.stop(), 0);
}

} // namespace
