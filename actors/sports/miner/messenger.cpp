#include "actors/sports/miner/messenger.hpp"

#include "actors/base/ask.hpp"
#include "actors/base/default_handlers.hpp"
#include "actors/events/event_outlet.hpp"
#include "actors/sports/miner/own_task.hpp"
#include "actors/sports/miner/served_validator.hpp"
#include "net/sports/frame_data.hpp"
#include "rules/json_text.hpp"
#include "rules/sports/delivery_book.hpp"
#include "rules/sports/miner_events.hpp"
#include "storage/sports/miner_tables.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <type_traits>
#include <utility>

namespace sluice {

namespace {

constexpr size_t frame_predictions = 16; // in one frame: it has 16 KiB
constexpr size_t frame_data_bytes = 12 * 1024;
constexpr size_t frames_under_way = 16; // with their predictions: a connection holds 1 MiB
constexpr int64_t unanswered_pause_us = 2'000'000;
constexpr size_t body_data_bytes = 256 * 1024;
constexpr int64_t messenger_day_us = 86'400'000'000;
constexpr uint64_t http_pause_ms_max = 60'000;

class sports_messenger_state {
public:
  static inline const char* name = "sports_messenger";

  explicit sports_messenger_state(observed_plain_pointer<sports_messenger_actor> self)
    : self_(self), events_(self, "messenger") {}

  /// False: it cannot begin, and is on its way out.
  bool setup(sports_messenger_config config, sports_messenger_links links,
             std::shared_ptr<net::sports_writer> writer, const miner_memory& memory) {
    config_ = std::move(config);
    links_ = std::move(links);
    writer_ = std::move(writer);
    events_.to(links_.events);
    book_ = delivery_book{names_of(config_.validators)};
    for (const auto& x : memory.predictions)
      book_.add({x.number, x.prediction_id, x.data, x.start_us});
    for (const auto& [key, x] : memory.deliveries)
      book_.restore(key.number, key.validator, state_of_delivery(x));
    net::http_client_terms terms;
    terms.ca = config_.ca;
    auto http = net::http_client::start(terms);
    if (!http)
      return end(http.error());
    http_ = *std::move(http);
    for (const auto& url : config_.validators)
      if (!add_validator(url))
        return false;
    periodic_terms games;
    games.interval_ms = config_.games_interval_s * 1000;
    games.jitter = 0.2;
    add_own_task<sports_messenger_actor>(self_, links_.tasks, "games", games);
    tick();
    return true;
  }

  /// They are durable already.
  void take(const predictions_made& x) {
    for (const auto& one : x.made)
      book_.add({one.number, one.prediction_id, one.data, one.start_us});
    for (size_t i = 0; i < validators_.size(); ++i)
      work(i);
  }

  void hear(const validator_news& x) {
    auto& who = validators_[x.validator];
    switch (x.what) {
    case validator_news::kind::online:
      return came(x, who);
    case validator_news::kind::lost:
      return went(x, who);
    case validator_news::kind::frame:
      return frame(x, who);
    case validator_news::kind::http:
      return x.text == "games" ? games_answered(x, who) : predictions_answered(x, who);
    }
  }

  atom::done want_games() {
    book_.forget(now_us() - static_cast<int64_t>(config_.keep_days) * messenger_day_us);
    for (size_t i = 0; i < validators_.size(); ++i) {
      validators_[i].games_wanted = true;
      work(i);
    }
    return atom::done_v;
  }

  void due() {
    for (size_t i = 0; i < validators_.size(); ++i) {
      book_.expire(validators_[i].name, now_us() - static_cast<int64_t>(config_.answer_ms) * 1000);
      work(i);
    }
    tick();
  }

  std::string describe() const {
    json_object all;
    uint64_t connected = 0;
    for (const auto& x : validators_) {
      connected += x.online ? 1 : 0;
      all.raw(x.name, json_of_validator(x, book_.counts(x.name, now_us())));
    }
    return json_object{}
      .add("connected_validators", connected)
      .add("total_validators", validators_.size())
      .add("predictions", book_.size())
      .raw("validators", all.text())
      .text();
  }

private:
  int64_t now_us() const { return static_cast<int64_t>(config_.unix_ms()) * 1000; }
  double now_s() const { return static_cast<double>(config_.unix_ms()) / 1000; }

