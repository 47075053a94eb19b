#include "net/door/core.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace sluice::net {

namespace {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

constexpr size_t head_bytes = 1536;   // docs/wire.md
constexpr uint64_t refused_ms = 100;  // to read why
constexpr size_t upgrade_bytes = 512; // what a stranger's HTTP request is charged with

/// In the head of the answer too: a client may not be shown a body.
http_response no_room(const door_refusal& why) {
  http_response x{503, "application/json", write_message(why)};
  x.headers.push_back({"Sluice-Refused", std::string{to_string(why.reason)} + ": " + why.text});
  return x;
}

/// Last words of a session are a bye, those to a stranger a refusal.
std::string last_words(const door_refusal& why, bool admitted) {
  return admitted ? write_message(door_bye{why.reason, why.text, why.retry_ms})
                  : write_message(why);
}

} // namespace

door_core::door_core(door_server_terms terms, known_peers known, door_events events,
                     std::shared_ptr<tls_context> tls)
  : terms_(std::move(terms)), known_(std::move(known)), events_(std::move(events)),
    tls_(std::move(tls)), limits_(terms_.limits) {}

void door_core::open(int listening, bool v6) {
  http_limits limits;
  limits.head_bytes = limits.line_bytes = head_bytes;
  limits.body_bytes = 0;
  limits.requests_max = 1; // every other one costs a connection, which is counted
  limits.head_ms = terms_.open_ms;
  limits.write_ms = terms_.write_ms;
  limits.linger_ms = refused_ms;
  http_router router;
  for (const auto* path : {"/", "/miners"}) // "/" is where protocol 1 has always been
    router.upgrade(path, [this](websocket_request x) { upgraded(std::move(x)); });
  listener_ = std::make_shared<http_listener>(
    http_service{limits, std::move(router),
                 std::shared_ptr<asio::io_context>{shared_from_this(), &io}},
    [this](uint64_t id, const std::string& from) { return admit(id, from); }, tls_);
  listener_->open(listening, v6);
  tick();
}

std::variant<http_ticket, http_response> door_core::admit(uint64_t id, const std::string& from) {
  auto let = limits_.connect(from, steady_ms());
  if (const auto* why = std::get_if<door_refusal>(&let)) {
    count(why->reason);
    return no_room(*why);
  }
  visitors_.emplace(
    id, visitor{{}, std::get<door_ticket>(std::move(let)), handshake{terms_.shake}, from});
  {
    const std::lock_guard lock{seen_mutex_};
    ++seen_.accepted;
  }
  return http_ticket{this, [who = weak_from_this(), id](door_core*) {
                       if (const auto self = who.lock())
                         self->closed_as_http(id);
                     }};
}

/// A connection that has become a WebSocket ends with its link.
void door_core::closed_as_http(uint64_t id) {
  if (const auto at = visitors_.find(id); at != visitors_.end() && !at->second.link)
    ended(id, "closed");
}

void door_core::upgraded(websocket_request request) {
  const auto id = request.connection();
  auto& x = visitors_.at(id);
  link_terms terms{terms_.open_ms, terms_.write_ms, terms_.close_ms, miner_bytes_max,
                   terms_.queue_bytes_max};
  link_owner owner;
  owner.opened = [this, id] {
    auto& x = visitors_.at(id);
    x.open = true;
    x.hello_until = steady_ms() + terms_.hello_ms;
    if (auto why = limits_.receive(x.ticket, upgrade_bytes, steady_ms()))
      refuse(x, *why);
  };
  owner.heard = [this, id](std::string_view text) { heard(id, text); };
  owner.pinged = [this, id] {
    auto& x = visitors_.at(id);
    if (auto why = limits_.receive(x.ticket, 1, steady_ms()); why && !x.why)
      asio::post(io, [self = shared_from_this(), id, why = *why] { // not from inside a read
        if (const auto found = self->visitors_.find(id); found != self->visitors_.end())
          self->refuse(found->second, why);
      });
  };
  owner.written = [this, id](uint64_t mark) {
    if (const auto session = visitors_.at(id).session; session != 0)
      events_.written(session, mark);
  };
  owner.ended = [this, id](const std::string& why) { ended(id, why); };
  x.link = make_link(std::move(request), terms, std::move(owner));
  const auto link = x.link;
  link->accept();
}

