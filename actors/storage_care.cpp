#include "actors/storage_care.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/promised_answer.hpp"
#include "rules/byte_size.hpp"
#include "rules/json_text.hpp"
#include "rules/config/storage_budget.hpp"
#include "storage/compaction.hpp"
#include "storage/readers.hpp"
#include "storage/retention.hpp"
#include "storage/sizes.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <charconv>
#include <deque>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace sluice {

namespace {

using namespace std::chrono_literals;

/// Portions of one look, all tables together: the next look goes on.
constexpr size_t portions_max = 10'000;
/// After so long without an answer to SIGTERM a reader may be killed.
constexpr auto end_patience = 5s;

class storage_care_state {
public:
  static inline const char* name = "storage_care";

  explicit storage_care_state(storage_care_actor::pointer self) : self_(self) {}

  void setup(storage_care_config config, storage_care_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    began_ = self_->clock().now();
    if (const auto removed = storage::remove_cut_off_compactions(links_.disk->path()))
      spdlog::info("removed {} unfinished copies of stores", removed);
    self_->send(self_, atom::due_v);
  }

  void look() {
    ++looks_;
    look_at_readers();
    portions_ = 0;
    sources_.clear();
    sources_.push_back(
      [this] { return storage::plan_general_retention(*links_.disk, config_.settings); });
    for (const auto* module : config_.mechanisms)
      sources_.push_back(
        [this, module] { return module->retention(*links_.disk, config_.settings, unix_ms()); });
    remove_next();
  }

  caf::result<std::string> obey(const care_order& x) {
    if (x.name == "readers")
      return readers_json();
    if (x.name == "readers end")
      return end_reader(x.arguments.empty() ? std::string{} : x.arguments.front());
    if (x.name == "compact")
      return compact(x.arguments.empty() ? std::string{} : x.arguments.front());
    return caf::make_error(ec::bad_input, "no command about stores: " + x.name);
  }

  std::string describe() const {
    return json_object{}
      .add("looks", looks_)
      .add("dead_readers", dead_readers_)
      .add("portions_removed", removed_)
      .add("last_removed", last_removed_)
      .add("compactions", compactions_)
      .add("bytes_given_back", given_back_)
      .add("over_budget", warning_)
      .raw("config", json_of(config_.settings))
      .text();
  }

private:
  uint64_t unix_ms() const { return config_.unix_ms ? config_.unix_ms() : 0; }

  uint64_t own_ms() const {
    return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(self_->clock().now() - began_).count());
  }

  // -- readers

  void look_at_readers() {
    const auto dead = storage::clear_dead_readers(*links_.disk);
    if (!dead)
      return complain("readers", dead.error());
    dead_readers_ += *dead;
    if (*dead > 0)
      spdlog::info("gave back {} reader slots of processes that are gone", *dead);
    const auto all = held();
    if (!all)
      return complain("readers", all.error());
    const auto patience
      = std::chrono::duration_cast<std::chrono::milliseconds>(long_reader).count();
    for (const auto& x : ages_.to_warn(*all, static_cast<uint64_t>(patience)))
      spdlog::warn("process {} has been reading store {} for {} s: the store grows meanwhile, "
                   "because nothing that it may see is used again; let it finish, or end it with "
                   "\"readers end {}\" in a shell",
                   x.slot.pid, x.slot.store, x.held_ms / 1000, x.slot.pid);
  }

  result<std::vector<storage::held_reader>> held() {
    auto seen = storage::readers_of(*links_.disk);
    if (!seen)
      return seen.error();
    return ages_.look(own_ms(), *seen, ::getpid());
  }

  caf::result<std::string> readers_json() {
    const auto all = held();
    if (!all)
      return to_error(all.error());
    std::string rows;
    for (const auto& x : *all) {
      rows += (rows.empty() ? "" : ",")
              + json_object{}
                  .add("pid", static_cast<uint64_t>(x.slot.pid))
                  .add("store", x.slot.store)
                  .add("commit", x.slot.commit)
                  .add("held_s", x.held_ms / 1000)
                  .add("this_node", x.own)
                  .text();
    }
    return '[' + rows + ']';
  }

  /// Asked first; whoever is still there after a while is forced when it is ordered again.
  caf::result<std::string> end_reader(const std::string& text) {
    int64_t pid = 0;
    const auto* end = text.data() + text.size();
    if (const auto read = std::from_chars(text.data(), end, pid);
        read.ec != std::errc{} || read.ptr != end || pid <= 0)
      return caf::make_error(ec::bad_input,
                             "readers end: expected the number of a process, got \"" + text + '"');
    const auto now = self_->clock().now();
    const bool again = asked_.first == pid && now - asked_.second >= end_patience;
    const auto how = again ? storage::reader_end::forced : storage::reader_end::asked;
    if (const auto sent = storage::end_reader(*links_.disk, pid, how); !sent)
      return to_error(sent.error());
    if (asked_.first != pid)
      asked_ = {pid, now};
    return json_object{}
      .add("pid", static_cast<uint64_t>(pid))
      .add("sent", again ? "SIGKILL" : "SIGTERM")
      .text();
  }

