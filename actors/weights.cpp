#include "actors/weights.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "rules/json_text.hpp"
#include "storage/tables.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

namespace sluice {

namespace {

namespace tables = storage::tables;

/// Why nothing could be published although nobody failed.
std::string missing_text(const score_board& board) {
  std::string text;
  for (const auto& [name, why] : board.missing)
    text += (text.empty() ? "" : "; ") + name + ": " + why;
  return text;
}

/// A sentence of each, with its name where there are several.
std::string why_text(const std::map<std::string, std::string>& reasons) {
  std::string text;
  for (const auto& [name, why] : reasons)
    text += (text.empty() ? "" : "; ") + (reasons.size() > 1 ? name + ": " : "") + why;
  return text;
}

class weights_state {
public:
  static inline const char* name = "weights";

  explicit weights_state(publishing_actor::pointer self) : self_(self) {}

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
    auto& all = waiting_[epoch];
    all.push_back(promise);
    if (all.size() > 1)
      return promise; // it is being decided already
    if (on_its_way)
      order({epoch, stored->weights, stored->row, stored->version_key, false});
    else
      collect(epoch);
    return promise;
  }

  /// The last weights that were held back, without the bound on how far they move.
  caf::result<publish_record> publish_past(const publish_once& request) {
    const auto last = tables::published.last(*links_.disk);
    if (!last)
      return to_error(last.error());
    if (!*last)
      return caf::make_error(ec::refused, "no weights were decided yet; nothing is held back");
    const auto& [epoch, stored] = **last;
    if (waiting_.contains(epoch))
      return caf::make_error(ec::refused, "weights are being decided now; ask again");
    if (stored.status != publish_status::skipped)
      return caf::make_error(ec::refused, "the weights of epoch " + std::to_string(epoch.value)
                                            + " were not held back; see weights");
    auto promise = self_->make_response_promise<publish_record>();
    waiting_[epoch].push_back(promise);
    spdlog::warn("weights of epoch {}: {} publishes them once, however far they move: {}",
                 epoch.value, request.who, request.reason);
    self_->request(links_.reader, caf::infinite, atom::view_v)
      .then([this, epoch = epoch](const chain_view& seen) { order_past(epoch, seen); },
            [this, epoch = epoch](const caf::error& why) { answer(epoch, why); });
    return promise;
  }

  caf::result<weight_parts> parts(epoch_no epoch) const {
    auto stored = tables::weight_parts_of_epochs.find(*links_.disk, epoch);
    if (!stored)
      return to_error(stored.error());
    return stored->value_or(weight_parts{});
  }

  std::string describe() const {
    json_list epochs;
    for (const auto& [epoch, all] : waiting_)
      epochs.raw(json_of(epoch));
    return json_object{}.raw("deciding", epochs.text()).raw("config", json_of(config_)).text();
  }

private:
  /// Whoever waits for this epoch receives it: a record or an error.
  template <class T>
  void answer(epoch_no epoch, const T& x) {
    if (auto all = waiting_.extract(epoch))
      for (auto& promise : all.mapped())
        promise.deliver(x);
  }

  void collect(epoch_no epoch) {
    const auto failed = [this, epoch](const caf::error& why) { answer(epoch, why); };
    self_->request(links_.mechanisms, caf::infinite, atom::scores_v, epoch)
      .then(
        [this, failed](const score_board& board) {
          self_->request(links_.reader, caf::infinite, atom::view_v)
            .then([this, board](const chain_view& seen) { decide(board, seen); }, failed);
        },
        failed);
  }

  void decide(const score_board& board, const chain_view& seen) {
    auto stored = stored_scores();
    if (!stored)
      return answer(board.epoch, to_error(stored.error()));
    auto all_scores = *std::move(stored);
    const auto missing = reasons(board);
    auto parts
      = parts_of(all_scores, config_.shares, board.epoch, config_.score_age_epochs, missing);
    all_scores = fresh(all_scores, board.epoch, config_.score_age_epochs);
    const auto blended = blend(all_scores, config_.shares, config_.burn_uid);
    const auto known = uids_of(seen);
    const auto last = last_good();
    if (!last) // without them nobody knows how far these weights move
      return skip(board.epoch, "the last good weights cannot be read: " + last.error().what, parts);
    auto good = guarded(blended, *last, known, seen.params.min_allowed_weights);
    if (!good) {
      const auto away = missing_text(board);
      return skip(board.epoch,
                  (blended.empty() ? why_empty() : good.error().what)
                    + (away.empty() ? "" : " (" + away + ")"),
                  parts);
    }
    storage::batch writes;
    tables::weight_parts_of_epochs.put(writes, board.epoch, parts);
    self_->request(links_.storage_writer, caf::infinite, std::move(writes))
      .then([this, what = weight_order{board.epoch, *good, quantise(*good), config_.version_key,
                                       false}](atom::done) { order(what); },
            [this, epoch = board.epoch](const caf::error& why) { answer(epoch, why); });
  }