  bool end(const fault& why) {
    self_->quit(to_error(why));
    return false;
  }

  void show(const std::string& line) const {
    if (config_.show)
      config_.show(line);
  }

  void tick() {
    self_->delayed_send(self_, std::chrono::milliseconds{config_.tick_ms}, atom::due_v);
  }

  bool add_validator(const gateway_url& url) {
    served_validator made;
    made.name = to_string(url);
    made.base = http_base_of(url);
    const auto index = validators_.size();
    if (config_.websocket) {
      net::sports_client_terms terms;
      terms.where = {url.at, url.target == "/" ? "/ws" : url.target,
                     url.scheme == gateway_scheme::wss, config_.ca};
      terms.link = config_.link;
      auto client = net::sports_client::start(std::move(terms), writer_, events_of(index));
      if (!client)
        return end(client.error());
      made.socket = *std::move(client);
    }
    validators_.push_back(std::move(made));
    return true;
  }

  /// They come in the client's thread, and are this actor's messages from there.
  net::sports_client_events events_of(size_t index) const {
    const auto tell
      = [to = caf::actor_cast<caf::actor_addr>(self_->address()), index](validator_news x) {
          x.validator = index;
          if (const auto whom = caf::actor_cast<caf::strong_actor_ptr>(to))
            caf::anon_send(caf::actor_cast<caf::actor>(whom), std::move(x));
        };
    net::sports_client_events made;
    made.unix_us = [ms = config_.unix_ms] { return static_cast<int64_t>(ms()) * 1000; };
    made.chance = config_.chance;
    made.online = [tell](const std::string& address, std::optional<miner_uid> uid) {
      validator_news x;
      x.text = address;
      x.uid = uid;
      tell(std::move(x));
    };
    made.received = [tell](const std::string& type, const std::string& data) {
      validator_news x;
      x.what = validator_news::kind::frame;
      x.text = type;
      x.data = data;
      tell(std::move(x));
    };
    made.lost = [tell](const std::string& why, uint64_t pause_ms, bool) {
      validator_news x;
      x.what = validator_news::kind::lost;
      x.text = why;
      x.pause_ms = pause_ms;
      tell(std::move(x));
    };
    return made;
  }

  // ---- connections ------------------------------------------------------------------------------

  void came(const validator_news& x, served_validator& who) {
    who.online = true;
    ++who.connections;
    show("connected to " + who.name + (x.uid ? " as uid " + std::to_string(x.uid->value) : ""));
    events_.publish(miner_topics::validator_connected,
                    validator_connected_event{who.name, x.text, now_s()});
    if (x.uid)
      self_->send(links_.predictor(), own_uid{*x.uid});
    book_.lost(who.name); // what was under way comes again
    work(x.validator);
  }

  void went(const validator_news& x, served_validator& who) {
    if (std::exchange(who.online, false)) {
      ++who.losses;
      events_.publish(miner_topics::validator_disconnected,
                      validator_disconnected_event{who.name, x.text, now_s()});
    }
    book_.lost(who.name);
    who.last_error = x.text;
    show("no connection to " + who.name + ": " + x.text + "; next try in "
         + std::to_string((x.pause_ms + 500) / 1000) + " s"
         + (config_.http_fallback ? ", HTTP until then" : ""));
    work(x.validator);
  }

  void frame(const validator_news& x, served_validator& who) {
    if (x.text == sports_wire::confirmation) {
      const auto answers = net::answers_of_data(x.data);
      if (answers)
        return take_answers(who, *answers);
      return fail(who, "a confirmation cannot be read: " + answers.error().what);
    }
    if (x.text == sports_wire::game_update) {
      const auto page = net::games_of_data(x.data);
      if (page)
        return take_games(who, page->games);
      return fail(who, "games cannot be read: " + page.error().what);
    }
    if (x.text == sports_wire::error)
      fail(who, "it sent an error: " + x.data);
  }

  void fail(served_validator& who, const std::string& why) {
    ++who.errors;
    who.last_error = why;
    show(who.name + ": " + why);
  }

