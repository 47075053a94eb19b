#include "net/miner_gateway/core.hpp"

#include "rules/api/cors.hpp"

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
http_response refused_response(const gateway_refusal& why) {
  http_response x{503, "application/json", write_message(why)};
  x.headers.push_back({"Sluice-Refused", std::string{to_string(why.reason)} + ": " + why.text});
  return x;
}

/// The last message of a session is a bye, that to a stranger a refusal.
std::string last_message(const gateway_refusal& why, bool admitted) {
  return admitted ? write_message(gateway_bye{why.reason, why.text, why.retry_ms})
                  : write_message(why);
}

class core_gate final : public http_gate {
public:
  explicit core_gate(std::weak_ptr<gateway_core> core) : core_(std::move(core)) {}

  gate_answer ask(const gate_question& x) override {
    const auto core = core_.lock();
    return core ? core->ask(x) : gate_answer{http_error(503, "this node stops; come back")};
  }

private:
  std::weak_ptr<gateway_core> core_;
};

} // namespace

gateway_core::gateway_core(gateway_server_terms terms, known_peers known, gateway_events events)
  : terms_(std::move(terms)), known_(std::move(known)), events_(std::move(events)),
    limits_(terms_.limits) {}

void gateway_core::open(int listening, bool v6) {
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
    http_service{.limits = limits,
                 .router = std::move(router),
                 .io = std::shared_ptr<asio::io_context>{shared_from_this(), &io},
                 .gate = std::make_shared<core_gate>(weak_from_this()),
                 .proxies = terms_.proxies,
                 .tls_failed = events_.tls_failed},
    [this](const http_arrival& x) { return admit(x); }, terms_.tls);
  listener_->open(listening, v6);
  tick();
}

std::variant<http_ticket, http_response> gateway_core::admit(const http_arrival& x) {
  auto let = limits_.connect(x.number, x.network, steady_ms(), x.by_proxy);
  if (const auto* why = std::get_if<gateway_refusal>(&let)) {
    count(why->reason);
    return refused_response(*why);
  }
  auto& place = std::get<gateway_place>(let);
  connections_.emplace(x.number,
                       connection{{}, std::move(place.ticket), handshake{terms_.shake}, x.network});
  give_way(place.gives_way);
  {
    const std::lock_guard lock{seen_mutex_};
    ++seen_.accepted;
  }
  return http_ticket{this, [who = weak_from_this(), id = x.number](gateway_core*) {
                       if (const auto self = who.lock())
                         self->closed_as_http(id);
                     }};
}

/// Its place is another's already. Nothing is sent to it: that would cost as much as keeping it.
void gateway_core::give_way(std::optional<uint64_t> id) {
  const auto found = id ? connections_.find(*id) : connections_.end();
  if (found == connections_.end())
    return;
  count(gateway_reason::too_many);
  if (const auto link = found->second.link)
    link->drop("it gave way to a newer connection");
  else
    listener_->end(*id);
}

/// What a proxy passes on is charged to whom it states, not to the proxy.
std::optional<http_response> gateway_core::came_from(uint64_t id, const std::string& address) {
  auto& x = connections_.at(id);
  const auto at = steady_ms();
  limits_.leave(x.ticket, at);
  auto let = limits_.connect(id, address, at);
  if (const auto* why = std::get_if<gateway_refusal>(&let)) {
    x.left = true;
    count(why->reason);
    return refused_response(*why);
  }
  auto& place = std::get<gateway_place>(let);
  x.ticket = std::move(place.ticket);
  x.from = address;
  give_way(place.gives_way);
  return {};
}

gate_answer gateway_core::ask(const gate_question& x) {
  if (!x.origin.empty() && !cors_allows(terms_.origins, x.origin)) {
    count(gateway_reason::foreign_origin);
    auto no
      = refused_response({gateway_reason::foreign_origin,
                          "pages of " + std::string{x.origin}
                            + " may not connect here; miners send no Origin, and the operator "
                              "allows pages by [miner_gateway] origins",
                          0});
    no.status = 403;
    return {std::move(no)};
  }
  const auto found = connections_.find(x.connection);
  if (found != connections_.end() && x.network != found->second.from)
    return {came_from(x.connection, std::string{x.network})};
  return {};
}

