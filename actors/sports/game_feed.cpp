#include "actors/sports/game_feed.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/promised_answer.hpp"
#include "net/sports/feed_client.hpp"
#include "rules/json_text.hpp"
#include "rules/sports/game_page.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace sluice {

namespace {

/// A page of the last list whose games are durable.
struct known_feed_page {
  std::string url;
  std::string etag;
  uint64_t rows = 0;
};

class game_feed_state {
public:
  static inline const char* name = "game_feed";

  explicit game_feed_state(observed_plain_pointer<game_feed_actor> self) : self_(self) {}

  /// False when there is no client; the actor is then on its way out.
  bool setup(game_feed_config config, game_feed_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    view_.from = config_.feed.url;
    if (!config_.call && !make_client())
      return false;
    if (links_.tasks)
      add_own_task();
    return true;
  }

  caf::result<atom::done> run() {
    if (promised_)
      return caf::make_error(ec::busy, "the feed is being read");
    auto key = net::read_feed_key(config_.feed);
    if (!key)
      return refused(key.error());
    key_ = *std::move(key);
    promised_.emplace(self_);
    const auto promise = promised_->promise();
    view_.reading = true;
    if (list_ && ++continued_ > game_feed_limits::continued_max)
      list_.reset();
    if (list_) {
      ++view_.continued;
    } else {
      continued_ = 0;
      pages_.clear();
      list_.emplace(feed_window(config_.feed, changed_us_, now_us()), config_.feed.page_items);
    }
    failures_ = 0;
    ask();
    return promise;
  }

  void answered(const game_feed_reply& x) {
    if (x.request != open_request_ || !promised_)
      return;
    open_request_ = 0;
    feed_answer seen{x.status, x.what, x.retry_after};
    game_page page;
    if (x.status == 200) {
      auto read = read_game_page(x.body, page_name(), now_us());
      if (read) {
        page = *std::move(read);
      } else { // a page that cannot be read is like one that did not come
        seen.status = 0;
        seen.what = read.error().what;
      }
    }
    const auto next = decide_feed(config_.feed, seen, !asked_etag_.empty(), ++failures_,
                                  config_.chance(), config_.unix_ms());
    switch (next.verdict) {
    case feed_verdict::take:
      return take(page, x.etag);
    case feed_verdict::same:
      return take_same();
    case feed_verdict::again:
      note_error(of_page(next.why));
      count("retries", view_.retries);
      self_->delayed_send(self_, std::chrono::milliseconds{next.pause_ms}, atom::due_v, ++timer_);
      return;
    case feed_verdict::give_up:
      return give_up(of_page(next.why), true);
    }
  }

  void due(uint64_t timer) {
    if (timer == timer_ && promised_ && open_request_ == 0)
      ask();
  }

