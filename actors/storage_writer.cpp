#include "actors/storage_writer.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "rules/json_text.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

namespace {

class storage_writer_state {
public:
  static inline const char* name = "storage_writer";

  explicit storage_writer_state(observed_plain_pointer<owned_storage_writer_actor> self)
    : self_(self) {}

  void start(storage_writer_links links) {
    links_ = std::move(links);
    notes_ = links_.disk->notes().size();
    look_around();
  }

  /// Somebody may take the folder away, or a part of it, while nothing is written.
  void look_around() {
    const auto ours = links_.disk->still_ours();
    warn();
    if (!ours)
      return self_->quit(to_error(ours.error()));
    if (links_.look_every.count() > 0)
      self_->delayed_send(self_, links_.look_every, atom::due_v);
  }

  caf::result<atom::done> take(const storage::batch& writes) {
    auto promise = self_->make_response_promise<atom::done>();
    gathered_.push_back(writes);
    waiting_.push_back([promise](const result<nothing>& written) mutable {
      if (written)
        promise.deliver(atom::done_v);
      else
        promise.deliver(to_error(written.error()));
    });
    flush_later();
    return promise;
  }

  caf::result<atom::done> take(const incarnation_batch& x) {
    if (incarnations_[x.writer] != x.incarnation)
      return caf::make_error(ec::refused, x.writer + " has begun another incarnation");
    return take(x.writes);
  }

  caf::result<uint64_t> fence(const std::string& writer) {
    auto promise = self_->make_response_promise<uint64_t>();
    const uint64_t incarnation = writer.empty() ? 0 : ++incarnations_[writer];
    waiting_.push_back([promise, incarnation](const result<nothing>& written) mutable {
      if (written)
        promise.deliver(incarnation);
      else
        promise.deliver(to_error(written.error()));
    });
    flush_later();
    return promise;
  }

  void flush() {
    const announced_work writing{*self_->observed().stats, work_kind::commit};
    const auto batches = std::exchange(gathered_, {});
    const auto written
      = batches.empty() ? result<nothing>{nothing{}} : links_.disk->commit(std::span{batches});
    commits_ += batches.empty() ? 0 : 1;
    warn();
    for (auto& answer : std::exchange(waiting_, {}))
      answer(written);
    if (!written)
      self_->quit(to_error(written.error()));
  }

  /// What waits is written first, so that the copy holds all that was asked for before it.
  caf::result<atom::done> copy(const std::string& to) {
    if (!waiting_.empty())
      flush();
    const announced_work copying{*self_->observed().stats, work_kind::unbounded};
    if (auto copied = links_.disk->copy_to(to); !copied)
      return to_error(copied.error());
    return atom::done_v;
  }

  /// What waits is written first: whoever asked before is answered before.
  caf::result<storage::compaction> compact(const std::string& store) {
    if (!waiting_.empty())
      flush();
    auto done = links_.disk->compact(store);
    if (!done)
      return to_error(done.error());
    return *std::move(done);
  }

  std::string describe() const {
    return json_object{}
      .add("waiting_for_a_commit", waiting_.size())
      .add("commits", commits_)
      .raw("incarnations_of_writers", json_of(incarnations_))
      .text();
  }

private:
  /// What the folder has had to mend since.
  void warn() {
    for (const auto& all = links_.disk->notes(); notes_ < all.size(); ++notes_)
      spdlog::warn("{}", all[notes_]);
  }

  /// Lands behind everything that already waits.
  void flush_later() {
    if (waiting_.size() == 1)
      self_->send(self_, atom::flush_v);
  }

  observed_plain_pointer<owned_storage_writer_actor> self_;
  storage_writer_links links_;
  std::vector<storage::batch> gathered_;
  std::vector<std::function<void(const result<nothing>&)>> waiting_; // for the next commit
  std::map<std::string, uint64_t> incarnations_;
  uint64_t commits_ = 0;
  size_t notes_ = 0; // that were shown
};

owned_storage_writer_actor::behavior_type
storage_writer_behavior(observed_pointer<owned_storage_writer_actor, storage_writer_state> self,
                        storage_writer_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.start(std::move(links));
  return {
    [&state](const storage::batch& writes) { return state.take(writes); },
    [&state](const incarnation_batch& writes) { return state.take(writes); },
    [&state](atom::fence, const std::string& writer) { return state.fence(writer); },
    [&state](atom::flush) { state.flush(); },
    [&state](atom::copy, const std::string& to) { return state.copy(to); },
    [&state](atom::due) { state.look_around(); },
    [&state](const compaction_order& x) { return state.compact(x.store); },
  };
}

} // namespace

owned_storage_writer_actor
spawn_storage_writer(caf::actor_system& system, storage_writer_links links) {
  return links.own_thread ? system.spawn<caf::detached>(storage_writer_behavior, std::move(links))
                          : system.spawn(storage_writer_behavior, std::move(links));
}

} // namespace sluice