  // ---- sending ----------------------------------------------------------------------------------

  void work(size_t index) {
    auto& who = validators_[index];
    if (who.online)
      send_frames(who);
    else if (config_.http_fallback)
      send_body(index, who);
    if (who.games_wanted && !who.games_busy && config_.http_fallback
        && config_.unix_ms() >= who.http_not_before_ms)
      ask_games(index, who);
  }

  void send_frames(served_validator& who) {
    const auto most = frames_under_way * frame_predictions;
    for (auto open = book_.under_way(who.name); open < most; open += frame_predictions) {
      const auto all = book_.to_send(who.name, now_us(), frame_predictions, frame_data_bytes);
      if (all.empty())
        return;
      auto data = data_of(all);
      who.sent_websocket += all.size();
      note_sent(who, all, prediction_way::websocket);
      who.socket->send(std::string{sports_wire::prediction}, std::move(data));
    }
  }

  void send_body(size_t index, served_validator& who) {
    if (who.http_busy || config_.unix_ms() < who.http_not_before_ms)
      return;
    const auto all = book_.to_send(who.name, now_us(), sports_limits::batch_max, body_data_bytes);
    if (all.empty())
      return;
    auto data = data_of(all);
    who.sent_http += all.size();
    note_sent(who, all, prediction_way::http);
    who.http_busy = true;
    net::http_call call;
    call.method = "POST";
    call.url = who.base + "/predictions";
    call.headers = {{"Content-Type", "application/json"}};
    call.body = writer_->envelope(sports_wire::prediction, std::move(data), now_us());
    ask(index, "predictions", std::move(call));
  }

  static std::string data_of(const std::vector<const deliverable*>& all) {
    std::vector<std::string> objects;
    for (const auto* x : all)
      objects.push_back(x->data);
    return net::predictions_data(objects);
  }

  void
  note_sent(served_validator& who, const std::vector<const deliverable*>& all, prediction_way way) {
    std::vector<uint64_t> numbers;
    for (const auto* x : all)
      numbers.push_back(x->number);
    storage::batch writes;
    for (const auto& [number, state] : book_.sent(who.name, numbers, way, now_us()))
      put(writes, who, number, state);
    write(std::move(writes));
    events_.publish(miner_topics::prediction_submitted,
                    prediction_submitted_event{who.name, numbers.size(),
                                               std::string{sluice::name_of(way)}, now_s()});
    show("sent " + std::to_string(numbers.size()) + " to " + who.name + " over "
         + std::string{sluice::name_of(way)});
  }

  void put(storage::batch& writes, const served_validator& who, uint64_t number,
           const delivery_state& state) const {
    storage::tables::miner_deliveries.put(
      writes, {number, who.name},
      row_of_delivery(who.name, state, book_.why_pending(number, who.name, now_us())));
  }

  /// What is not stored is only sent again after a restart: the validator knows it by its id.
  void write(storage::batch writes) {
    if (writes.writes.empty())
      return;
    ask_or(
      self_, [this](const caf::error& why) { show("not stored: " + sentence(why)); },
      links_.database, [](atom::done) {}, std::move(writes));
  }

  void take_answers(served_validator& who, const std::vector<prediction_answer>& answers) {
    storage::batch writes;
    const auto now = now_us();
    for (const auto& x : answers) {
      const auto taken = book_.answered(who.name, x, now);
      if (!taken.known)
        continue;
      put(writes, who, taken.number, taken.state);
      if (!taken.first)
        continue;
      who.latencies_ms.push_back(static_cast<double>(now - taken.state.last_sent_us) / 1000);
      if (who.latencies_ms.size() > latencies_kept)
        who.latencies_ms.pop_front();
      events_.publish(miner_topics::prediction_confirmation,
                      prediction_confirmation_event{who.name, x.prediction_id,
                                                    std::string{sluice::name_of(x.code)},
                                                    taken.state.confirmed(), x.message, now_s()});
      show(std::string{taken.state.confirmed() ? "confirmed " : "refused "} + x.prediction_id
           + " by " + who.name + ": " + x.message);
    }
    write(std::move(writes));
  }

