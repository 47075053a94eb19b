#include "net/door/core.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <utility>

namespace sluice::net {

namespace {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

constexpr size_t lingering_max = 64;
constexpr uint64_t accept_pause_ms = 100; // after an error that is not the peer's (EMFILE)
constexpr size_t upgrade_bytes = 512;     // what a stranger's HTTP request is charged with

std::string address_of(const asio::ip::address& from) {
  if (from.is_v4()) {
    const auto bytes = from.to_v4().to_bytes();
    return network_of(bytes);
  }
  const auto bytes = from.to_v6().to_bytes();
  return network_of(bytes);
}

/// In the head of the answer too: a client may not be shown a body.
std::string no_room(const door_refusal& why) {
  const auto body = write_message(why);
  auto head = std::string{to_string(why.reason)} + ": " + why.text;
  std::erase_if(head, [](char c) { return c == '\r' || c == '\n'; });
  return "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Type: application/json"
         "\r\nSluice-Refused: "
         + head + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
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
  door_.emplace(io, v6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), listening);
  accept_next();
  tick();
}

void door_core::accept_next() {
  door_->async_accept([self = shared_from_this()](const error_code& error, tcp_socket socket) {
    if (self->stop_at_ != 0)
      return;
    if (!error)
      self->arrived(std::move(socket));
    if (!error || error == asio::error::connection_aborted)
      return self->accept_next();
    self->pause_.expires_after(std::chrono::milliseconds{accept_pause_ms});
    self->pause_.async_wait([self](const error_code&) {
      if (self->stop_at_ == 0)
        self->accept_next();
    });
  });
}

void door_core::arrived(tcp_socket socket) {
  error_code error;
  const auto peer = socket.remote_endpoint(error);
  if (error)
    return; // gone already
  const auto from = address_of(peer.address());
  const auto at = steady_ms();
  auto let = limits_.connect(from, at);
  if (const auto* why = std::get_if<door_refusal>(&let))
    return turn_away(std::move(socket), *why);
  const auto id = ++last_;
  auto& x
    = visitors_
        .emplace(id,
                 visitor{{}, std::get<door_ticket>(std::move(let)), handshake{terms_.shake}, from})
        .first->second;
  {
    const std::lock_guard lock{seen_mutex_};
    ++seen_.accepted;
  }
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
  x.link = make_link(std::move(socket), tls_.get(), terms, std::move(owner));
  const auto link = x.link;
  link->accept();
}

/// Said without reading a byte; where TLS is spoken nothing can be said.
void door_core::turn_away(tcp_socket socket, const door_refusal& why) {
  count(why.reason);
  if (tls_)
    return;
  error_code ignored;
  const auto text = no_room(why);
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(text), ignored);
  socket.shutdown(tcp_socket::shutdown_send, ignored);
  // Closed with unread bytes the peer would be told of a reset and nothing else.
  if (lingering_.size() < lingering_max)
    lingering_.emplace(std::make_shared<tcp_socket>(std::move(socket)), steady_ms() + 1000);
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
  std::vector<uint64_t> all;
  all.reserve(visitors_.size());
  for (const auto& [id, x] : visitors_)
    all.push_back(id);
  for (const auto id : all)
    if (const auto found = visitors_.find(id); found != visitors_.end())
      check(found->second, at);
  std::erase_if(lingering_, [&](const auto& x) { return at >= x.second; });
  {
    const std::lock_guard lock{seen_mutex_};
    seen_.open = limits_.open();
    seen_.waiting = limits_.waiting();
    seen_.sessions = sessions_.size();
  }
  if (stop_at_ != 0) {
    const bool busy = std::any_of(visitors_.begin(), visitors_.end(),
                                  [](const auto& x) { return !x.second.link->idle(); });
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
  lingering_.clear();
  while (!visitors_.empty())
    visitors_.begin()->second.link->drop("this node stops");
}

void door_core::check(visitor& x, uint64_t at) {
  const auto link = x.link;
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
  error_code ignored;
  door_->close(ignored);
  std::vector<uint64_t> in;
  for (const auto& [session, id] : sessions_)
    in.push_back(session);
  for (const auto session : in)
    end(session, {door_reason::closing, "this node stops; come back", 0});
  pause_.cancel();
  timer_.cancel(); // the next tick is now
}

} // namespace sluice::net
