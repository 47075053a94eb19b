#include "net/sports/client.hpp"

#include "net/sports/data_fields.hpp"
#include "rules/canonical_json.hpp"
#include "rules/sports/envelope.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <thread>
#include <utility>

namespace sluice::net {

namespace {

namespace asio = boost::asio;

/// A member of an object that is a text; "" when there is none.
std::string text_member(std::string_view object, std::string_view name) {
  data_fields fields{object};
  return fields.text(name, sports_wire::miner_frame_bytes_max);
}

std::optional<miner_uid> uid_in(const std::string& data) {
  data_fields fields{data};
  if (!fields.has("miner_uid"))
    return std::nullopt;
  const auto uid = fields.whole("miner_uid", 0, 65'535);
  return fields.error() ? std::nullopt : std::optional{miner_uid{static_cast<uint16_t>(uid)}};
}

} // namespace

class sports_client::caller : public std::enable_shared_from_this<caller> {
public:
  caller(sports_client_terms terms, std::shared_ptr<sports_writer> writer,
         sports_client_events events)
    : terms_(std::move(terms)), writer_(std::move(writer)), events_(std::move(events)),
      link_(terms_.link) {}

  result<nothing> start() {
    auto made = websocket_caller::make(io_, terms_.where);
    if (!made)
      return made.error();
    sockets_ = *std::move(made);
    thread_ = std::thread{[self = shared_from_this()] {
      self->tick();
      self->io_.run();
    }};
    return nothing{};
  }

  void stop() {
    asio::post(io_, [self = shared_from_this()] { self->finish(); });
    thread_.join();
  }

  void send(std::string type, std::string data) {
    asio::post(io_, [self = shared_from_this(), type = std::move(type), data = std::move(data)] {
      self->say(type, data);
    });
  }

private:
  void say(const std::string& type, const std::string& data) {
    if (const auto socket = sockets_->link(); socket && link_.online())
      socket->send(writer_->envelope(type, data, events_.unix_us()));
  }

  void connect() {
    link_owner owner;
    owner.opened = [this] {
      link_.opened(steady_ms());
      sockets_->link()->send(writer_->handshake(events_.unix_us()));
    };
    owner.received = [this](std::string_view text) { received(text); };
    owner.written = [](uint64_t) {};
    owner.closed = [this](uint16_t, std::string_view reason) {
      if (why_.empty())
        why_ = reason;
    };
    owner.ended = [this](const std::string& why) { lost(why_.empty() ? why : why_); };
    link_terms bounds;
    bounds.open_ms = terms_.link.connect_ms;
    bounds.text_bytes_max = sports_wire::server_text_bytes_max;
    why_.clear();
    validator_.clear();
    sockets_->call(bounds, std::move(owner));
  }

  void received(std::string_view text) {
    link_.received(steady_ms());
    auto envelope = read_sports_envelope(text, sports_wire::server_text_bytes_max);
    if (!envelope)
      return take_unsigned(text);
    if (const auto good
        = check_signed(*envelope, events_.unix_us(), terms_.freshness_s, all_signature_schemes());
        !good)
      return end("the validator's frame is not good: " + good.error().what);
    if (!link_.online()) {
      if (envelope->type != sports_wire::welcome)
        return end("expected a welcome, got " + envelope->type);
      validator_ = envelope->sender;
      link_.welcomed(steady_ms());
      return events_.online(validator_, uid_in(envelope->data));
    }
    if (envelope->sender != validator_)
      return end("a frame of " + envelope->sender + " came in the connection of " + validator_);
    if (envelope->type != sports_wire::heartbeat_ack && envelope->type != sports_wire::heartbeat)
      events_.received(envelope->type, envelope->data);
  }

  /// A refusal of the handshake, or an error of the original's.
  void take_unsigned(std::string_view text) {
    const auto message = text_member(text, "message");
    if (!link_.online()) {
      why_ = message.empty() ? "the validator sent no welcome" : message;
      return;
    }
    if (text_member(text, "type") == sports_wire::error)
      events_.received(std::string{sports_wire::error},
                       "{\"message\": " + canonical_text(message) + '}');
  }

  void end(const std::string& why) {
    why_ = why;
    if (const auto socket = sockets_->link())
      socket->close("", sports_wire::close_policy, "bad frame");
  }

  void lost(const std::string& why) {
    if (finished_)
      return;
    const bool was_online = link_.online();
    const auto pause = link_.lost(steady_ms(), events_.chance());
    events_.lost(why, pause, was_online);
  }

  void tick() {
    if (finished_)
      return;
    const auto now = steady_ms();
    switch (link_.due(now)) {
    case miner_link_action::none:
      break;
    case miner_link_action::connect:
      connect();
      break;
    case miner_link_action::drop:
      sockets_->drop(link_.online() ? "the validator was silent for too long"
                                    : "the validator did not answer in time");
      break;
    case miner_link_action::heartbeat:
      say(std::string{sports_wire::heartbeat}, "{}");
      break;
    }
    if (const auto socket = sockets_->link())
      socket->tick(now);
    timer_.expires_after(std::chrono::milliseconds{terms_.tick_ms});
    timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (!error)
        self->tick();
    });
  }

  /// `run` ends by itself when nothing is pending any more.
  void finish() {
    finished_ = true;
    timer_.cancel();
    if (const auto socket = sockets_->link())
      socket->drop("this miner stops");
    else
      sockets_->drop("this miner stops");
  }

  sports_client_terms terms_;
  std::shared_ptr<sports_writer> writer_;
  sports_client_events events_;
  asio::io_context io_{1};
  asio::steady_timer timer_{io_};
  miner_link link_;
  std::shared_ptr<websocket_caller> sockets_;
  std::string validator_;
  std::string why_;
  bool finished_ = false;
  std::thread thread_;
};

sports_client::sports_client(std::shared_ptr<caller> x) : caller_(std::move(x)) {}

sports_client::~sports_client() {
  caller_->stop();
}

result<std::unique_ptr<sports_client>>
sports_client::start(sports_client_terms terms, std::shared_ptr<sports_writer> writer,
                     sports_client_events events) {
  auto made = std::make_shared<caller>(std::move(terms), std::move(writer), std::move(events));
  if (auto started = made->start(); !started)
    return started.error();
  return std::unique_ptr<sports_client>{new sports_client{std::move(made)}};
}

void sports_client::send(std::string type, std::string data) {
  caller_->send(std::move(type), std::move(data));
}

} // namespace sluice::net