  void take_games(const served_validator& who, std::vector<sports_game> games) {
    if (!games.empty())
      self_->send(links_.predictor(), games_of_validator{who.name, std::move(games)});
  }

  // ---- HTTP -------------------------------------------------------------------------------------

  void ask(size_t index, std::string what, net::http_call call) {
    http_->call(std::move(call), [to = caf::actor_cast<caf::actor_addr>(self_->address()), index,
                                  what = std::move(what)](result<net::http_answer> got) {
      validator_news x;
      x.what = validator_news::kind::http;
      x.validator = index;
      x.text = what;
      x.status = got ? got->status : 0;
      x.data = got ? got->body : got.error().what;
      if (const auto whom = caf::actor_cast<caf::strong_actor_ptr>(to))
        caf::anon_send(caf::actor_cast<caf::actor>(whom), std::move(x));
    });
  }

  void ask_games(size_t index, served_validator& who) {
    who.games_busy = true;
    net::http_call call;
    call.url = who.base + "/games?since=" + std::to_string(who.games_since_us);
    if (!who.games_after.empty())
      call.url += "&after=" + query_value(who.games_after);
    ask(index, "games", std::move(call));
  }

  void http_failed(served_validator& who, const std::string& why) {
    const auto pause = std::min(
      config_.http_pause_ms << std::min<uint64_t>(who.http_failures++, 10), http_pause_ms_max);
    who.http_not_before_ms = config_.unix_ms() + pause;
    fail(who, why);
  }

  void predictions_answered(const validator_news& x, served_validator& who) {
    who.http_busy = false;
    const auto data = data_of_answer(x, now_us());
    const auto answers
      = data ? net::answers_of_data(*data) : result<std::vector<prediction_answer>>{data.error()};
    if (!answers) {
      http_failed(who, "predictions over HTTP: " + answers.error().what);
      if (!who.online)
        book_.lost(who.name);
      return;
    }
    who.http_failures = 0;
    take_answers(who, *answers);
    if (!who.online) // what was not answered comes again
      book_.lost(who.name, now_us(), unanswered_pause_us);
    work(x.validator);
  }

  void games_answered(const validator_news& x, served_validator& who) {
    who.games_busy = false;
    const auto data = data_of_answer(x, now_us());
    auto page = data ? net::games_of_data(*data) : result<net::sports_games_page>{data.error()};
    if (!page)
      return http_failed(who, "games over HTTP: " + page.error().what);
    who.http_failures = 0;
    who.games_wanted = page->more;
    if (page->since_us)
      who.games_since_us = *page->since_us;
    who.games_after = page->after_id;
    take_games(who, std::move(page->games));
    work(x.validator);
  }

  observed_plain_pointer<sports_messenger_actor> self_;
  event_outlet<std::remove_pointer_t<observed_plain_pointer<sports_messenger_actor>>> events_;
  sports_messenger_config config_;
  sports_messenger_links links_;
  std::shared_ptr<net::sports_writer> writer_;
  std::unique_ptr<net::http_client> http_;
  delivery_book book_{{}};
  std::vector<served_validator> validators_; // the last: their threads end first
};

sports_messenger_actor::behavior_type
sports_messenger_behavior(observed_pointer<sports_messenger_actor, sports_messenger_state> self,
                          sports_messenger_config config, sports_messenger_links links,
                          std::shared_ptr<net::sports_writer> writer,
                          std::shared_ptr<const miner_memory> memory) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links), std::move(writer), *memory);
  return {
    [&state](const predictions_made& x) { state.take(x); },
    [&state](const validator_news& x) { state.hear(x); },
    [&state](const run_task&) { return state.want_games(); },
    [&state](atom::view) { return state.describe(); },
    [&state](atom::due) { state.due(); },
  };
}

} // namespace

sports_messenger_actor
spawn_sports_messenger(caf::actor_system& system, sports_messenger_config config,
                       sports_messenger_links links, std::shared_ptr<net::sports_writer> writer,
                       std::shared_ptr<const miner_memory> memory) {
  return system.spawn(sports_messenger_behavior, std::move(config), std::move(links),
                      std::move(writer), std::move(memory));
}

} // namespace sluice