std::optional<peer_record> door_core::look_up(const hotkey& key) const {
  if (!known_)
    return {};
  const auto found = known_->find(key);
  return found == known_->end() ? std::nullopt : std::optional{found->second};
}

door_moment door_core::now() const {
  return {events_.unix_ms(), steady_ms()};
}

void door_core::heard(uint64_t id, std::string_view text) {
  auto& x = visitors_.at(id);
  const auto at = steady_ms();
  if (auto why = limits_.receive(x.ticket, text.size(), at))
    return refuse(x, *why);
  auto said = read_message(text, door_side::miner, x.session ? miner_bytes_max : greeting_bytes_max,
                           x.protocol);
  if (!said)
    return refuse(x, {door_reason::malformed, said.error().what, 0});
  x.heard_at = at;
  if (x.session != 0)
    return listen(x, *std::move(said));
  if (const auto* hello = std::get_if<door_hello>(&*said))
    greet(x, *hello);
  else if (const auto* answer = std::get_if<door_answer>(&*said))
    judge(id, x, *answer);
  else if (std::holds_alternative<door_bye>(*said))
    x.link->close("");
  else
    refuse(x, {door_reason::out_of_turn,
               std::string{type_of(*said, x.protocol)} + ": expected hello, then "
                 + std::string{type_of(door_answer{}, x.protocol)},
               0});
}

void door_core::greet(visitor& x, const door_hello& hello) {
  auto shaken = x.shake.greet(
    hello, [this](const hotkey& key) { return look_up(key); }, events_.nonce(), now());
  if (const auto* why = std::get_if<door_refusal>(&shaken))
    return refuse(x, *why);
  x.protocol = hello.protocol;
  x.asked = true;
  x.hello_until = steady_ms() + terms_.shake.answer_ms + terms_.tick_ms;
  x.link->say(write_message(std::get<door_challenge>(shaken)));
}

void door_core::judge(uint64_t id, visitor& x, const door_answer& answer) {
  auto judged = x.shake.judge(
    answer, [this](const hotkey& key) { return look_up(key); }, events_.check, now());
  if (const auto* why = std::get_if<door_refusal>(&judged))
    return refuse(x, *why);
  const auto& who = std::get<admission>(judged);
  if (auto why = limits_.admit(x.ticket, who.key, steady_ms()))
    return refuse(x, *why);
  enter(id, x, who);
}

