#include "net/sports/session.hpp"

#include "rules/canonical_json.hpp"
#include "rules/sports/moment.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <utility>

namespace sluice::net {

namespace {

constexpr size_t early_texts_max = 16;
constexpr size_t nonces_at_once = 64;
constexpr size_t link_queue_bytes = size_t{8} << 20;
constexpr std::string_view storage_failed = "the message could not be stored; try again later";

std::string message_data(std::string_view message) {
  return "{\"message\": " + canonical_text(message) + '}';
}

/// The original's members, and the miner's uid, which it needs for its predictions.
std::string welcome_data(miner_uid uid) {
  return "{\"message\": " + canonical_text(sports_wire::welcome_message)
         + ", \"miner_uid\": " + std::to_string(uid.value) + ", \"status\": \"success\"}";
}

} // namespace

sports_session::sports_session(std::shared_ptr<sports_hub> hub, uint64_t number,
                               boost::asio::io_context& io)
  : hub_(std::move(hub)), number_(number), timer_(io), queue_(hub_->terms().transport.queue_max) {}

sports_session::~sports_session() {
  hub_->erase(number_);
  if (admitted_)
    hub_->left(number_, key_, uid_, "the server has stopped");
}

void sports_session::start(websocket_request request) {
  io_ = request.context();
  link_terms terms;
  terms.text_bytes_max = sports_wire::miner_frame_bytes_max;
  terms.queue_bytes_max = link_queue_bytes;
  link_owner owner;
  const auto me = weak_from_this();
  owner.opened = [] {};
  owner.received = [me](std::string_view text) {
    if (const auto self = me.lock())
      self->received(text);
  };
  owner.pinged = [me] {
    if (const auto self = me.lock())
      self->received_at_ = steady_ms();
  };
  owner.written = [me](uint64_t) {
    if (const auto self = me.lock()) {
      self->writing_ = false;
      self->pump();
    }
  };
  owner.ended = [me](const std::string& why) {
    if (const auto self = me.lock())
      self->ended(why);
  };
  link_ = make_link(std::move(request), terms, std::move(owner));
  began_at_ = received_at_ = steady_ms();
  const auto link = link_;
  link->accept();
  tick();
}

void sports_session::received(std::string_view text) {
  received_at_ = steady_ms();
  switch (phase_) {
  case phase::greeting:
    return greet(text);
  case phase::admitting:
    if (early_.size() == early_texts_max)
      return refuse(sports_wire::invalid_authentication, sports_wire::close_policy,
                    sports_wire::close_invalid);
    early_.emplace_back(text);
    return;
  case phase::online:
    return frame(text);
  case phase::ending:
    return;
  }
}

void sports_session::greet(std::string_view text) {
  if (!hub_->online())
    return end(sports_wire::close_normal, sports_wire::close_shutdown, false);
  const auto backend = hub_->backend();
  const auto& terms = hub_->terms();
  const auto invalid = [this] {
    refuse(sports_wire::invalid_authentication, sports_wire::close_policy,
           sports_wire::close_invalid);
  };
  const auto shake = read_sports_handshake(text);
  if (!shake || !check_signed(*shake, hub_->now_us(), terms.transport.freshness_s, terms.schemes))
    return invalid();
  const hotkey key{shake->hotkey};
  const auto uid = backend->registered(key);
  if (!uid)
    return refuse(sports_wire::not_registered, sports_wire::close_policy,
                  sports_wire::close_unregistered);
  sports_nonce nonce;
  if (!hub_->take_nonce(key, shake->nonce, shake->timestamp, nonce))
    return invalid();
  phase_ = phase::admitting;
  backend->keep_nonces(
    {nonce}, [me = weak_from_this(), io = io_, key, uid = *uid](const result<nothing>& stored) {
      if (const auto context = io.lock())
        boost::asio::post(*context, [me, key, uid, stored] {
          if (const auto self = me.lock())
            self->admit(key, uid, stored);
        });
    });
}

void sports_session::admit(const hotkey& key, miner_uid uid, const result<nothing>& stored) {
  if (phase_ != phase::admitting)
    return;
  if (!stored)
    return refuse(storage_failed, sports_wire::close_failed, storage_failed);
  key_ = key;
  uid_ = uid;
  admitted_ = true;
  phase_ = phase::online;
  const auto now = steady_ms();
  heartbeat_at_ = now + hub_->terms().transport.websocket_heartbeat_s * 1000;
  sweep_at_ = now + hub_->terms().sweep_ms;
  hub_->authenticated(shared_from_this(), key_, uid_); // whoever reads the welcome has the hotkey
  say(sports_wire::welcome, welcome_data(uid_));
  auto early = std::exchange(early_, {});
  for (const auto& text : early)
    if (phase_ == phase::online)
      frame(text);
}

void sports_session::refuse(std::string_view message, uint16_t code, std::string_view reason) {
  if (phase_ == phase::ending)
    return;
  phase_ = phase::ending;
  hub_->count([](auto& x) { ++x.refused; });
  if (const auto link = link_)
    link->close(refusal_text(message), code, reason);
}

void sports_session::frame(std::string_view text) {
  const auto& terms = hub_->terms();
  if (frames_.take(terms.frames, 1, received_at_) != 0) {
    hub_->count([](auto& x) { ++x.slow; });
    return end(sports_wire::close_policy, sports_wire::close_fast, false);
  }
  const auto x = read_sports_envelope(text, sports_wire::miner_frame_bytes_max);
  const bool is_json = x || x.error().code == ec::refused;
  sports_nonce nonce;
  const bool good = x && x->sender == key_.value
                    && check_signed(*x, hub_->now_us(), terms.transport.freshness_s, terms.schemes)
                    && hub_->take_nonce(key_, x->nonce, x->timestamp, nonce);
  hub_->count([good](auto& all) {
    ++all.received;
    all.bad += good ? 0 : 1;
  });
  if (!is_json)
    return say_error(sports_wire::invalid_json);
  if (!good)
    return say_flat(sports_wire::invalid_message);
  nonces_.push_back(std::move(nonce));
  if (nonces_.size() >= nonces_at_once)
    keep_nonces();
  handle(*x);
}

void sports_session::handle(const sports_envelope& x) {
  if (x.type == sports_wire::heartbeat)
    return say(sports_wire::heartbeat_ack, "{}");
  if (x.type == sports_wire::heartbeat_ack)
    return;
  if (x.type == sports_wire::prediction)
    return predict(x);
  say_error(std::string{sports_wire::unknown_type} + x.type);
}

void sports_session::predict(const sports_envelope& x) {
  const auto backend = hub_->backend();
  if (!hub_->online() || !backend->takes_predictions())
    return say_error(sports_wire::no_prediction_handler);
  auto claims = claims_of_data(x.data);
  if (!claims)
    return reject({{"", prediction_code::missing_data, false, claims.error().what}});
  const auto count = claims->size();
  hub_->count([count](auto& all) { all.predictions += count; });
  std::vector<std::string> ids;
  for (const auto& claim : *claims)
    ids.push_back(id_of_claim(claim));
  if (unanswered_ + count > hub_->terms().transport.queue_max) {
    std::vector<prediction_answer> answers;
    for (auto& id : ids)
      answers.push_back({std::move(id), prediction_code::storage_error, false,
                         "too many predictions wait for an answer; send it again later"});
    return reject(std::move(answers));
  }
  unanswered_ += count;
  backend->submit({key_, prediction_way::websocket, hub_->now_us(), *std::move(claims)},
                  [hub = hub_, key = key_, me = weak_from_this(), io = io_,
                   ids = std::move(ids)](const result<std::vector<prediction_answer>>& got) {
                    hub->confirm(key, answers_of(got, ids));
                    if (const auto context = io.lock())
                      boost::asio::post(*context, [me, count = ids.size()] {
                        if (const auto self = me.lock())
                          self->answered(count);
                      });
                  });
}

void sports_session::reject(std::vector<prediction_answer> answers) {
  std::vector<waiting_frame> frames;
  for (const auto& x : answers)
    frames.push_back({frame_urgency::confirmation, std::string{sports_wire::confirmation},
                      confirmation_data(x, hub_->now_us())});
  push(std::move(frames));
}

void sports_session::answered(size_t predictions) {
  unanswered_ -= predictions;
}

void sports_session::say(std::string_view type, std::string data) {
  push({{frame_urgency::normal, std::string{type}, std::move(data)}});
}

void sports_session::say_error(std::string_view message) {
  say(sports_wire::error, message_data(message));
}

void sports_session::say_flat(std::string_view message) {
  say({}, flat_error_text(message, sports_time_text(hub_->now_us())));
}

void sports_session::push(std::vector<waiting_frame> frames) {
  if (phase_ != phase::online)
    return;
  for (auto& x : frames)
    if (!queue_.push(std::move(x))) {
      hub_->count([](auto& all) { ++all.slow; });
      return end(sports_wire::close_policy, sports_wire::close_slow, false);
    }
  pump();
}

void sports_session::push_games(const std::vector<waiting_frame>& frames,
                                const std::string& digest) {
  if (phase_ != phase::online)
    return;
  const bool same = std::exchange(games_digest_, digest) == digest;
  hub_->count([same, n = frames.size()](auto& x) {
    (same ? x.game_updates_unchanged : x.game_updates_sent) += n;
  });
  if (!same)
    push(frames);
}

/// One text at a time: what is urgent never waits behind more than that.
void sports_session::pump() {
  const auto link = link_;
  if (!link || writing_ || phase_ != phase::online)
    return;
  auto next = queue_.pop();
  if (!next)
    return;
  writing_ = true;
  if (next->urgency == frame_urgency::confirmation)
    hub_->count([](auto& x) { ++x.confirmations_sent; });
  link->send(next->type.empty() ? std::move(next->data)
                                : hub_->text_of(next->type, std::move(next->data)),
             number_);
}

void sports_session::replaced() {
  std::vector<waiting_frame> rest;
  while (auto x = queue_.pop())
    if (x->urgency == frame_urgency::confirmation)
      rest.push_back(*std::move(x));
  end(sports_wire::close_normal, sports_wire::close_replaced, false);
  hub_->hand_over(key_, std::move(rest));
}

void sports_session::end(uint16_t code, std::string_view reason, bool send_rest) {
  if (phase_ == phase::ending)
    return;
  phase_ = phase::ending;
  const auto link = link_;
  if (!link)
    return;
  uint64_t confirmations = 0;
  while (auto x = queue_.pop()) {
    const bool confirmation = x->urgency == frame_urgency::confirmation;
    confirmations += confirmation ? 1 : 0;
    if (send_rest)
      link->send(x->type.empty() ? std::move(x->data) : hub_->text_of(x->type, std::move(x->data)));
  }
  hub_->count([confirmations, send_rest](auto& x) {
    (send_rest ? x.confirmations_sent : x.confirmations_failed) += confirmations;
  });
  link->close({}, code, reason);
}

void sports_session::ended(const std::string& why) {
  link_.reset();
  phase_ = phase::ending;
  uint64_t confirmations = 0;
  while (const auto x = queue_.pop())
    confirmations += x->urgency == frame_urgency::confirmation ? 1 : 0;
  hub_->count([confirmations](auto& x) { x.confirmations_failed += confirmations; });
  keep_nonces();
  hub_->erase(number_);
  if (std::exchange(admitted_, false))
    hub_->left(number_, key_, uid_, why);
}

void sports_session::keep_nonces() {
  if (nonces_.empty())
    return;
  if (const auto backend = hub_->backend())
    backend->keep_nonces(std::exchange(nonces_, {}), [](const result<nothing>&) {});
}

void sports_session::tick() {
  const auto link = link_;
  if (!link)
    return; // nothing holds this any more
  const auto now = steady_ms();
  keep_nonces();
  look_at_time(now);
  link->tick(now);
  timer_.expires_after(std::chrono::milliseconds{hub_->terms().tick_ms});
  timer_.async_wait(
    [self = shared_from_this()](const boost::system::error_code&) { self->tick(); });
}

void sports_session::look_at_time(uint64_t now) {
  const auto& terms = hub_->terms();
  if (const auto until = hub_->stops_at(); until != 0 && (unanswered_ == 0 || now >= until))
    return end(sports_wire::close_normal, sports_wire::close_shutdown, true);
  if (phase_ == phase::greeting && now >= began_at_ + terms.handshake_ms)
    return refuse(sports_wire::invalid_authentication, sports_wire::close_policy,
                  sports_wire::close_invalid);
  if (phase_ != phase::online)
    return;
  if (now >= received_at_ + terms.transport.websocket_timeout_s * 1000) {
    hub_->count([](auto& x) { ++x.idle; });
    return end(sports_wire::close_normal, sports_wire::close_idle, true);
  }
  if (now >= sweep_at_) {
    sweep_at_ = now + terms.sweep_ms;
    const auto backend = hub_->backend();
    if (backend && !backend->registered(key_))
      return end(sports_wire::close_policy, sports_wire::close_unregistered, true);
  }
  if (now >= heartbeat_at_) {
    heartbeat_at_ = now + terms.transport.websocket_heartbeat_s * 1000;
    say(sports_wire::heartbeat, "{}");
  }
}

} // namespace sluice::net
