#include "actors/trading/indexer_source.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/trading/deliveries.hpp"
#include "actors/trading/list_reading.hpp"
#include "actors/trading/rejected_counts.hpp"
#include "actors/trading/source_halt.hpp"
#include "actors/trading/source_json.hpp"
#include "net/trading/indexer.hpp"
#include "rules/json_text.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

namespace sluice {

namespace {

constexpr uint32_t lists_failed_max = 3;     // in a row: then the indexer is left alone
constexpr size_t lists_kept_max = 64;        // that failed, to be continued
constexpr size_t ready_events_max = 200'000; // not durable: then nothing more is asked for

/// A coldkey, and what is known of it.
struct indexer_target {
  std::optional<sync_point> synced;
  std::optional<list_reading> kept; // failed half way
  bool waits = false;               // its rows are not durable yet
};

class indexer_source_state {
public:
  static inline const char* name = "indexer_source";

  explicit indexer_source_state(observed_plain_pointer<indexer_source_actor> self) : self_(self) {}

  /// False when there is no client; the actor is then on its way out.
  bool setup(indexer_source_config config) {
    config_ = std::move(config);
    pauses_ = net::pauses_of(config_.feed);
    paging_ = net::paging_of(config_.feed);
    deliveries_.begin(config_.feed.name, config_.incarnation);
    view_.feed = config_.feed.name;
    view_.kind = config_.feed.kind == trading_feed_kind::taoapp ? "taoapp" : "taostats";
    view_.from = config_.feed.url;
    if (config_.call)
      return true;
    net::http_client_terms terms;
    terms.ca = config_.feed.ca_file;
    auto made = net::http_client::start(std::move(terms));
    if (!made) {
      self_->quit(to_error(made.error()));
      return false;
    }
    client_ = *std::move(made);
    config_.call = [this](net::http_call x, net::http_answered answered) {
      client_->call(std::move(x), std::move(answered));
    };
    return true;
  }

  caf::result<source_delivery> take(const source_request& x) {
    for (const auto& row : deliveries_.durable(x.durable))
      moved(row);
    if (x.targets)
      want(*x.targets);
    if (!halt_.strict_fault().empty())
      return to_error({ec::bad_input, halt_.strict_fault()});
    auto next = deliveries_.next();
    go_on(); // there may be space for more
    return next;
  }

