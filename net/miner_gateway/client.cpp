#include "net/miner_gateway/client.hpp"

#include "net/http/websocket_caller.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <variant>

namespace sluice::net {

namespace {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

} // namespace

result<gateway_answer> answer_to(const gateway_challenge& challenge, const gateway_hello& hello,
                                 const key_pair& key, uint64_t unix_ms) {
  if (challenge.protocol != hello.protocol)
    return fault{ec::refused, "the node speaks protocol " + std::to_string(challenge.protocol)
                                + ", this miner " + std::to_string(hello.protocol)};
  if (!is_gateway_id(challenge.node) || !is_gateway_id(challenge.nonce))
    return fault{ec::refused, "the node's challenge is not one: its id or its nonce has spaces or"
                              " line feeds in it"};
  const auto text = statement_text({hello.protocol, peer_role::miner, challenge.node, hello.key,
                                    key.kind, challenge.nonce, unix_ms});
  return gateway_answer{challenge.nonce, unix_ms, to_hex(sign(key, text))};
}

class gateway_client::caller : public std::enable_shared_from_this<caller> {
public:
  caller(gateway_client_terms terms, gateway_client_events events)
    : terms_(std::move(terms)), events_(std::move(events)) {
    hello_ = {terms_.protocol,      std::string{to_string(peer_role::miner)},
              {terms_.key.address}, std::string{to_string(terms_.key.kind)},
              terms_.software,      {}};
    if (!terms_.mechanisms.empty())
      hello_.mechanisms = terms_.mechanisms;
  }

  /// Before `run`.
  result<nothing> prepare() {
    auto made = websocket_caller::make(io, {terms_.where.at, terms_.where.target,
                                            terms_.where.scheme == gateway_scheme::wss, terms_.ca});
    if (!made)
      return made.error();
    connection_ = *std::move(made);
    return nothing{};
  }

  void run() {
    begin_attempt();
    tick();
    io.run();
  }

  void send(const gateway_message& x) {
    if (const auto link = connection_->link(); link && open_)
      link->send(write_message(x, hello_.protocol));
  }

  void break_off() { connection_->drop("broken off by this miner"); }

  void stop() {
    const bool again = std::exchange(stopping_, true);
    if (const auto link = connection_->link(); link && welcome_ && !again)
      return link->close(
        write_message(gateway_bye{gateway_reason::closing, "this miner stops", 0}));
    finish();
  }

  asio::io_context io{1};

private:
  void begin_attempt() {
    open_ = welcome_ = false;
    last_message_.reset();
    open_until_ = steady_ms() + terms_.open_ms;
    link_owner owner;
    owner.opened = [this] {
      open_ = true;
      open_until_ = steady_ms() + terms_.greet_ms;
      send(hello_);
    };
    owner.received = [this](std::string_view text) { received(text); };
    owner.written = [](uint64_t) {};
    owner.ended = [this](const std::string& why) { lost(why); };
    link_terms bounds;
    bounds.open_ms = terms_.open_ms;
    bounds.text_bytes_max = node_bytes_max;
    connection_->call(bounds, std::move(owner));
  }

  void received(std::string_view text) {
    received_at_ = steady_ms();
    const auto message = read_message(text, gateway_side::node, node_bytes_max, hello_.protocol);
    if (!message)
      return refuse(message.error());
    std::visit([this](const auto& x) { take(x); }, *message);
  }

  /// What the node sent cannot be read.
  void refuse(const fault& why) {
    if (const auto link = connection_->link())
      link->close(write_message(gateway_bye{gateway_reason::malformed, why.what, 0}));
  }

  void take(const gateway_challenge& x) {
    auto answer = answer_to(x, hello_, terms_.key, events_.unix_ms());
    if (answer)
      return send(*answer);
    last_message_ = gateway_refusal{gateway_reason::malformed, answer.error().what, 0};
    if (const auto link = connection_->link())
      link->close("");
  }

  void take(const gateway_welcome& x) {
    welcome_ = true;
    failures_ = 0;
    open_until_ = 0;
    silence_ms_ = x.silence_ms;
    events_.welcome(x);
  }

