#include "net/door/client.hpp"

#include "net/http/link.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <variant>

namespace sluice::net {

namespace {

namespace asio = boost::asio;
using error_code = boost::system::error_code;
using resolver = asio::ip::basic_resolver<asio::ip::tcp, asio::io_context::executor_type>;

result<std::shared_ptr<tls_context>> client_tls(const door_client_terms& terms) {
  if (terms.where.scheme != door_scheme::wss)
    return std::shared_ptr<tls_context>{};
  auto tls = std::make_shared<tls_context>(asio::ssl::context::tls_client);
  error_code error;
  tls->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1
                     | asio::ssl::context::no_tlsv1_1,
                   error);
  if (terms.ca.empty())
    tls->set_default_verify_paths(error);
  else
    tls->load_verify_file(terms.ca, error);
  if (error)
    return fault{ec::bad_input, terms.ca + ": expected the certificate of a CA in PEM form ("
                                  + error.message() + ")"};
  tls->set_verify_mode(asio::ssl::verify_peer);
  return tls;
}

} // namespace

result<door_answer> answer_to(const door_challenge& challenge, const door_hello& hello,
                              const key_pair& key, uint64_t unix_ms) {
  if (challenge.protocol != hello.protocol)
    return fault{ec::refused, "the node speaks protocol " + std::to_string(challenge.protocol)
                                + ", this miner " + std::to_string(hello.protocol)};
  if (!is_door_id(challenge.node) || !is_door_id(challenge.nonce))
    return fault{ec::refused, "the node's challenge is not one: its id or its nonce has spaces or"
                              " line feeds in it"};
  const auto text = statement_text({hello.protocol, peer_role::miner, challenge.node, hello.key,
                                    key.kind, challenge.nonce, unix_ms});
  return door_answer{challenge.nonce, unix_ms, to_hex(sign(key.secret, text))};
}

class door_client::caller : public std::enable_shared_from_this<caller> {
public:
  caller(door_client_terms terms, door_client_events events, std::shared_ptr<tls_context> tls)
    : terms_(std::move(terms)), events_(std::move(events)), tls_(std::move(tls)) {
    hello_ = {terms_.protocol,
              std::string{to_string(peer_role::miner)},
              {terms_.key.address},
              std::string{to_string(terms_.key.kind)},
              terms_.software};
  }

  void run() {
    knock();
    tick();
    io.run();
  }

  void say(const door_message& x) {
    if (link_ && open_)
      link_->say(write_message(x, hello_.protocol));
  }

  void break_off() {
    if (const auto link = link_)
      link->drop("broken off by this miner");
  }

  void stop() {
    const bool again = std::exchange(stopping_, true);
    if (link_ && welcome_ && !again)
      return link_->close(write_message(door_bye{door_reason::closing, "this miner stops", 0}));
    finish();
  }

  asio::io_context io{1};

private:
  void knock() {
    open_ = welcome_ = false;
    last_words_.reset();
    open_until_ = steady_ms() + terms_.open_ms;
    const auto& at = terms_.where.at;
    resolver_.async_resolve(at.host, std::to_string(at.port),
                            [self = shared_from_this()](const error_code& error, auto found) {
                              if (self->finished_)
                                return;
                              if (error)
                                return self->lost(error.message());
                              self->connect(found);
                            });
  }

  template <class Found>
  void connect(const Found& found) {
    socket_.emplace(io);
    asio::async_connect(*socket_, found,
                        [self = shared_from_this()](const error_code& error, const auto&) {
                          if (self->finished_ || self->open_until_ == 0)
                            return; // took too long: lost already
                          if (error)
                            return self->lost(error.message());
                          self->greet();
                        });
  }

  void greet() {
    link_owner owner;
    owner.opened = [this] {
      open_ = true;
      open_until_ = steady_ms() + terms_.greet_ms;
      say(hello_);
    };
    owner.heard = [this](std::string_view text) { heard(text); };
    owner.written = [](uint64_t) {};
    owner.ended = [this](const std::string& why) { lost(why); };
    link_terms bounds;
    bounds.open_ms = terms_.open_ms;
    bounds.text_bytes_max = node_bytes_max;
    link_ = make_link(*std::move(socket_), tls_.get(), bounds, std::move(owner));
    socket_.reset();
    const auto link = link_;
    link->connect(terms_.where.at.host, terms_.where.target);
  }

  void heard(std::string_view text) {
    heard_at_ = steady_ms();
    const auto said = read_message(text, door_side::node, node_bytes_max, hello_.protocol);
    if (!said)
      return refuse(said.error());
    std::visit([this](const auto& x) { take(x); }, *said);
  }

  /// What the node says cannot be read.
  void refuse(const fault& why) {
    if (const auto link = link_)
      link->close(write_message(door_bye{door_reason::malformed, why.what, 0}));
  }