/// A connection that has become a WebSocket ends with its link.
void gateway_core::closed_as_http(uint64_t id) {
  if (const auto at = connections_.find(id); at != connections_.end() && !at->second.link)
    ended(id, "closed");
}

void gateway_core::upgraded(websocket_request request) {
  const auto id = request.connection();
  auto& x = connections_.at(id);
  link_terms terms{terms_.open_ms, terms_.write_ms, terms_.close_ms, miner_bytes_max,
                   terms_.queue_bytes_max};
  link_owner owner;
  owner.opened = [this, id] {
    auto& x = connections_.at(id);
    x.open = true;
    x.hello_until = steady_ms() + terms_.hello_ms;
    if (auto why = limits_.receive(x.ticket, upgrade_bytes, steady_ms()))
      refuse(x, *why);
  };
  owner.received = [this, id](std::string_view text) { received(id, text); };
  owner.pinged = [this, id] {
    auto& x = connections_.at(id);
    if (auto why = limits_.receive(x.ticket, 1, steady_ms()); why && !x.why)
      asio::post(io, [self = shared_from_this(), id, why = *why] { // not from inside a read
        if (const auto found = self->connections_.find(id); found != self->connections_.end())
          self->refuse(found->second, why);
      });
  };
  owner.written = [this, id](uint64_t mark) {
    if (const auto session = connections_.at(id).session; session != 0)
      events_.written(session, mark);
  };
  owner.ended = [this, id](const std::string& why) { ended(id, why); };
  x.link = make_link(std::move(request), terms, std::move(owner));
  const auto link = x.link;
  link->accept();
}

std::optional<peer_record> gateway_core::look_up(const hotkey& key) const {
  if (!known_)
    return {};
  const auto found = known_->find(key);
  return found == known_->end() ? std::nullopt : std::optional{found->second};
}

gateway_moment gateway_core::now() const {
  return {events_.unix_ms(), steady_ms()};
}

/// An answer is free while its question is open; who it is to is known only when it was read.
std::optional<gateway_refusal>
gateway_core::charge(connection& x, const result<gateway_message>& message, size_t bytes,
                     uint64_t at) {
  const auto* answer = message ? std::get_if<wire_answer>(&*message) : nullptr;
  return answer ? limits_.receive_answer(x.ticket, answer->id, bytes, at)
                : limits_.receive(x.ticket, bytes, at);
}

/// What a stranger sends is charged before it is read.
void gateway_core::received(uint64_t id, std::string_view text) {
  auto& x = connections_.at(id);
  const auto at = steady_ms();
  const bool admitted = x.session != 0;
  if (!admitted)
    if (auto why = limits_.receive(x.ticket, text.size(), at))
      return refuse(x, *why);
  auto message = read_message(text, gateway_side::miner,
                              admitted ? miner_bytes_max : greeting_bytes_max, x.protocol);
  if (admitted)
    if (auto why = charge(x, message, text.size(), at))
      return refuse(x, *why);
  if (!message)
    return refuse(x, {gateway_reason::malformed, message.error().what, 0});
  x.received_at = at;
  if (admitted)
    return listen(x, *std::move(message));
  if (const auto* hello = std::get_if<gateway_hello>(&*message))
    greet(x, *hello);
  else if (const auto* answer = std::get_if<gateway_answer>(&*message))
    judge(id, x, *answer);
  else if (std::holds_alternative<gateway_bye>(*message))
    x.link->close("");
  else
    refuse(x, {gateway_reason::out_of_turn,
               std::string{type_of(*message, x.protocol)} + ": expected hello, then "
                 + std::string{type_of(gateway_answer{}, x.protocol)},
               0});
}