  source_view view() {
    view_.targets = targets_.size();
    view_.ready = deliveries_.waiting();
    halt_.show(view_);
    const auto now = self_->clock().now();
    const bool idle = !in_hand_ && !halt_.holds() && due_at_ > now;
    view_.next_look_in_ms
      = idle ? static_cast<uint64_t>(
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
    if (timer != timer_)
      return;
    waiting_ = false;
    if (halt_.holds())
      return;
    if (in_hand_ || looking_)
      return go_on();
    look();
  }

  void answered(const source_reply& x) {
    if (x.request != open_request_)
      return;
    open_request_ = 0;
    if (!in_hand_)
      return go_on();
    const source_answer seen{x.status, x.what, x.retry_after, x.remaining, x.reset};
    auto page = read_page(x);
    if (!page) { // a page that cannot be read is like one that did not come
      source_answer unreadable = seen;
      unreadable.status = 0;
      unreadable.what = page.error().what;
      return failed(unreadable);
    }
    if (x.status != 200)
      return failed(seen);
    take_page(*std::move(page), seen);
  }

  std::string describe() { return source_json(view()); }

private:
  // -- targets and what is durable of them

  void want(const std::vector<source_target>& all) {
    std::map<std::string, indexer_target> next;
    for (const auto& x : all) {
      auto& target = next[x.coldkey];
      if (const auto at = targets_.find(x.coldkey); at != targets_.end())
        target = std::move(at->second);
      if (!target.waits) // else what waits is newer
        target.synced = x.synced;
    }
    targets_ = std::move(next);
    if (!begun_ && !targets_.empty() && !halt_.holds()) {
      begun_ = true;
      look();
    }
  }

  void moved(const source_rows& x) {
    ++view_.delivered;
    if (const auto at = targets_.find(x.coldkey); at != targets_.end()) {
      at->second.waits = false;
      if (x.synced)
        at->second.synced = x.synced;
    }
  }

  // -- a look: every target, one after the other

  void look() {
    if (looking_ || targets_.empty())
      return go_on();
    auto key = net::read_indexer_key(config_.feed.key_file);
    if (!key)
      return halt(key.error().what);
    key_ = *std::move(key);
    looking_ = true;
    waiting_ = false;
    ++timer_; // of the cadence
    left_ = targets_.size();
    lists_failed_ = look_failures_ = 0;
    look_again_at_ = self_->clock().now() + std::chrono::seconds{config_.feed.cadence_s};
    go_on();
  }

  /// Whatever can be done now, unless it is being done.
  void go_on() {
    if (halt_.holds() || open_request_ != 0 || waiting_ || !looking_)
      return;
    if (in_hand_)
      return ask();
    if (deliveries_.events() >= ready_events_max)
      return; // goes on when some of it is durable
    while (left_ > 0 && !in_hand_)
      begin_next();
    in_hand_ ? ask() : end_look();
  }

  /// The target behind the last one, so that one that fails again and again holds up nobody.
  void begin_next() {
    --left_;
    if (targets_.empty())
      return;
    auto at = targets_.upper_bound(last_);
    if (at == targets_.end())
      at = targets_.begin();
    last_ = at->first;
    auto& target = at->second;
    if (target.waits)
      return;
    view_.continued += target.kept ? 1 : 0;
    if (target.kept)
      in_hand_ = *std::exchange(target.kept, std::nullopt);
    else
      in_hand_.emplace(
        last_,
        window_of(target.synced ? std::optional{target.synced->synced_us} : std::nullopt, now_us(),
                  paging_),
        paging_);
  }

  void end_look() {
    looking_ = false;
    ++view_.looks;
    if (look_failures_ == 0) {
      view_.health = source_health::good;
      view_.last_success_ms = config_.unix_ms();
    } else {
      view_.health = source_health::degraded;
    }
    wait_until(look_again_at_);
  }

  // -- a request

  void ask() {
    const auto call = net::indexer_call(config_.feed, key_,
                                        {in_hand_->coldkey, in_hand_->page(), in_hand_->window});
    if (!call)
      return halt(call.error().what);
    open_request_ = ++last_request_;
    count("requests", view_.requests);
    const indexer_source_actor me{static_cast<indexer_source_actor::pointer>(self_)};
    config_.call(*call, [me, request = open_request_](result<net::http_answer> outcome) {
      auto seen = net::source_answer_of(outcome);
      caf::anon_send(me, source_reply{request, seen.status,
                                      outcome ? std::move(outcome->body) : std::string{},
                                      std::move(seen.what), std::move(seen.retry_after),
                                      std::move(seen.remaining), std::move(seen.reset)});
    });
  }

  /// An empty page when it is no answer of 200.
  result<io::event_page> read_page(const source_reply& x) const {
    if (x.status != 200)
      return io::event_page{};
    io::event_row_options how;
    how.form = config_.feed.kind == trading_feed_kind::taoapp ? io::event_row_form::taoapp
                                                              : io::event_row_form::taostats;
    how.mapping = config_.feed.mapping;
    how.coldkey = in_hand_->coldkey;
    return io::read_event_page(
      x.body, config_.feed.name + " page " + std::to_string(in_hand_->page()), how);
  }

  void take_page(io::event_page page, const source_answer& seen) {
    count("pages", view_.pages);
    count("rows", view_.rows, page.rows);
    count("rejected_rows", rejected_, page.rejected_rows.size());
    view_.events += page.events.size();
    add_rejected(view_.rejected, page.rejected);
    note_rejected(page.why);
    if (config_.feed.strict && !page.why.empty()) {
      return halt(page.why.front(), page.why.front());
    }
    lists_failed_ = 0;
    const auto state = in_hand_->take(std::move(page));
    if (!state)
      return give_up(state.error().what, false);
    if (*state == paging_state::unsettled) {
      ++view_.unsettled;
      ++look_failures_;
      note_error(in_hand_->coldkey
                 + ": the list changed in every one of its readings; it is read"
                   " again at the next look");
    }
    if (*state != paging_state::reading)
      deliver(*state == paging_state::complete);
    const auto rate = decide(seen, 1, config_.chance(), config_.unix_ms(), pauses_);
    rate.pause_ms == 0 ? go_on() : wait(rate.pause_ms);
  }

  void deliver(bool complete) {
    auto done = *std::exchange(in_hand_, std::nullopt);
    const auto at = targets_.find(done.coldkey);
    if (at == targets_.end())
      return; // nobody wants it any more
    auto& target = at->second;
    auto rows = done.rows(complete, target.synced);
    if (rows.events.empty() && !rows.synced)
      return;
    target.waits = true;
    deliveries_.add(std::move(rows));
  }

  void failed(const source_answer& seen) {
    const auto next
      = decide(seen, ++in_hand_->attempts, config_.chance(), config_.unix_ms(), pauses_);
    note_error(in_hand_->coldkey + ": page " + std::to_string(in_hand_->page()) + ": " + next.why);
    switch (next.verdict) {
    case source_verdict::take:
    case source_verdict::again:
      count("retries", view_.retries);
      view_.health = source_health::degraded;
      return wait(next.pause_ms);
    case source_verdict::stop:
      give_up(next.why, true);
      return halt(view_.last_error);
    case source_verdict::next_time:
      lists_failed_ += next.exhausted ? 1 : 0;
      give_up(next.why, true);
      if (lists_failed_ >= lists_failed_max)
        left_ = 0; // it is not this coldkey
      return next.exhausted || next.pause_ms == 0 ? go_on() : wait(next.pause_ms);
    }
  }

  /// Nothing of this list counts. `keeps`: what was read of it is continued at the next look.
  void give_up(const std::string& why, bool keeps) {
    count("failures", view_.failures);
    ++look_failures_;
    auto list = *std::exchange(in_hand_, std::nullopt);
    if (!keeps) {
      note_error(list.coldkey + ": " + why);
      go_on();
      return;
    }
    const auto at = targets_.find(list.coldkey);
    const auto kept = std::count_if(targets_.begin(), targets_.end(),
                                    [](const auto& x) { return x.second.kept.has_value(); });
    if (at != targets_.end() && static_cast<size_t>(kept) < lists_kept_max && list.may_continue())
      at->second.kept = std::move(list);
  }

  /// Nothing more until an operator resumes it.
  void halt(const std::string& why, std::string strict_fault = {}) {
    halt_.stop(std::move(strict_fault));
    looking_ = false;
    in_hand_.reset();
    note_error(why);
    spdlog::error("trading: feed {} stopped: {}", config_.feed.name, why);
  }

  // -- time

  int64_t now_us() const { return static_cast<int64_t>(config_.unix_ms()) * 1000; }

  void wait(uint64_t pause_ms) {
    waiting_ = true;
    due_at_ = self_->clock().now() + std::chrono::milliseconds{pause_ms};
    self_->delayed_send(self_, std::chrono::milliseconds{pause_ms}, atom::due_v, ++timer_);
  }

  void wait_until(caf::actor_clock::time_point when) {
    const auto now = self_->clock().now();
    due_at_ = std::max(when, now);
    self_->delayed_send(self_, due_at_ - now, atom::due_v, ++timer_);
  }

  // -- what is shown

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

  void note_rejected(const std::vector<std::string>& why) {
    for (const auto& x : why)
      spdlog::warn("trading: a row was skipped: {}", x);
    if (!why.empty())
      view_.last_rejected = why;
  }

  observed_plain_pointer<indexer_source_actor> self_;
  indexer_source_config config_;
  source_pause_terms pauses_;
  paging_terms paging_;
  std::unique_ptr<net::http_client> client_;
  std::map<std::string, indexer_target> targets_;
  deliveries deliveries_;
  source_view view_;
  std::string key_;
  source_halt halt_;
  std::optional<list_reading> in_hand_;
  std::string last_;          // the coldkey that was begun last
  size_t left_ = 0;           // targets of this look
  uint32_t lists_failed_ = 0; // exhausted, in a row
  uint64_t look_failures_ = 0;
  uint64_t rejected_ = 0; // rows
  uint64_t last_request_ = 0;
  uint64_t open_request_ = 0; // 0: none
  uint64_t timer_ = 0;
  caf::actor_clock::time_point due_at_;
  caf::actor_clock::time_point look_again_at_;
  bool begun_ = false;
  bool looking_ = false;
  bool waiting_ = false; // for the end of a pause
};

indexer_source_actor::behavior_type
indexer_source_behavior(observed_pointer<indexer_source_actor, indexer_source_state> self,
                        indexer_source_config config) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  if (!state.setup(std::move(config)))
    return indexer_source_actor::behavior_type::make_empty_behavior();
  return {
    [&state](const source_request& x) { return state.take(x); },
    [&state](atom::view) { return state.view(); },
    [&state](const source_command& x) { return state.obey(x); },
    [&state](atom::due, uint64_t timer) { state.due(timer); },
    [&state](const source_reply& x) { state.answered(x); },
  };
}

} // namespace

trading_source_actor spawn_indexer_source(caf::actor_system& system, indexer_source_config config) {
  return system.spawn(indexer_source_behavior, std::move(config));
}

} // namespace sluice