  void take(const gateway_refusal& x) {
    if (x.reason == gateway_reason::wrong_version && hello_.protocol != gateway_protocol_oldest) {
      hello_.protocol = gateway_protocol_oldest; // an older node
      hello_.mechanisms.reset();
      attempt_again_ = true; // when it has closed the connection, as it does behind a refusal
      return;
    }
    if (x.reason == gateway_reason::malformed && hello_.mechanisms) {
      hello_.mechanisms.reset(); // an older node, or it is refused again for something else
      attempt_again_ = true;
      return;
    }
    last_message_ = x;
    events_.refused(x, false);
  }

  void take(const gateway_bye& x) {
    last_message_ = gateway_refusal{x.reason, x.text, x.retry_ms};
    events_.refused(*last_message_, true);
  }

  void take(const wire_question& x) {
    if (const auto read = events_.asked(x); !read)
      refuse(read.error());
  }
  void take(const wire_notice& x) {
    if (const auto read = events_.noticed(x); !read)
      refuse(read.error());
  }
  void take(const gateway_ping& x) { send(gateway_pong{x.id}); }
  void take(const gateway_pong&) {}
  template <class Other>
  void take(const Other&) {} // a miner's own messages cannot be read from a node

  void lost(const std::string& why) {
    open_ = welcome_ = false;
    open_until_ = 0;
    if (stopping_)
      return finish();
    if (std::exchange(attempt_again_, false))
      return begin_attempt();
    const auto retry = last_message_ ? last_message_->retry_ms : 0;
    const auto pause = back_off_ms(terms_.pause, ++failures_, events_.chance(), retry);
    events_.lost(last_message_ ? last_message_->text : why, pause);
    if (stopping_)
      return;
    pause_.expires_after(std::chrono::milliseconds{pause});
    pause_.async_wait([self = shared_from_this()](const error_code& error) {
      if (!error)
        self->begin_attempt();
    });
  }

  /// `run` ends by itself when nothing is pending any more.
  void finish() {
    if (std::exchange(finished_, true))
      return;
    pause_.cancel();
    timer_.cancel();
    connection_->drop("this miner stops");
  }

  /// All deadlines: connection, handshake, silence of the node.
  void tick() {
    if (finished_)
      return;
    const auto at = steady_ms();
    if (const auto link = connection_->link()) {
      if (open_ && !welcome_ && open_until_ != 0 && at >= open_until_)
        link->drop("the node sent no welcome in time");
      else if (welcome_ && silence_ms_ != 0 && at - received_at_ > silence_ms_)
        link->drop("the node was silent for " + std::to_string(at - received_at_) + " ms");
      link->tick(at);
    } else if (open_until_ != 0 && at >= open_until_) {
      connection_->drop("no connection in time");
    }
    timer_.expires_after(std::chrono::milliseconds{terms_.tick_ms});
    timer_.async_wait([self = shared_from_this()](const error_code& error) {
      if (!error)
        self->tick();
    });
  }

  gateway_client_terms terms_;
  gateway_client_events events_;
  gateway_hello hello_;
  std::shared_ptr<websocket_caller> connection_;
  asio::steady_timer pause_{io};
  asio::steady_timer timer_{io};
  std::optional<gateway_refusal> last_message_;
  uint64_t failures_ = 0;
  uint64_t open_until_ = 0;
  uint64_t received_at_ = 0;
  uint64_t silence_ms_ = 0;
  bool open_ = false;
  bool welcome_ = false;
  bool attempt_again_ = false; // at once
  bool stopping_ = false;
  bool finished_ = false;
};

gateway_client::gateway_client(std::shared_ptr<caller> x) : caller_(std::move(x)) {}

gateway_client::~gateway_client() = default;

result<std::unique_ptr<gateway_client>>
gateway_client::make(gateway_client_terms terms, gateway_client_events events) {
  auto made = std::make_shared<caller>(std::move(terms), std::move(events));
  if (auto good = made->prepare(); !good)
    return good.error();
  return std::unique_ptr<gateway_client>{new gateway_client{std::move(made)}};
}

void gateway_client::run() {
  caller_->run();
}

void gateway_client::send(const gateway_message& x) {
  caller_->send(x);
}

void gateway_client::break_off() {
  caller_->break_off();
}

void gateway_client::stop() {
  boost::asio::post(caller_->io, [who = std::weak_ptr{caller_}] {
    if (const auto x = who.lock())
      x->stop();
  });
}

} // namespace sluice::net