void gateway_core::greet(connection& x, const gateway_hello& hello) {
  auto shaken = x.shake.greet(
    hello, [this](const hotkey& key) { return look_up(key); }, events_.nonce(), now());
  if (const auto* why = std::get_if<gateway_refusal>(&shaken))
    return refuse(x, *why);
  x.protocol = hello.protocol;
  x.asked = true;
  x.hello_until = steady_ms() + terms_.shake.answer_ms + terms_.tick_ms;
  give_way(limits_.prove(x.ticket, hello.key, steady_ms())); // never itself
  x.link->send(write_message(std::get<gateway_challenge>(shaken)));
}

void gateway_core::judge(uint64_t id, connection& x, const gateway_answer& answer) {
  auto judged = x.shake.judge(
    answer, [this](const hotkey& key) { return look_up(key); }, events_.check, now());
  if (const auto* why = std::get_if<gateway_refusal>(&judged))
    return refuse(x, *why);
  const auto& who = std::get<admission>(judged);
  const auto older = book_.find(who.key);
  const auto* replaced = older ? &connections_.at(sessions_.at(*older)).ticket : nullptr;
  if (auto why = limits_.admit(x.ticket, who.key, steady_ms(), replaced))
    return refuse(x, *why);
  begin_session(id, x, who);
}

