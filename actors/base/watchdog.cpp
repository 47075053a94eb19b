#include "actors/base/watchdog.hpp"

#include "actors/observed/observed.hpp"
#include "rules/supervision/stall_watch.hpp"

#include <algorithm>
#include <climits>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <poll.h>
#include <pthread.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace sluice {

namespace {

constexpr int code_of_a_disk = 3;
constexpr int code_of_a_bug = 70;

/// An actor that is in the middle of a message.
struct busy_actor {
  std::string path;
  message_in_hand hand;
};

void add_busy(const actor_slot& slot, std::string& path, std::vector<busy_actor>& actors,
              std::vector<message_sight>& sights, const watchdog_config& config) {
  const auto view = slot.look();
  if (!view.stats)
    return;
  const auto before = path.size();
  path += (path.empty() ? "" : "/") + view.name;
  if (const auto hand = view.stats->message_now()) {
    const auto bound = hand->work == work_kind::message  ? config.handler
                       : hand->work == work_kind::commit ? config.commit
                                                         : std::chrono::milliseconds{0};
    actors.push_back({path, *hand});
    sights.push_back({view.stats->actor_id(), hand->number, bound});
  }
  for (const auto& child : view.stats->slots())
    add_busy(*child, path, actors, sights, config);
  path.resize(before);
}

std::string seconds_text(std::chrono::milliseconds x) {
  const auto tenths = x.count() / 100;
  return std::to_string(tenths / 10) + (tenths % 10 == 0 ? "" : '.' + std::to_string(tenths % 10))
         + " s";
}

std::string sentence_about(const busy_actor& who, std::chrono::milliseconds lasted,
                           std::chrono::milliseconds bound) {
  const bool commit = who.hand.work == work_kind::commit;
  const auto type = message_type_name(who.hand.type);
  const auto what = commit         ? "a commit of " + who.path + " has not ended"
                    : type.empty() ? who.path + " has been in one message"
                                   : who.path + " has been in one message (" + type + ')';
  return what + " for " + seconds_text(lasted) + ", longer than [node] "
         + (commit ? "commit_seconds" : "handler_seconds") + " allows (" + seconds_text(bound)
         + "): " + (commit ? "the disk does not answer" : "it is stuck")
         + "; the process ends, all that was answered is on disk, and the same command continues";
}

void end_process(int code, const std::string& sentence) {
  const auto line = "sluice: " + sentence + '\n';
  pollfd out{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&out, 1, 200) == 1) // nobody may be reading: that must not keep us
    (void)!::write(STDERR_FILENO, line.data(), std::min<size_t>(line.size(), PIPE_BUF));
  std::_Exit(code);
}

} // namespace

class watchdog::looker {
public:
  looker(std::shared_ptr<const actor_slot> root, watchdog_config config)
    : root_(std::move(root)), config_(std::move(config)), stalls_(config_.look_every) {
    if (!config_.end)
      config_.end = end_process;
    sigset_t all;
    sigset_t before;
    sigfillset(&all); // signals are for others
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      thread_ = std::thread{[this] { run(); }};
    } catch (...) {
      pthread_sigmask(SIG_SETMASK, &before, nullptr);
      throw;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  ~looker() {
    {
      const std::lock_guard lock{mutex_};
      over_ = true;
    }
    wakes_.notify_all();
    thread_.join();
  }

  looker(const looker&) = delete;
  looker& operator=(const looker&) = delete;

private:
  void run() {
    std::unique_lock lock{mutex_};
    while (!wakes_.wait_for(lock, config_.look_every, [this] { return over_; }))
      look();
  }

  void look() {
    std::vector<busy_actor> actors;
    std::vector<message_sight> sights;
    std::string path;
    add_busy(*root_, path, actors, sights, config_);
    const std::chrono::milliseconds now{static_cast<int64_t>(coarse_now_ms())};
    const auto stalled = stalls_.look(now, sights);
    if (stalled.empty())
      return;
    // Of several the one with the disk first: the others may wait for it.
    const auto worst = std::ranges::max_element(stalled, {}, [&](const stalled_message& x) {
      return std::pair{actors[x.sight].hand.work == work_kind::commit, x.lasted};
    });
    const auto& who = actors[worst->sight];
    config_.end(who.hand.work == work_kind::commit ? code_of_a_disk : code_of_a_bug,
                sentence_about(who, worst->lasted, sights[worst->sight].bound));
  }

  std::shared_ptr<const actor_slot> root_;
  watchdog_config config_;
  stall_watch stalls_;
  std::mutex mutex_;
  std::condition_variable wakes_;
  bool over_ = false;
  std::thread thread_;
};

watchdog::watchdog(std::shared_ptr<const actor_slot> root, watchdog_config config)
  : looker_(std::make_unique<looker>(std::move(root), std::move(config))) {}

watchdog::~watchdog() = default;

watchdog_config watchdog_config_of(const watchdog_settings& settings) {
  watchdog_config config;
  config.handler = std::chrono::seconds{settings.handler_seconds};
  config.commit = std::chrono::seconds{settings.commit_seconds};
  return config;
}

} // namespace sluice
