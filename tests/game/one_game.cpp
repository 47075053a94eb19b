#include "tests/game/one_game.hpp"

#include "actors/audit.hpp"
#include "actors/node/node.hpp"
#include "io/config/config_file.hpp"
#include "messages/errors.hpp"
#include "tests/game/final_weights.hpp"
#include "tests/game/player_module.hpp"
#include "tests/support/scratch_folder.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/detail/test_actor_clock.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <array>
#include <chrono>
#include <ctime>
#include <memory>
#include <optional>

namespace sluice::game {

namespace {

const std::array<const mechanism_module*, 1>& modules() {
  static const std::array<const mechanism_module*, 1> all{&player_module()};
  return all;
}

struct stepped_config : caf::actor_system_config {
  stepped_config() {
    set("scheduler.policy", caf::atom("testing"));
    set("logger.verbosity", caf::atom("quiet"));
    add_messages(*this, modules());
  }
};

/// A node whose actors run one after the other in this thread; time passes when nobody has
/// anything to do.
class stepped_node {
public:
  stepped_node(const node_config& config, uint64_t steps, std::shared_ptr<storage::data_dir> disk,
               std::function<void(uint64_t)> progress)
    : progress_(std::move(progress)) {
    clock().current_time += std::chrono::hours(1);
    node_ = spawn_node(sys_, {config, modules(), 0, steps, {}, false},
                       {std::move(disk), [this](caf::actor_system& s) { return reporter(s); },
                        caf::actor_cast<caf::actor>(owner_)});
    owner_->monitor(node_);
  }

  ~stepped_node() {
    caf::anon_send_exit(node_, caf::exit_reason::kill);
    node_ = nullptr;
    settle();
    clock().cancel_all();
    settle();
  }

  stepped_node(const stepped_node&) = delete;
  stepped_node& operator=(const stepped_node&) = delete;

  /// Until the steps are done and all actors have ended.
  result<nothing> run() {
    until([this] { return over_ || down_; });
    caf::anon_send_exit(node_, caf::exit_reason::user_shutdown);
    until([this] { return down_; });
    if (!over_)
      return to_fault(reason_);
    if (over_->code != 0)
      return fault{ec::refused, over_->why};
    return nothing{};
  }

private:
  caf::detail::test_actor_clock& clock() { return sched_.clock(); }

  reporter_actor reporter(caf::actor_system& system) {
    return system.spawn([this](reporter_actor::pointer) -> reporter_actor::behavior_type {
      return {[](const run_started&) { return atom::done_v; }, [](const step_progress&) {},
              [this](const step_done& x) {
                if (progress_)
                  progress_(x.number);
                return atom::done_v;
              },
              [](const run_over&) { return atom::done_v; }};
    });
  }

  void read_events() {
    while (owner_->has_next_message())
      owner_->receive([this](const run_over& x) { over_ = x; },
                      [this](const caf::down_msg& x) {
                        reason_ = x.reason;
                        down_ = true;
                      });
  }

  void settle() {
    while (sched_.try_run_once())
      ;
  }

  template <class F>
  void until(F done) {
    for (read_events(); !done(); read_events()) {
      settle();
      read_events();
      if (done() || (clock().schedule().empty() && !sched_.has_job()))
        return;
      clock().trigger_timeout();
    }
  }

  stepped_config config_;
  caf::actor_system sys_{config_};
  caf::scheduler::test_coordinator& sched_
    = dynamic_cast<caf::scheduler::test_coordinator&>(sys_.scheduler());
  caf::scoped_actor owner_{sys_, true};
  std::function<void(uint64_t)> progress_;
  node_actor node_;
  std::optional<run_over> over_;
  caf::error reason_;
  bool down_ = false;
};

result<std::shared_ptr<storage::data_dir>>
open_folder(const std::filesystem::path& path, const storage::schema& layout) {
  storage::data_dir_options options;
  options.layout = &layout;
  auto opened = storage::data_dir::open(path, {"0.2.0", 1, ""},
                                        storage::open_mode::create_or_continue, options);
  if (!opened)
    return opened.error();
  return std::make_shared<storage::data_dir>(*std::move(opened));
}

result<nothing> audit(const storage::data_dir& disk) {
  const auto found = audit_everything(disk, modules());
  if (!found)
    return found.error();
  for (const auto& x : *found)
    if (!x.difference.empty())
      return fault{ec::corrupt_data, x.what + ": " + x.difference};
  return nothing{};
}

} // namespace

result<game_end> play(const game_setup& setup, const game_options& options) {
  const auto began = std::clock();
  const auto entrants = entrants_of(setup, options.players);
  const auto config = io::parse_config(config_text(setup, entrants), "the game's configuration",
                                       sections_of(modules()));
  if (!config)
    return config.error();
  const test::scratch_folder folder;
  const auto layout = schema_of(modules());
  auto disk = open_folder(folder.path() / "data", layout);
  if (!disk)
    return disk.error();
  {
    stepped_node node{*config, setup.rounds, *disk, options.progress};
    if (auto ran = node.run(); !ran)
      return ran.error();
  }
  if (options.audit)
    if (auto same = audit(**disk); !same)
      return same.error();
  auto end = end_of(setup, entrants, *config, *disk, options.evidence);
  if (end)
    end->seconds = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
  return end;
}

} // namespace sluice::game
