#include "actors/trading/file_source.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/trading/deliveries.hpp"
#include "actors/trading/rejected_counts.hpp"
#include "actors/trading/source_halt.hpp"
#include "actors/trading/source_json.hpp"
#include "io/trading/file_piece.hpp"
#include "rules/json_text.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace sluice {

namespace {

class file_source_state {
public:
  static inline const char* name = "file_source";

  explicit file_source_state(observed_plain_pointer<trading_source_actor> self) : self_(self) {}

  void setup(file_source_config config) {
    config_ = std::move(config);
    deliveries_.begin(config_.feed.name, config_.incarnation);
    view_.feed = config_.feed.name;
    view_.kind = "file";
    view_.from = config_.feed.path;
    view_.targets = 1;
  }

  caf::result<source_delivery> take(const source_request& x) {
    for (const auto& row : deliveries_.durable(x.durable))
      moved(row);
    if (x.targets && !started_)
      start(*x.targets);
    if (!halt_.strict_fault().empty())
      return to_error({ec::bad_input, halt_.strict_fault()});
    if (started_ && !halt_.holds() && deliveries_.waiting() == 0
        && (x.look_now || look_due_ || !at_end_))
      read(x.look_now);
    if (!halt_.strict_fault().empty())
      return to_error({ec::bad_input, halt_.strict_fault()});
    auto next = deliveries_.next();
    next.more = next.mark.number != 0 && !at_end_;
    return next;
  }

  source_view view() {
    view_.ready = deliveries_.waiting();
    halt_.show(view_);
    const auto now = self_->clock().now();
    view_.next_look_in_ms
      = started_ && !halt_.holds() && due_at_ > now ? static_cast<uint64_t>(
          std::chrono::duration_cast<std::chrono::milliseconds>(due_at_ - now).count())
                                                    : 0;
    return view_;
  }

  caf::result<source_view> obey(const source_command& x) {
    const auto looks = halt_.obey(x.order, view_);
    if (!looks)
      return to_error(looks.error());
    if (*looks)
      look();
    return view();
  }

  void due(uint64_t timer) {
    if (timer == timer_ && !halt_.holds())
      look();
  }

  std::string describe() { return source_json(view()); }

private:
  /// Later targets change nothing: this actor knows better how far it is.
  void start(const std::vector<source_target>& targets) {
    started_ = true;
    for (const auto& x : targets)
      if (x.coldkey.empty() && x.synced) {
        durable_ = *x.synced;
        view_.position = durable_.position;
      }
    place_ = {durable_.position, durable_.digest};
    if (!halt_.holds())
      look();
  }

  void moved(const source_rows& x) {
    ++view_.delivered;
    durable_ = x.synced.value_or(durable_);
    view_.position = durable_.position;
  }

  /// At its cadence: unless the last piece is still on its way.
  void look() {
    if (!started_)
      return;
    look_due_ = true; // as soon as what was read is durable
    if (deliveries_.waiting() == 0)
      read(false);
    const std::chrono::seconds cadence{config_.feed.cadence_s};
    due_at_ = self_->clock().now() + cadence;
    self_->delayed_send(self_, cadence, atom::due_v, ++timer_);
  }

  void read(bool takes_cut_line) {
    look_due_ = false;
    count("requests", view_.requests);
    ++view_.looks;
    io::file_piece_options how;
    how.rows.mapping = config_.feed.mapping;
    how.events_max = config_.piece_events;
    how.takes_cut_line = takes_cut_line;
    auto piece = io::read_file_piece(config_.feed.path, place_, how);
    if (!piece)
      return failed(piece.error());
    take_piece(*std::move(piece));
  }

  void failed(const fault& why) {
    at_end_ = true;
    count("failures", view_.failures);
    note_error(why.what);
    view_.health = source_health::degraded;
  }

  void take_piece(io::file_piece piece) {
    for (const auto& x : piece.why)
      spdlog::warn("trading: a row was skipped: {}", x);
    if (!piece.why.empty())
      view_.last_rejected = piece.why;
    if (config_.feed.strict && !piece.why.empty()) {
      halt_.stop(piece.why.front());
      note_error(halt_.strict_fault());
      return;
    }
    if (piece.replaced) {
      ++view_.replaced;
      spdlog::warn("trading: feed {}: {} is another file than before, or shorter: it is read from"
                   " its beginning",
                   config_.feed.name, config_.feed.path);
    }
    count("pages", view_.pages);
    count("rows", view_.rows, piece.rows);
    count("rejected_rows", rejected_, piece.rows - piece.events.size());
    view_.events += piece.events.size();
    add_rejected(view_.rejected, piece.rejected);
    view_.health = source_health::good;
    view_.last_success_ms = config_.unix_ms();
    at_end_ = piece.at_end;
    if (piece.place == place_ && piece.rows == 0)
      return;
    place_ = piece.place;
    source_rows rows;
    rows.events = std::move(piece.events);
    rows.rejected = piece.rejected;
    rows.rows = piece.rows;
    auto& now = rows.synced.emplace(durable_);
    now.synced_us = std::max(now.synced_us, static_cast<int64_t>(config_.unix_ms()) * 1000);
    now.position = place_.position;
    now.digest = place_.digest;
    ++now.pages;
    now.rows += rows.rows;
    deliveries_.add(std::move(rows));
  }

  /// In the view, and in the statistics of the actor.
  void count(std::string_view what, uint64_t& to, uint64_t more = 1) {
    to += more;
    if (more != 0)
      self_->observed().stats->count(what, more);
  }

  void note_error(const std::string& why) {
    if (why != view_.last_error)
      spdlog::warn("trading: feed {}: {}", config_.feed.name, why);
    view_.last_error = why;
    view_.last_error_ms = config_.unix_ms();
  }

  observed_plain_pointer<trading_source_actor> self_;
  file_source_config config_;
  deliveries deliveries_;
  source_view view_;
  sync_point durable_;
  io::file_place place_; // behind what was read
  source_halt halt_;
  uint64_t rejected_ = 0; // rows
  uint64_t timer_ = 0;
  caf::actor_clock::time_point due_at_;
  bool started_ = false;
  bool at_end_ = true;
  bool look_due_ = false;
};

trading_source_actor::behavior_type
file_source_behavior(observed_pointer<trading_source_actor, file_source_state> self,
                     file_source_config config) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config));
  return {
    [&state](const source_request& x) { return state.take(x); },
    [&state](atom::view) { return state.view(); },
    [&state](const source_command& x) { return state.obey(x); },
    [&state](atom::due, uint64_t timer) { state.due(timer); },
  };
}

} // namespace

trading_source_actor spawn_file_source(caf::actor_system& system, file_source_config config) {
  return system.spawn(file_source_behavior, std::move(config));
}

} // namespace sluice
