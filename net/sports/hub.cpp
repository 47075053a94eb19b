#include "net/sports/hub.hpp"

#include "net/sports/session.hpp"
#include "rules/sports/moment.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace sluice::net {

namespace {

constexpr size_t games_per_frame = 100;

sports_nonce_terms nonce_terms_of(const sports_connections_terms& terms) {
  auto made = terms.nonces;
  made.freshness_s = terms.transport.freshness_s;
  return made;
}

std::vector<waiting_frame> game_frames(std::span<const sports_game> games, int64_t now_us) {
  std::vector<waiting_frame> made;
  for (size_t i = 0; i < games.size(); i += games_per_frame)
    made.push_back(
      {frame_urgency::game_update, std::string{sports_wire::game_update},
       games_data(games.subspan(i, std::min(games_per_frame, games.size() - i)), now_us)});
  return made;
}

} // namespace

sports_hub::sports_hub(sports_connections_terms terms)
  : terms_(std::move(terms)), began_ms_(steady_ms()), writer_(terms_.signer),
    nonces_(nonce_terms_of(terms_)) {}

std::shared_ptr<sports_backend> sports_hub::backend() const {
  const std::lock_guard lock{mutex_};
  return backend_;
}

void sports_hub::open(std::shared_ptr<sports_backend> backend) {
  const auto used = backend->nonces();
  const std::lock_guard lock{mutex_};
  for (const auto& x : used)
    nonces_.keep(x);
  backend_ = std::move(backend);
}

void sports_hub::take(websocket_request request) {
  const auto io = request.context().lock();
  if (!io)
    return;
  std::shared_ptr<sports_session> made;
  {
    const std::lock_guard lock{mutex_};
    if (stops_at_ != 0 || !backend_ || all_.size() >= terms_.connections_max)
      return; // letting go of it closes the connection
    const auto number = ++last_;
    made = std::make_shared<sports_session>(shared_from_this(), number, *io);
    all_.emplace(number, place{made, io});
  }
  made->start(std::move(request));
}

void sports_hub::stop() {
  const std::lock_guard lock{mutex_};
  if (stops_at_ == 0) // each connection looks at it several times a second
    stops_at_ = steady_ms() + terms_.drain_ms;
}

uint64_t sports_hub::stops_at() const {
  const std::lock_guard lock{mutex_};
  return stops_at_;
}

std::string sports_hub::text_of(std::string_view type, std::string data) {
  return writer_.envelope(type, std::move(data), now_us());
}

bool sports_hub::take_nonce(const hotkey& key, const std::string& nonce,
                            const std::string& timestamp, sports_nonce& taken) {
  const auto now = now_us();
  const auto at = read_sports_moment(timestamp);
  taken = {key, nonce, std::max(at ? at->us : now, now)};
  const std::lock_guard lock{mutex_};
  if (nonces_.refuses(key, nonce, now))
    return false;
  nonces_.keep(taken);
  return true;
}

void sports_hub::authenticated(const std::shared_ptr<sports_session>& who, const hotkey& key,
                               miner_uid uid) {
  place older;
  std::shared_ptr<sports_backend> backend;
  bool replaces = false;
  {
    const std::lock_guard lock{mutex_};
    backend = backend_;
    ++counts_.accepted;
    auto& number = by_key_[key];
    if (const auto at = all_.find(number); number != 0 && at != all_.end()) {
      older = at->second;
      replaces = true;
      ++counts_.replaced;
    }
    number = who->number();
  }
  if (const auto io = older.io.lock())
    if (auto old = older.who.lock())
      boost::asio::post(*io, [old = std::move(old)] { old->replaced(); });
  if (backend)
    backend->connection_changed(
      {replaces ? sports_connection_change::replaced : sports_connection_change::connected,
       key,
       uid,
       who->number(),
       now_us(),
       {}});
}