  // -- rows that may go

  void remove_next() {
    while (!sources_.empty() && portions_ < portions_max) {
      auto portion = sources_.front()();
      if (!portion)
        complain("retention", portion.error());
      if (!portion || (portion->writes.writes.empty() && !portion->more)) {
        sources_.pop_front();
        continue;
      }
      ++portions_;
      if (portion->writes.writes.empty())
        continue;
      spdlog::debug("retention removes {}", portion->what);
      last_removed_ = portion->what;
      self_->request(links_.storage_writer, caf::infinite, std::move(portion->writes))
        .then(
          [this](atom::done) {
            ++removed_;
            remove_next();
          },
          [this](const caf::error& why) {
            complain("retention", to_fault(why));
            look_at_sizes();
          });
      return;
    }
    look_at_sizes();
  }

  // -- files

  void look_at_sizes() {
    sources_.clear();
    std::vector<store_use> uses;
    for (const auto* store :
         {&links_.disk->node(), &links_.disk->pool_events(), &links_.disk->devchain()}) {
      const auto size = store->size();
      if (!size) {
        complain("budget", size.error());
        return again_later();
      }
      uint64_t live = 0;
      for (const auto& x : size->tables)
        live += x.bytes;
      uses.push_back({size->store, size->file_bytes, live});
    }
    auto plan = plan_budget(uses, config_.settings);
    if (plan.warning != warning_ && !plan.warning.empty())
      spdlog::warn("{}", plan.warning);
    warning_ = std::move(plan.warning);
    compact_next(std::move(plan.compact));
  }

  void compact_next(std::vector<std::string> stores) {
    if (stores.empty())
      return again_later();
    const auto store = stores.front();
    stores.erase(stores.begin());
    self_->request(links_.storage_writer, caf::infinite, compaction_order{store})
      .then(
        [this, stores](const storage::compaction& x) {
          note(x);
          compact_next(stores);
        },
        [this, stores](const caf::error& why) {
          complain("compaction", to_fault(why));
          compact_next(stores);
        });
  }

  void note(const storage::compaction& x) {
    ++compactions_;
    given_back_ += x.before_bytes - std::min(x.before_bytes, x.after_bytes);
    spdlog::info("compacted store {}: {} before, {} now", x.store, shown_bytes(x.before_bytes),
                 shown_bytes(x.after_bytes));
  }

  /// One store, or all of them one after the other.
  caf::result<std::string> compact(const std::string& store) {
    promised_answer<std::string> promised{self_};
    const auto promise = promised.promise();
    std::vector<std::string> stores{store};
    if (store.empty())
      stores = {links_.disk->node().store(), links_.disk->pool_events().store(),
                links_.disk->devchain().store()};
    compact_ordered(std::move(stores), {}, promised);
    return promise;
  }

  void compact_ordered(std::vector<std::string> stores, const std::string& rows,
                       promised_answer<std::string> promised) {
    if (stores.empty())
      return promised.deliver('[' + rows + ']');
    const auto store = stores.front();
    stores.erase(stores.begin());
    self_->request(links_.storage_writer, caf::infinite, compaction_order{store})
      .then(
        [this, stores, rows, promised](const storage::compaction& x) {
          note(x);
          compact_ordered(stores, rows + (rows.empty() ? "" : ",") + json_of(x), promised);
        },
        [promised](const caf::error& why) mutable { promised.deliver(why); });
  }

  // -- when

  void again_later() {
    self_->delayed_send(self_, std::chrono::seconds{config_.settings.check_s}, atom::due_v);
  }

  /// Once for the same reason in a row.
  void complain(const std::string& about, const fault& why) {
    if (complaint_ == about + why.what)
      return;
    complaint_ = about + why.what;
    spdlog::warn("storage care, {}: {}", about, why.what);
  }

  using planner = std::function<result<storage::retention_portion>()>;

  storage_care_actor::pointer self_;
  storage_care_config config_;
  storage_care_links links_;
  caf::actor_clock::time_point began_;
  storage::reader_ages ages_;
  std::pair<int64_t, caf::actor_clock::time_point> asked_; // which reader was asked to end, when
  std::deque<planner> sources_;                            // that may have rows to remove still
  size_t portions_ = 0;
  uint64_t looks_ = 0;
  uint64_t dead_readers_ = 0;
  uint64_t removed_ = 0;
  std::string last_removed_;
  uint64_t compactions_ = 0;
  uint64_t given_back_ = 0;
  std::string warning_;
  std::string complaint_;
};

storage_care_actor::behavior_type
storage_care_behavior(observed_pointer<storage_care_actor, storage_care_state> self,
                      storage_care_config config, storage_care_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](atom::due) { state.look(); },
    [&state](const care_order& x) { return state.obey(x); },
  };
}

} // namespace

storage_care_actor spawn_storage_care(caf::actor_system& system, storage_care_config config,
                                      storage_care_links links) {
  return config.own_thread
           ? system.spawn<caf::detached>(storage_care_behavior, std::move(config), std::move(links))
           : system.spawn(storage_care_behavior, std::move(config), std::move(links));
}

} // namespace sluice