void door_core::enter(uint64_t id, visitor& x, const admission& who) {
  const auto entered = book_.enter(who.key);
  if (entered.older)
    end(*entered.older,
        {door_reason::replaced, "a newer connection of your hotkey came from " + x.from, 60'000});
  x.session = entered.session;
  x.key = who.key;
  x.heard_at = steady_ms();
  x.ping_at = x.heard_at + terms_.ping_ms;
  sessions_[x.session] = id;
  {
    const std::lock_guard lock{seen_mutex_};
    ++seen_.admitted;
  }
  events_.arrived({x.session, who, x.from});
  x.link->say(write_message(
    door_welcome{x.session, who.uid, who.key, terms_.ping_ms, terms_.silence_ms, miner_bytes_max}));
}

/// From somebody who is in.
void door_core::listen(visitor& x, door_message said) {
  if (auto* answer = std::get_if<wire_answer>(&said))
    events_.answered(x.session, std::move(*answer));
  else if (const auto* ping = std::get_if<door_ping>(&said))
    x.link->say(write_message(door_pong{ping->id}));
  else if (const auto* bye = std::get_if<door_bye>(&said)) {
    x.why = door_refusal{bye->reason, bye->text, bye->retry_ms};
    leave(x);
    x.link->close("");
  } else if (!std::holds_alternative<door_pong>(said))
    refuse(x,
           {door_reason::out_of_turn,
            std::string{type_of(said, x.protocol)} + ": was said before you were welcome; expected "
              + std::string{type_of(wire_answer{}, x.protocol)} + 's',
            0});
}

/// The reason, and the end of the connection. What it has of a session ends at once.
void door_core::refuse(visitor& x, const door_refusal& why) {
  if (x.why)
    return;
  x.why = why;
  count(why.reason);
  const auto link = x.link;
  const auto words = last_words(why, x.session != 0);
  leave(x);
  link->close(words);
}

/// Session and account are free from now on, whenever the socket closes.
void door_core::leave(visitor& x) {
  if (const auto session = std::exchange(x.session, 0); session != 0) {
    book_.leave(x.key, session);
    sessions_.erase(session);
    limits_.leave(x.ticket, steady_ms());
    x.left = true;
    events_.went(session, x.why.value_or(door_refusal{door_reason::closing, "", 0}));
  }
}

void door_core::ended(uint64_t id, const std::string& why) {
  const auto found = visitors_.find(id);
  if (found == visitors_.end())
    return;
  auto& x = found->second;
  if (!x.why)
    x.why = door_refusal{door_reason::closing, why, 0};
  leave(x);
  if (!x.left)
    limits_.leave(x.ticket, steady_ms());
  visitors_.erase(found);
}

void door_core::say(uint64_t session, std::string text, uint64_t mark) {
  if (const auto at = sessions_.find(session); at != sessions_.end()) {
    const auto link = visitors_.at(at->second).link;
    link->say(std::move(text), mark);
  }
}

void door_core::end(uint64_t session, const door_refusal& why) {
  if (const auto at = sessions_.find(session); at != sessions_.end())
    refuse(visitors_.at(at->second), why);
}

void door_core::know(known_peers known) {
  known_ = std::move(known);
  std::vector<std::pair<uint64_t, door_refusal>> out;
  for (const auto& [session, id] : sessions_) {
    const auto& key = visitors_.at(id).key;
    const auto now = look_up(key);
    if (!now)
      out.push_back({session, {door_reason::unknown_hotkey, "your hotkey is no longer known", 0}});
    else if (!now->banned.empty())
      out.push_back({session, {door_reason::banned, "by the operator: " + now->banned, 0}});
  }
  for (const auto& [session, why] : out)
    end(session, why);
}

void door_core::count(door_reason why) {
  const std::lock_guard lock{seen_mutex_};
  ++seen_.refused[static_cast<size_t>(why)];
}

door_counts door_core::counts() const {
  const std::lock_guard lock{seen_mutex_};
  return seen_;
}

/// Deadlines are looked at several times a second: one timer for all.
void door_core::tick() {
  const auto at = steady_ms();
  listener_->tick(at);
  std::vector<uint64_t> all;
  all.reserve(visitors_.size());
  for (const auto& [id, x] : visitors_)
    all.push_back(id);
  for (const auto id : all)
    if (const auto found = visitors_.find(id); found != visitors_.end())
      check(found->second, at);
  {
    const std::lock_guard lock{seen_mutex_};
    seen_.open = limits_.open();
    seen_.waiting = limits_.waiting();
    seen_.sessions = sessions_.size();
  }
  if (stop_at_ != 0) {
    const bool busy = std::any_of(visitors_.begin(), visitors_.end(), [](const auto& x) {
      return x.second.link && !x.second.link->idle();
    });
    if (!busy || at >= stop_at_)
      return leave_nothing();
  }
  timer_.expires_after(std::chrono::milliseconds{stop_at_ ? 5 : terms_.tick_ms});
  timer_.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error || self->stop_at_ != 0)
      self->tick();
  });
}

/// The thread ends by itself when nothing is pending any more.
void door_core::leave_nothing() {
  listener_->drop_all();
  while (!visitors_.empty()) {
    const auto& [id, x] = *visitors_.begin();
    x.link ? x.link->drop("this node stops") : ended(id, "this node stops");
  }
}

void door_core::check(visitor& x, uint64_t at) {
  const auto link = x.link;
  if (!link)
    return; // the listener's
  if (x.why || !x.open)
    return link->tick(at);
  if (x.session == 0) {
    if (at >= x.hello_until)
      refuse(x,
             {x.asked ? door_reason::expired : door_reason::silent,
              x.asked ? "no answer to the challenge came in time" : "expected hello first, at once",
              0});
  } else if (at - x.heard_at >= terms_.silence_ms) {
    refuse(x, {door_reason::silent,
               "nothing was heard for " + std::to_string(at - x.heard_at) + " ms", 0});
  } else if (at >= x.ping_at) {
    x.ping_at = at + terms_.ping_ms;
    link->say(write_message(door_ping{++x.pings}));
  }
  link->tick(at);
}

void door_core::stop(uint64_t until_ms) {
  stop_at_ = until_ms;
  listener_->drain();
  std::vector<uint64_t> in;
  for (const auto& [session, id] : sessions_)
    in.push_back(session);
  for (const auto session : in)
    end(session, {door_reason::closing, "this node stops; come back", 0});
  timer_.cancel(); // the next tick is now
}

} // namespace sluice::net