void sports_hub::left(uint64_t number, const hotkey& key, miner_uid uid, const std::string& why) {
  std::shared_ptr<sports_backend> backend;
  {
    const std::lock_guard lock{mutex_};
    const auto at = by_key_.find(key);
    if (at == by_key_.end() || at->second != number)
      return;
    by_key_.erase(at);
    backend = backend_;
  }
  if (backend)
    backend->connection_changed(
      {sports_connection_change::disconnected, key, uid, number, now_us(), why});
}

void sports_hub::erase(uint64_t number) {
  const std::lock_guard lock{mutex_};
  all_.erase(number);
}

std::optional<sports_hub::place> sports_hub::place_of(const hotkey& key) const {
  const std::lock_guard lock{mutex_};
  const auto number = by_key_.find(key);
  if (number == by_key_.end())
    return {};
  const auto at = all_.find(number->second);
  return at == all_.end() ? std::nullopt : std::optional{at->second};
}

bool sports_hub::push(const hotkey& key, std::vector<waiting_frame> frames) {
  const auto at = place_of(key);
  const auto io = at ? at->io.lock() : nullptr; // outlives the session, whose socket is in it
  auto who = io ? at->who.lock() : nullptr;
  if (!who)
    return false;
  boost::asio::post(*io, [who = std::move(who), frames = std::move(frames)]() mutable {
    who->push(std::move(frames));
  });
  return true;
}

void sports_hub::confirm(const hotkey& key, std::span<const prediction_answer> answers) {
  const auto backend = this->backend();
  const auto standing = backend ? backend->standing(key) : std::nullopt;
  std::vector<waiting_frame> frames;
  for (const auto& x : answers)
    frames.push_back({frame_urgency::confirmation, std::string{sports_wire::confirmation},
                      confirmation_data(x, now_us(), standing)});
  hand_over(key, std::move(frames));
}

void sports_hub::hand_over(const hotkey& key, std::vector<waiting_frame> frames) {
  const auto confirmations = static_cast<uint64_t>(std::ranges::count(
    frames, frame_urgency::confirmation, [](const waiting_frame& x) { return x.urgency; }));
  if (!frames.empty() && !push(key, std::move(frames)))
    count([confirmations](auto& x) { x.confirmations_failed += confirmations; });
}

void sports_hub::publish(std::span<const sports_game> games) {
  if (games.empty())
    return;
  std::vector<place> all;
  {
    const std::lock_guard lock{mutex_};
    for (const auto& [key, number] : by_key_)
      if (const auto at = all_.find(number); at != all_.end())
        all.push_back(at->second);
  }
  if (all.empty())
    return;
  const auto frames
    = std::make_shared<const std::vector<waiting_frame>>(game_frames(games, now_us()));
  const auto digest = digest_of_games(games);
  for (const auto& x : all)
    if (const auto io = x.io.lock())
      if (auto who = x.who.lock())
        boost::asio::post(
          *io, [who = std::move(who), frames, digest] { who->push_games(*frames, digest); });
}

bool sports_hub::send(const hotkey& key, std::span<const sports_game> games) {
  const auto at = place_of(key);
  const auto io = at ? at->io.lock() : nullptr;
  auto who = io ? at->who.lock() : nullptr;
  if (!who || games.empty())
    return false;
  boost::asio::post(*io, [who = std::move(who), frames = game_frames(games, now_us()),
                          digest = digest_of_games(games)] { who->push_games(frames, digest); });
  return true;
}

sports_connection_counts sports_hub::counts() const {
  const std::lock_guard lock{mutex_};
  auto made = counts_;
  made.connections = all_.size();
  made.active = by_key_.size();
  return made;
}

uint64_t sports_hub::uptime_s() const {
  return (steady_ms() - began_ms_) / 1000;
}

bool sports_hub::online() const {
  const std::lock_guard lock{mutex_};
  return backend_ && stops_at_ == 0;
}

} // namespace sluice::net