void gateway_core::begin_session(uint64_t id, connection& x, const admission& who) {
  const auto opened = book_.open(who.key);
  if (opened.older)
    end(*opened.older, {gateway_reason::replaced,
                        "a newer connection of your hotkey came from " + x.from, 60'000});
  x.session = opened.session;
  x.key = who.key;
  x.received_at = steady_ms();
  x.ping_at = x.received_at + terms_.ping_ms;
  sessions_[x.session] = id;
  {
    const std::lock_guard lock{seen_mutex_};
    ++seen_.admitted;
  }
  events_.arrived({x.session, who, x.from});
  x.link->send(write_message(gateway_welcome{x.session, who.uid, who.key, terms_.ping_ms,
                                             terms_.silence_ms, miner_bytes_max}));
}

/// From somebody who is in.
void gateway_core::listen(connection& x, gateway_message message) {
  if (auto* answer = std::get_if<wire_answer>(&message))
    events_.answered(x.session, std::move(*answer));
  else if (const auto* ping = std::get_if<gateway_ping>(&message))
    x.link->send(write_message(gateway_pong{ping->id}));
  else if (const auto* bye = std::get_if<gateway_bye>(&message)) {
    x.why = gateway_refusal{bye->reason, bye->text, bye->retry_ms};
    leave(x);
    x.link->close("");
  } else if (!std::holds_alternative<gateway_pong>(message))
    refuse(x,
           {gateway_reason::out_of_turn,
            std::string{type_of(message, x.protocol)} + ": was sent before the welcome; expected "
              + std::string{type_of(wire_answer{}, x.protocol)} + 's',
            0});
}

/// The reason, and the end of the connection. What it has of a session ends at once.
void gateway_core::refuse(connection& x, const gateway_refusal& why) {
  if (x.why)
    return;
  x.why = why;
  count(why.reason);
  const auto link = x.link;
  const auto message = last_message(why, x.session != 0);
  leave(x);
  link->close(message);
}

/// Session and account are free from now on, whenever the socket closes.
void gateway_core::leave(connection& x) {
  if (const auto session = std::exchange(x.session, 0); session != 0) {
    book_.leave(x.key, session);
    sessions_.erase(session);
    limits_.leave(x.ticket, steady_ms());
    x.left = true;
    events_.went(session, x.why.value_or(gateway_refusal{gateway_reason::closing, "", 0}));
  }
}

void gateway_core::ended(uint64_t id, const std::string& why) {
  const auto found = connections_.find(id);
  if (found == connections_.end())
    return;
  auto& x = found->second;
  if (!x.why)
    x.why = gateway_refusal{gateway_reason::closing, why, 0};
  leave(x);
  if (!x.left)
    limits_.leave(x.ticket, steady_ms());
  connections_.erase(found);
}

void gateway_core::send(uint64_t session, std::string text, uint64_t mark) {
  if (const auto at = sessions_.find(session); at != sessions_.end()) {
    auto& x = connections_.at(at->second);
    if (mark != 0)
      limits_.ask(x.ticket, mark);
    const auto link = x.link;
    link->send(std::move(text), mark);
  }
}

void gateway_core::expire(uint64_t session, uint64_t mark) {
  if (const auto at = sessions_.find(session); at != sessions_.end())
    limits_.expire(connections_.at(at->second).ticket, mark);
}

void gateway_core::end(uint64_t session, const gateway_refusal& why) {
  if (const auto at = sessions_.find(session); at != sessions_.end())
    refuse(connections_.at(at->second), why);
}

void gateway_core::know(known_peers known) {
  known_ = std::move(known);
  std::vector<std::pair<uint64_t, gateway_refusal>> out;
  for (const auto& [session, id] : sessions_) {
    const auto& key = connections_.at(id).key;
    const auto now = look_up(key);
    if (!now)
      out.push_back(
        {session, {gateway_reason::unknown_hotkey, "your hotkey is no longer known", 0}});
    else if (!now->banned.empty())
      out.push_back({session, {gateway_reason::banned, "by the operator: " + now->banned, 0}});
  }
  for (const auto& [session, why] : out)
    end(session, why);
}

void gateway_core::count(gateway_reason why) {
  const std::lock_guard lock{seen_mutex_};
  ++seen_.refused[static_cast<size_t>(why)];
}

gateway_counts gateway_core::counts() const {
  const std::lock_guard lock{seen_mutex_};
  return seen_;
}

/// Deadlines are looked at several times a second: one timer for all.
void gateway_core::tick() {
  const auto at = steady_ms();
  listener_->tick(at);
  std::vector<uint64_t> all;
  all.reserve(connections_.size());
  for (const auto& [id, x] : connections_)
    all.push_back(id);
  for (const auto id : all)
    if (const auto found = connections_.find(id); found != connections_.end())
      check(found->second, at);
  {
    const std::lock_guard lock{seen_mutex_};
    seen_.open = limits_.open();
    seen_.waiting = limits_.waiting();
    seen_.sessions = sessions_.size();
  }
  if (stop_at_ != 0) {
    const bool busy = std::any_of(connections_.begin(), connections_.end(), [](const auto& x) {
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
void gateway_core::leave_nothing() {
  listener_->drop_all();
  while (!connections_.empty()) {
    const auto& [id, x] = *connections_.begin();
    x.link ? x.link->drop("this node stops") : ended(id, "this node stops");
  }
}

void gateway_core::check(connection& x, uint64_t at) {
  const auto link = x.link;
  if (!link)
    return; // the listener's
  if (x.why || !x.open)
    return link->tick(at);
  if (x.session == 0) {
    if (at >= x.hello_until)
      refuse(x,
             {x.asked ? gateway_reason::expired : gateway_reason::silent,
              x.asked ? "no answer to the challenge came in time" : "expected hello first, at once",
              0});
  } else if (at - x.received_at >= terms_.silence_ms) {
    refuse(x, {gateway_reason::silent,
               "nothing was received for " + std::to_string(at - x.received_at) + " ms", 0});
  } else if (at >= x.ping_at) {
    x.ping_at = at + terms_.ping_ms;
    link->send(write_message(gateway_ping{++x.pings}));
  }
  link->tick(at);
}

void gateway_core::stop(uint64_t until_ms) {
  stop_at_ = until_ms;
  listener_->drain();
  std::vector<uint64_t> in;
  for (const auto& [session, id] : sessions_)
    in.push_back(session);
  for (const auto session : in)
    end(session, {gateway_reason::closing, "this node stops; come back", 0});
  timer_.cancel(); // the next tick is now
}

} // namespace sluice::net