  /// From the scores that are stored: the mechanisms have handed them in when the epoch was over.
  void order_past(epoch_no epoch, const chain_view& seen) {
    const auto scores = stored_scores();
    if (!scores)
      return answer(epoch, to_error(scores.error()));
    const auto good = guarded(
      blend(fresh(*scores, epoch, config_.score_age_epochs), config_.shares, config_.burn_uid),
      std::nullopt, uids_of(seen), seen.params.min_allowed_weights);
    if (!good)
      return answer(
        epoch, caf::make_error(ec::refused, "not only how far they move: " + good.error().what));
    order({epoch, *good, quantise(*good), config_.version_key, true});
  }

  static std::set<miner_uid> uids_of(const chain_view& seen) {
    std::set<miner_uid> known;
    for (const auto& x : seen.neurons)
      known.insert(x.uid);
    return known;
  }

  result<std::vector<mechanism_scores>> stored_scores() const {
    std::vector<mechanism_scores> all;
    auto read = tables::scores_of_mechanisms.for_each(
      *links_.disk, [&](const std::string&, mechanism_scores x) { all.push_back(std::move(x)); });
    if (!read)
      return read.error();
    return all;
  }

  /// Why mechanisms handed in no scores: an error of theirs, or what they state about it.
  std::map<std::string, std::string> reasons(const score_board& board) const {
    auto all = board.missing;
    if (links_.why_no_scores)
      all.merge(links_.why_no_scores());
    return all;
  }

  /// Nobody was scored: not a fault of the weights.
  std::string why_empty() const {
    const auto why = links_.why_no_scores ? why_text(links_.why_no_scores()) : std::string{};
    return why.empty() ? "weights refused: no weights at all" : "no weights: " + why;
  }

  /// Those that the mechanisms scored are judged before others are added, movement after it.
  /// `chain_min`: weights that the chain takes at least, 0 to 65535.
  result<weight_vector>
  guarded(const weight_vector& blended, const std::optional<weight_vector>& last,
          const std::set<miner_uid>& known, size_t chain_min) const {
    const guard_terms terms{config_.moved_max, static_cast<size_t>(config_.uids_min),
                            config_.burn_uid, config_.burn_max};
    if (config_.fill == weight_fill::none)
      return guard(blended, last, known, terms);
    auto real = guard(blended, std::nullopt, known, terms);
    if (!real)
      return real;
    return guard(fill_up(*real, known, std::min(chain_min, known.size())), last, known, terms);
  }

  /// What the chain is known to hold: the newest confirmed weights, none before the first. A row
  /// that cannot be read may be they; older ones are not looked at.
  result<std::optional<weight_vector>> last_good() const {
    std::optional<weight_vector> last;
    auto read = tables::published.for_prefix_back(*links_.disk, std::tuple<>{},
                                                  [&](epoch_no, publish_record x) {
                                                    if (x.status == publish_status::confirmed)
                                                      last = std::move(x.weights);
                                                    return !last;
                                                  });
    if (!read)
      return read.error();
    return last;
  }

  void order(const weight_order& what) {
    const auto epoch = what.epoch;
    self_->request(links_.writer, caf::infinite, what)
      .then([this, epoch](const publish_record& record) { answer(epoch, record); },
            [this, epoch](const caf::error& why) { answer(epoch, why); });
  }

  /// A decision not to publish is a decision: stored, and not taken twice.
  void skip(epoch_no epoch, std::string why, const weight_parts& parts) {
    publish_record record;
    record.epoch = epoch;
    record.status = publish_status::skipped;
    record.reason = std::move(why);
    storage::batch writes;
    tables::published.put(writes, epoch, record);
    tables::weight_parts_of_epochs.put(writes, epoch, parts);
    self_->request(links_.storage_writer, caf::infinite, std::move(writes))
      .then([this, record](atom::done) { answer(record.epoch, record); },
            [this, epoch](const caf::error& e) { answer(epoch, e); });
  }

  publishing_actor::pointer self_;
  weights_settings config_;
  weights_links links_;
  std::map<epoch_no, std::vector<caf::typed_response_promise<publish_record>>> waiting_;
};

publishing_actor::behavior_type
weights_behavior(observed_pointer<publishing_actor, weights_state> self, weights_settings config,
                 weights_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](atom::publish, epoch_no epoch) { return state.publish(epoch); },
    [&state](atom::view, epoch_no epoch) { return state.parts(epoch); },
    [&state](const publish_once& request) { return state.publish_past(request); },
  };
}

} // namespace

publishing_actor
spawn_weights(caf::actor_system& system, weights_settings config, weights_links links) {
  return system.spawn(weights_behavior, std::move(config), std::move(links));
}

} // namespace sluice
