#include "actors/weights.hpp"

#include "actors/manners.hpp"
#include "storage/tables.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <spdlog/spdlog.h>

namespace sluice {

namespace {

namespace tables = storage::tables;

/// Why nothing could be published although nobody failed.
std::string absentees(const score_board& board) {
  std::string text;
  for (const auto& [name, why] : board.absent)
    text += (text.empty() ? "" : "; ") + name + ": " + why;
  return text;
}

class weights_state {
public:
  static inline const char* name = "weights";

  explicit weights_state(weights_actor::pointer self) : self_(self) {}

  void setup(weights_settings config, weights_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
  }

  caf::result<publish_record> publish(epoch_no epoch) {
    auto stored = tables::published.get(*links_.disk, epoch);
    if (!stored && stored.error().code != ec::no_such_key)
      return to_error(stored.error());
    spdlog::debug("weights of epoch {}: {}", epoch.value,
                  stored ? "stored, status " + std::to_string(static_cast<int>(stored->status))
                         : "to be decided");
    const bool on_its_way
      = stored
        && (stored->status == publish_status::intended || stored->status == publish_status::sent);
    if (stored && !on_its_way)
      return *std::move(stored); // before a promise is made: it would take the answer's place
    auto promise = self_->make_response_promise<publish_record>();
    if (on_its_way)
      order({epoch, stored->weights, stored->row, stored->version_key}, promise);
    else
      collect(epoch, promise);
    return promise;
  }

private:
  using promise = caf::typed_response_promise<publish_record>;

  void collect(epoch_no epoch, promise answer) {
    self_->request(links_.mechanisms, caf::infinite, atom::scores_v, epoch)
      .then(
        [this, answer](const score_board& board) mutable {
          self_->request(links_.reader, caf::infinite, atom::view_v)
            .then([this, answer,
                   board](const chain_view& seen) mutable { decide(board, seen, answer); },
                  [answer](const caf::error& why) mutable { answer.deliver(why); });
        },
        [answer](const caf::error& why) mutable { answer.deliver(why); });
  }

  void decide(const score_board& board, const chain_view& seen, promise answer) {
    std::vector<score_sheet> sheets;
    auto read = tables::score_sheets.for_each(
      *links_.disk, [&](const std::string&, score_sheet x) { sheets.push_back(std::move(x)); });
    if (!read) {
      answer.deliver(to_error(read.error()));
      return;
    }
    sheets = fresh(sheets, board.epoch, config_.sheet_age_epochs);
    const auto blended = blend(sheets, config_.shares, config_.burn_uid);
    std::set<miner_uid> known;
    for (const auto& x : seen.neurons)
      known.insert(x.uid);
    auto good = guard(blended, last_good(), known,
                      {config_.moved_max, static_cast<size_t>(config_.uids_min), config_.burn_uid,
                       config_.burn_max});
    if (!good) {
      const auto away = absentees(board);
      return skip(board.epoch, good.error().what + (away.empty() ? "" : " (" + away + ")"), answer);
    }
    order({board.epoch, *good, quantise(*good), config_.version_key}, answer);
  }

  /// What the chain is known to hold.
  std::optional<weight_vector> last_good() const {
    std::optional<weight_vector> last;
    (void)tables::published.for_each(*links_.disk, [&](epoch_no, publish_record x) {
      if (x.status == publish_status::confirmed)
        last = std::move(x.weights);
    });
    return last;
  }

  void order(weight_order what, promise answer) {
    self_->request(links_.writer, caf::infinite, std::move(what))
      .then([answer](publish_record& record) mutable { answer.deliver(std::move(record)); },
            [answer](const caf::error& why) mutable { answer.deliver(why); });
  }

  /// A decision not to publish is a decision: stored, and not taken twice.
  void skip(epoch_no epoch, std::string why, promise answer) {
    publish_record record;
    record.epoch = epoch;
    record.status = publish_status::skipped;
    record.reason = std::move(why);
    storage::batch writes;
    tables::published.put(writes, epoch, record);
    self_->request(links_.keeper, caf::infinite, std::move(writes))
      .then([answer, record](atom::done) mutable { answer.deliver(std::move(record)); },
            [answer](const caf::error& e) mutable { answer.deliver(e); });
  }

  weights_actor::pointer self_;
  weights_settings config_;
  weights_links links_;
};

weights_actor::behavior_type weights_behavior(weights_actor::stateful_pointer<weights_state> self,
                                              weights_settings config, weights_links links) {
  mind_manners(self);
  auto& state = self->state;
  state.setup(std::move(config), std::move(links));
  return {
    [&state](atom::publish, epoch_no epoch) { return state.publish(epoch); },
  };
}

} // namespace

weights_actor
spawn_weights(caf::actor_system& system, weights_settings config, weights_links links) {
  return system.spawn(weights_behavior, std::move(config), std::move(links));
}

} // namespace sluice