  const game_feed_view& view() const { return view_; }

private:
  bool make_client() {
    net::http_client_terms terms;
    terms.ca = config_.feed.ca_file;
    terms.body_bytes = game_feed_limits::page_bytes_max;
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

  /// Pages are tried again here, as long as the server wants them to wait; the next reading comes
  /// with the next period.
  void add_own_task() {
    periodic_terms terms;
    terms.interval_ms = config_.feed.interval_s * 1000;
    terms.retry_on_error = false;
    self_
      ->request(
        links_.tasks, caf::infinite,
        add_task{std::string{game_feed_task}, terms,
                 task_owner_actor{game_feed_actor{static_cast<game_feed_actor::pointer>(self_)}}})
      .then([](uint64_t) {},
            [this](const caf::error& why) { note_error("it is not read: " + sentence(why)); });
  }

  // -- one page

  void ask() {
    auto call = net::feed_call(config_.feed, key_, list_->window(), list_->page(), {});
    if (!call)
      return give_up(call.error().what, false);
    asked_url_ = call->url;
    asked_etag_.clear();
    const auto at = list_->page();
    if (at < known_.size() && known_[at].url == asked_url_ && !known_[at].etag.empty()) {
      asked_etag_ = known_[at].etag;
      call->headers.push_back({"If-None-Match", asked_etag_});
    }
    open_request_ = ++last_request_;
    count("requests", view_.requests);
    const game_feed_actor me{static_cast<game_feed_actor::pointer>(self_)};
    config_.call(*std::move(call), [me, request
                                        = open_request_](const result<net::http_answer>& outcome) {
      auto seen = net::feed_answer_of(outcome);
      caf::anon_send(me,
                     game_feed_reply{request, seen.status, outcome ? outcome->body : std::string{},
                                     std::move(seen.what), std::move(seen.retry_after),
                                     net::feed_etag_of(outcome)});
    });
  }

  /// A sentence about the page in hand.
  std::string of_page(const std::string& why) const {
    const auto page = page_name() + ": ";
    return why.starts_with(page) ? why : page + why;
  }
  std::string page_name() const { return "page " + std::to_string(list_->page()); }

  void take(const game_page& page, const std::string& etag) {
    count("pages", view_.pages);
    count("rows", view_.rows, page.rows);
    count("rejected", view_.rejected, page.rejected);
    for (const auto& why : page.why)
      spdlog::warn("a game was passed over: {}", why);
    if (!page.why.empty())
      view_.last_rejected = page.why;
    go_on(list_->take(page), {asked_url_, etag, page.rows});
  }

  void take_same() {
    count("pages", view_.pages);
    count("not_modified", view_.not_modified);
    const auto known = known_[list_->page()];
    go_on(list_->same(known.rows), known);
  }

  void go_on(const result<feed_list_state>& state, known_feed_page page) {
    if (!state)
      return give_up(state.error().what, false);
    failures_ = 0;
    continued_ = 0;
    pages_.push_back(std::move(page));
    if (*state == feed_list_state::complete)
      return hand_on();
    ask();
  }

  // -- the whole list

  void hand_on() {
    waiting_ = list_->games();
    handed_ = 0;
    send_some();
  }

  /// A batch after the other; the last one may be empty, and is then a word of the feed all the
  /// same.
  void send_some() {
    const auto first = static_cast<std::ptrdiff_t>(handed_);
    const auto n
      = static_cast<std::ptrdiff_t>(std::min(waiting_.size() - handed_, sports_game_batch_max));
    sports_game_batch batch{list_->window().begun_us,
                            {waiting_.begin() + first, waiting_.begin() + first + n}};
    self_->request(links_.games, caf::infinite, std::move(batch))
      .then(
        [this, n](const sports_games_taken&) {
          handed_ += static_cast<size_t>(n);
          if (handed_ < waiting_.size())
            send_some();
          else
            done();
        },
        [this](const caf::error& why) {
          waiting_.clear();
          give_up("its games could not be taken: " + sentence(why), false);
        });
  }

  void done() {
    count("games", view_.games, waiting_.size());
    ++view_.readings;
    view_.last_success_ms = config_.unix_ms();
    if (seen_.note(waiting_))
      changed_us_ = list_->window().begun_us;
    known_ = std::exchange(pages_, {});
    waiting_.clear();
    list_.reset();
    end();
    std::exchange(promised_, std::nullopt)->deliver(atom::done_v);
  }

  /// `keeps`: what was read is taken up by the next reading.
  void give_up(const std::string& why, bool keeps) {
    count("failures", view_.failures);
    if (!keeps)
      list_.reset();
    note_error(why);
    end();
    std::exchange(promised_, std::nullopt)->deliver(caf::make_error(ec::unreachable, why));
  }

  caf::error refused(const fault& why) {
    count("failures", view_.failures);
    note_error(why.what);
    return to_error(why);
  }

  void end() {
    view_.reading = false;
    key_.clear();
    open_request_ = 0;
    ++timer_;
  }

  // -- what is shown

  void count(std::string_view what, uint64_t& to, uint64_t more = 1) {
    to += more;
    if (more != 0)
      self_->observed().stats->count(what, more);
  }

  void note_error(const std::string& why) {
    if (why != view_.last_error)
      spdlog::warn("game feed: {}", why);
    view_.last_error = why;
    view_.last_error_ms = config_.unix_ms();
  }

  int64_t now_us() const { return static_cast<int64_t>(config_.unix_ms()) * 1000; }

  observed_plain_pointer<game_feed_actor> self_;
  game_feed_config config_;
  game_feed_links links_;
  std::unique_ptr<net::http_client> client_;
  game_feed_view view_;
  std::string key_;
  std::optional<game_feed_list> list_; // being read, or to be continued
  std::vector<known_feed_page> pages_; // of it
  std::vector<known_feed_page> known_; // of the last one that was taken
  known_feed_games seen_;
  std::vector<game_update> waiting_;  // of a complete list
  size_t handed_ = 0;                 // of these
  std::optional<int64_t> changed_us_; // begin of the last one that brought something
  std::optional<promised_answer<atom::done>> promised_; // a reading is under way
  std::string asked_url_;
  std::string asked_etag_;
  uint64_t failures_ = 0;  // of the page in hand, in a row
  uint32_t continued_ = 0; // readings of the list in hand
  uint64_t last_request_ = 0;
  uint64_t open_request_ = 0; // 0: none
  uint64_t timer_ = 0;
};

game_feed_actor::behavior_type
game_feed_behavior(observed_pointer<game_feed_actor, game_feed_state> self, game_feed_config config,
                   game_feed_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return json_of(state.view()); });
  if (!state.setup(std::move(config), std::move(links)))
    return game_feed_actor::behavior_type::make_empty_behavior();
  return {
    [&state](const run_task&) { return state.run(); },
    [&state](atom::view) { return state.view(); },
    [&state](const game_feed_reply& x) { state.answered(x); },
    [&state](atom::due, uint64_t timer) { state.due(timer); },
  };
}

} // namespace

game_feed_actor
spawn_game_feed(caf::actor_system& system, game_feed_config config, game_feed_links links) {
  return system.spawn(game_feed_behavior, std::move(config), std::move(links));
}

} // namespace sluice
