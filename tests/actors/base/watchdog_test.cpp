#include "actors/base/default_handlers.hpp"
#include "actors/base/quiet_config.hpp"
#include "actors/base/watchdog.hpp"
#include "actors/storage_writer.hpp"
#include "storage/tables.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/layout.hpp"
#include "tests/support/pause.hpp"
#include "tests/support/scratch_folder.hpp"

#include <sys/prctl.h>

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <unistd.h>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

using spinning_actor = caf::typed_actor<caf::reacts_to<atom::start>>;

struct spinning_state {
  static inline const char* name = "spinner";
};

spinning_actor::behavior_type spinner(observed_pointer<spinning_actor, spinning_state> self) {
  install_default_handlers(self);
  return {[](atom::start) {
    for (volatile bool forever = true; forever;)
      ;
  }};
}

struct watched_config final : quiet_config {
  watched_config() : quiet_config(2) { add_messages(*this, all_mechanisms()); }
};

/// What a watchdog wanted to end the process with.
class ended {
public:
  watchdog_config config(std::chrono::milliseconds handler, std::chrono::milliseconds commit) {
    return {handler, commit, 2ms, [this](int code, const std::string& sentence) {
              const std::lock_guard lock{mutex_};
              code_ = code;
              sentence_ = sentence;
              came_.notify_all();
            }};
  }
  std::pair<int, std::string> wait() {
    std::unique_lock lock{mutex_};
    came_.wait(lock, [this] { return code_ != 0; });
    return {code_, sentence_};
  }
  int code() {
    const std::lock_guard lock{mutex_};
    return code_;
  }

private:
  std::mutex mutex_;
  std::condition_variable came_;
  int code_ = 0;
  std::string sentence_;
};

/// A place with statistics that the test writes itself.
class watched_slot {
public:
  watched_slot() {
    owner->spawned(1, "owner");
    stats->spawned(2, "worker");
    root->taken(owner, {});
    owner->add_slot("worker")->taken(stats, {});
  }
  std::shared_ptr<actor_slot> root = std::make_shared<actor_slot>("node");
  std::shared_ptr<actor_stats> owner = std::make_shared<actor_stats>();
  std::shared_ptr<actor_stats> stats = std::make_shared<actor_stats>();
};

TEST(watchdog, names_the_place_and_the_message_that_an_actor_is_stuck_in) {
  watched_slot place;
  ended end;
  const watchdog guard{place.root, end.config(40ms, 1h)};
  place.stats->begins();
  const auto [code, sentence] = end.wait();
  EXPECT_EQ(code, 70);
  EXPECT_TRUE(sentence.starts_with("node/worker has been in one message for ")) << sentence;
  EXPECT_NE(sentence.find("longer than [node] handler_seconds allows"), std::string::npos)
    << sentence;
}

TEST(watchdog, distinguishes_a_commit_from_a_message) {
  watched_slot place;
  ended end;
  const watchdog guard{place.root, end.config(0ms, 40ms)};
  place.stats->begins();
  const announced_work writing{*place.stats, work_kind::commit};
  const auto [code, sentence] = end.wait();
  EXPECT_EQ(code, 3);
  EXPECT_TRUE(sentence.starts_with("a commit of node/worker has not ended for ")) << sentence;
}

TEST(watchdog, leaves_alone_who_goes_on_and_who_was_asked_for_it) {
  watched_slot place;
  ended end;
  place.owner->begins();
  const announced_work asked{*place.owner, work_kind::unbounded};
  const watchdog guard{place.root, end.config(500ms, 500ms)};
  for (int i = 0; i < 300; ++i) { // of its own looks, 2 ms apart, some hundred
    place.stats->begins();
    pause_for(2ms);
    place.stats->handled_one();
  }
  EXPECT_EQ(end.code(), 0);
}

[[noreturn]] void actor_that_spins() {
  watched_config config;
  caf::actor_system system{config};
  const spawn_watch spawned;
  const auto actor = system.spawn(spinner);
  auto root = std::make_shared<actor_slot>("node");
  root->taken(spawned.stats_of(actor.id()), {});
  const watchdog_config bounds{200ms, 0ms, 10ms};
  const watchdog guard{root, bounds};
  caf::anon_send(actor, atom::start_v);
  for (;;)
    ::pause();
}

TEST(watchdog_process, ends_when_an_actor_spins) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(actor_that_spins(), ::testing::ExitedWithCode(70),
              "node has been in one message .start. for 0.* s, longer than");
}

/// Another process has begun to write and never ends it: our commit waits for ever, as it does
/// when a disk does not answer.
[[noreturn]] void hold_the_store(const std::filesystem::path& store, int go, int held) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  char opened = 0;
  MDB_env* env = nullptr;
  MDB_txn* txn = nullptr;
  if (::read(go, &opened, 1) == 1 && mdb_env_create(&env) == 0 && mdb_env_set_maxdbs(env, 64) == 0
      && mdb_env_open(env, store.c_str(), 0, 0600) == 0 && mdb_txn_begin(env, nullptr, 0, &txn) == 0
      && ::write(held, "x", 1) == 1)
    for (;;)
      ::pause();
  _exit(1);
}

[[noreturn]] void commit_that_hangs() {
  const scratch_folder folder;
  int go[2]{};
  int held[2]{};
  if (::pipe(go) != 0 || ::pipe(held) != 0)
    std::_Exit(1);
  if (::fork() == 0)
    hold_the_store(folder.path() / "data" / "node", go[0], held[1]);
  storage::data_dir_options options;
  options.map_bytes = size_t{1} << 28;
  options.layout = &layout();
  auto disk = storage::data_dir::open(folder.path() / "data", {"0.1.0", 1, ""},
                                      storage::open_mode::create_or_continue, options);
  char is_held = 0;
  ::close(held[1]); // so that the other's end is seen here
  if (!disk || ::write(go[1], "x", 1) != 1 || ::read(held[0], &is_held, 1) != 1)
    std::_Exit(1);
  watched_config config;
  caf::actor_system system{config};
  const spawn_watch spawned;
  const auto writer
    = spawn_storage_writer(system, {std::make_shared<storage::data_dir>(*std::move(disk)), true});
  auto owner = std::make_shared<actor_stats>();
  auto root = std::make_shared<actor_slot>("node");
  root->taken(owner, {});
  owner->add_slot("storage_writer")->taken(spawned.stats_of(writer.id()), {});
  watchdog_config bounds{0ms, 200ms, 10ms};
  bounds.end = [path = folder.path()](int code, const std::string& sentence) {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
    (void)!::write(STDERR_FILENO, sentence.data(), sentence.size());
    std::_Exit(code);
  };
  const watchdog guard{root, bounds};
  storage::batch writes;
  storage::tables::bans.put(writes, hotkey{"somebody"}, ban_record{});
  caf::anon_send(writer, writes);
  for (;;)
    ::pause();
}

TEST(watchdog_process, ends_when_a_commit_hangs) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(commit_that_hangs(), ::testing::ExitedWithCode(3),
              "a commit of node/storage_writer has not ended for 0.* s, longer than");
}

} // namespace
} // namespace sluice::test