  void take(const door_challenge& x) {
    auto answer = answer_to(x, hello_, terms_.key, events_.unix_ms());
    if (answer)
      return say(*answer);
    last_words_ = door_refusal{door_reason::malformed, answer.error().what, 0};
    link_->close("");
  }

  void take(const door_welcome& x) {
    welcome_ = true;
    failures_ = 0;
    open_until_ = 0;
    silence_ms_ = x.silence_ms;
    events_.welcome(x);
  }

  void take(const door_refusal& x) {
    if (x.reason == door_reason::wrong_version && hello_.protocol != door_protocol_oldest) {
      hello_.protocol = door_protocol_oldest; // an older node
      knock_again_ = true; // when it has closed the connection, as it does behind a refusal
      return;
    }
    last_words_ = x;
    events_.refused(x, false);
  }

  void take(const door_bye& x) {
    last_words_ = door_refusal{x.reason, x.text, x.retry_ms};
    events_.refused(*last_words_, true);
  }

  void take(const wire_question& x) {
    if (const auto read = events_.asked(x); !read)
      refuse(read.error());
  }
  void take(const wire_notice& x) {
    if (const auto read = events_.noticed(x); !read)
      refuse(read.error());
  }
  void take(const door_ping& x) { say(door_pong{x.id}); }
  void take(const door_pong&) {}
  template <class Other>
  void take(const Other&) {} // a miner's own words cannot be read from a node

  void lost(const std::string& why) {
    link_.reset();
    open_ = welcome_ = false;
    open_until_ = 0;
    if (stopping_)
      return finish();
    if (std::exchange(knock_again_, false))
      return knock();
    const auto retry = last_words_ ? last_words_->retry_ms : 0;
    const auto pause = back_off_ms(terms_.pause, ++failures_, events_.chance(), retry);
    events_.lost(last_words_ ? last_words_->text : why, pause);
    if (stopping_)
      return;
    pause_.expires_after(std::chrono::milliseconds{pause});
    pause_.async_wait([self = shared_from_this()](const error_code& error) {
      if (!error)
        self->knock();
    });
  }

  /// `run` ends by itself when nothing is pending any more.
  void finish() {
    if (std::exchange(finished_, true))
      return;
    pause_.cancel();
    timer_.cancel();
    resolver_.cancel();
    error_code ignored;
    if (socket_)
      socket_->close(ignored);
    if (const auto link = link_)
      link->drop("this miner stops");
  }

  /// All deadlines: connection, handshake, silence of the node.
  void tick() {
    if (finished_)
      return;
    const auto at = steady_ms();
    if (const auto link = link_) {
      if (open_ && !welcome_ && open_until_ != 0 && at >= open_until_)
        link->drop("the node did not say welcome in time");
      else if (welcome_ && silence_ms_ != 0 && at - heard_at_ > silence_ms_)
        link->drop("the node was silent for " + std::to_string(at - heard_at_) + " ms");
      link->tick(at);
    } else if (socket_ && open_until_ != 0 && at >= open_until_) {
      lost("no connection in time");
      error_code ignored;
      socket_->close(ignored);
    }
    timer_.expires_after(std::chrono::milliseconds{terms_.tick_ms});
    timer_.async_wait([self = shared_from_this()](const error_code& error) {
      if (!error)
        self->tick();
    });
  }

  door_client_terms terms_;
  door_client_events events_;
  std::shared_ptr<tls_context> tls_;
  door_hello hello_;
  resolver resolver_{io};
  std::optional<tcp_socket> socket_;
  std::shared_ptr<websocket_link> link_;
  asio::steady_timer pause_{io};
  asio::steady_timer timer_{io};
  std::optional<door_refusal> last_words_;
  uint64_t failures_ = 0;
  uint64_t open_until_ = 0;
  uint64_t heard_at_ = 0;
  uint64_t silence_ms_ = 0;
  bool open_ = false;
  bool welcome_ = false;
  bool knock_again_ = false; // at once
  bool stopping_ = false;
  bool finished_ = false;
};

door_client::door_client(std::shared_ptr<caller> x) : caller_(std::move(x)) {}

door_client::~door_client() = default;

result<std::unique_ptr<door_client>>
door_client::make(door_client_terms terms, door_client_events events) {
  auto tls = client_tls(terms);
  if (!tls)
    return tls.error();
  return std::unique_ptr<door_client>{new door_client{
    std::make_shared<caller>(std::move(terms), std::move(events), *std::move(tls))}};
}

void door_client::run() {
  caller_->run();
}

void door_client::say(const door_message& x) {
  caller_->say(x);
}

void door_client::break_off() {
  caller_->break_off();
}

void door_client::stop() {
  boost::asio::post(caller_->io, [who = std::weak_ptr{caller_}] {
    if (const auto x = who.lock())
      x->stop();
  });
}

} // namespace sluice::net
