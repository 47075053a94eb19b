/// The sports routes on a real socket, with a backend in memory and a clock of the test's.
#pragma once

#include "net/http/server.hpp"
#include "net/keys/sr25519.hpp"
#include "net/keys/ss58.hpp"
#include "net/sports/frame_data.hpp"
#include "net/sports/routes.hpp"
#include "rules/canonical_json.hpp"
#include "rules/json_text.hpp"
#include "tests/support/bare_socket.hpp"
#include "tests/support/pause.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::test {

/// Takes every prediction of a game that it knows, once. Answers at once, or when `release` is
/// called while `hold` is set.
class memory_sports final : public net::sports_backend {
public:
  using answers = std::vector<prediction_answer>;

  std::optional<miner_uid> registered(const hotkey& key) const override {
    const std::lock_guard lock{mutex_};
    const auto at = miners_.find(key);
    return at == miners_.end() ? std::nullopt : std::optional{at->second};
  }
  bool takes_predictions() const override { return takes; }

  void submit(net::sports_batch batch, net::sports_reply<answers> reply) override {
    std::function<void()> answer
      = [this, batch = std::move(batch), reply = std::move(reply)] { reply(judged(batch)); };
    if (!hold)
      return answer();
    const std::lock_guard lock{mutex_};
    held_.push_back(std::move(answer));
  }

  void games(net::sports_games_query query,
             net::sports_reply<std::vector<sports_game>> reply) const override {
    if (failure)
      return reply(*failure);
    std::vector<sports_game> made;
    for (const auto& x : all_games) // by (changed, id)
      if (std::pair{net::changed_us(x), x.external_id} > std::pair{query.since_us, query.after_id}
          && made.size() < query.limit)
        made.push_back(x);
    reply(made);
  }

  void confirmations(
    hotkey key, std::vector<std::string> ids,
    net::sports_reply<std::vector<std::optional<stored_prediction>>> reply) const override {
    if (failure)
      return reply(*failure);
    std::vector<std::optional<stored_prediction>> made;
    const std::lock_guard lock{mutex_};
    for (const auto& id : ids) {
      const auto at = stored_.find(id);
      made.push_back(at != stored_.end() && at->second.key == key ? std::optional{at->second}
                                                                  : std::nullopt);
    }
    reply(made);
  }

  std::optional<sports_standing> standing(const hotkey&) const override { return stands; }

  std::vector<sports_nonce> nonces() const override {
    const std::lock_guard lock{mutex_};
    return nonces_;
  }
  void
  keep_nonces(std::vector<sports_nonce> all, std::function<void(result<nothing>)> done) override {
    if (nonce_failure)
      return done(*nonce_failure);
    {
      const std::lock_guard lock{mutex_};
      nonces_.insert(nonces_.end(), all.begin(), all.end());
    }
    done(nothing{});
  }
  void connection_changed(const net::sports_connection_event& x) override {
    const std::lock_guard lock{mutex_};
    events_.push_back(x);
  }

  /// Answers everything that is held, in order.
  void release() {
    std::vector<std::function<void()>> all;
    {
      const std::lock_guard lock{mutex_};
      all.swap(held_);
    }
    for (const auto& x : all)
      x();
  }
  size_t held() const {
    const std::lock_guard lock{mutex_};
    return held_.size();
  }
  void add_miner(const std::string& address, uint16_t uid) {
    const std::lock_guard lock{mutex_};
    miners_[{address}] = {uid};
  }
  void remove_miner(const std::string& address) {
    const std::lock_guard lock{mutex_};
    miners_.erase({address});
  }
  std::map<std::string, stored_prediction> stored() const {
    const std::lock_guard lock{mutex_};
    return stored_;
  }
  std::vector<net::sports_connection_event> events() const {
    const std::lock_guard lock{mutex_};
    return events_;
  }

  std::atomic<bool> takes = true;
  std::atomic<bool> hold = false;
  std::optional<fault> failure;       // of everything; set before it is asked
  std::optional<fault> nonce_failure; // of keep_nonces
  std::optional<sports_standing> stands;
  std::map<std::string, prediction_code> refused; // by game
  std::vector<sports_game> all_games;

private:
  result<answers> judged(const net::sports_batch& batch) {
    if (failure)
      return *failure;
    answers made;
    const std::lock_guard lock{mutex_};
    for (const auto& claim : batch.claims) {
      prediction_answer x;
      x.prediction_id = claim.prediction_id.text;
      const auto why = refused.find(claim.game_id.text);
      if (claim.prediction_id.kind != claim_kind::text) {
        x.code = prediction_code::missing_data;
        x.message = "Missing prediction id";
      } else if (why != refused.end()) {
        x.code = why->second;
        x.message = "Game has already started";
      } else {
        stored_prediction row;
        row.prediction_id = x.prediction_id;
        row.key = batch.key;
        row.way = batch.way;
        row.received_us = batch.received_us;
        const bool is_new = stored_.emplace(x.prediction_id, row).second;
        x.code = is_new ? prediction_code::accepted : prediction_code::duplicate_prediction;
        x.same = !is_new;
        x.message = is_new ? "Prediction accepted" : "Prediction was stored before";
        x.outcome = game_outcome::team_a;
      }
      made.push_back(x);
    }
    return made;
  }

  mutable std::mutex mutex_; // of what is private
  std::map<hotkey, miner_uid> miners_;
  std::map<std::string, stored_prediction> stored_;
  std::vector<sports_nonce> nonces_;
  std::vector<std::function<void()>> held_;
  std::vector<net::sports_connection_event> events_;
};

/// What came over a WebSocket: a text, or the close frame, or neither when the connection ended.
struct sports_frame {
  std::string text;
  uint16_t close = 0; // code of a close frame
  std::string reason;
  bool end = false;

  nlohmann::json body() const { return nlohmann::json::parse(text, nullptr, false); }
};

/// A WebSocket client that sends any texts.
class sports_socket {
public:
  explicit sports_socket(uint16_t port) : socket_(port) {
    socket_.send("GET /ws HTTP/1.1\r\nHost: node\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
                 "\r\n");
    const auto got = socket_.read_until("\r\n\r\n");
    const auto end = got.find("\r\n\r\n");
    bytes_ = end == std::string::npos ? "" : got.substr(end + 4);
  }

  void send(std::string_view text) const { socket_.send_text(text); }
  void send_bytes(std::string_view bytes) const { socket_.send(bytes); }

  /// The next frame; waits a minute at most.
  sports_frame next() {
    sports_frame x;
    need(2);
    if (bytes_.size() < 2) {
      x.end = true;
      return x;
    }
    const auto kind = bytes_[0] & 0x0f;
    size_t head = 2;
    uint64_t size = static_cast<unsigned char>(bytes_[1]);
    if (size >= 126) {
      const size_t digits = size == 126 ? 2 : 8;
      need(2 + digits);
      size = 0;
      for (size_t i = 0; i < digits && 2 + i < bytes_.size(); ++i)
        size = size << 8 | static_cast<unsigned char>(bytes_[2 + i]);
      head += digits;
    }
    need(head + size);
    x.text = bytes_.substr(std::min(head, bytes_.size()), size);
    bytes_.erase(0, head + size);
    if (kind == 8) {
      x.close = x.text.size() < 2 ? 1005
                                  : static_cast<uint16_t>(static_cast<unsigned char>(x.text[0]) << 8
                                                          | static_cast<unsigned char>(x.text[1]));
      x.reason = x.text.size() < 2 ? "" : x.text.substr(2);
      x.text.clear();
    }
    return x;
  }

  /// The next text of this type, past others.
  nlohmann::json next_of(std::string_view type) {
    for (int i = 0; i < 10'000; ++i) {
      const auto x = next();
      if (x.end || x.close != 0)
        break;
      auto body = x.body();
      if (body.is_object() && body.value("type", "") == type)
        return body;
    }
    return nlohmann::json(nlohmann::json::value_t::discarded);
  }

  /// The close frame, past texts.
  sports_frame next_close() {
    auto x = next();
    for (int i = 0; i < 10'000 && !x.end && x.close == 0; ++i)
      x = next();
    return x;
  }

private:
  void need(size_t bytes) {
    std::array<char, 65536> chunk{};
    pollfd ready{socket_.fd(), POLLIN, 0};
    while (bytes_.size() < bytes && ::poll(&ready, 1, 60'000) > 0) {
      const auto n = ::recv(socket_.fd(), chunk.data(), chunk.size(), 0);
      if (n <= 0)
        return;
      bytes_.append(chunk.data(), static_cast<size_t>(n));
    }
  }

  bare_socket socket_;
  std::string bytes_;
};

/// `status`: 100 to 599; 0 when there was none.
struct sports_response {
  unsigned status = 0;
  nlohmann::json body;
};

class sports_wire_world {
public:
  /// The clock of the recorded frames.
  static constexpr int64_t begin_us = 1'743'508'800'123'456;

  explicit sports_wire_world(const std::function<void(net::sports_connections_terms&)>& change = {},
                             std::shared_ptr<memory_sports> with = {}) {
    backend = with ? std::move(with) : std::make_shared<memory_sports>();
    terms_.unix_us = [now = now] { return now->load(); };
    terms_.signer = net::sports_signer_of(key(200));
    terms_.tick_ms = 5;
    if (change)
      change(terms_);
    start();
  }
  ~sports_wire_world() { server.reset(); }
  sports_wire_world(const sports_wire_world&) = delete;
  sports_wire_world& operator=(const sports_wire_world&) = delete;

  /// A new process on the same store.
  void restart() {
    server.reset();
    connections.reset();
    start();
  }

  /// 1 to 65535.
  uint16_t port() const { return socket_->port(); }

  sports_response
  call(const std::string& method, const std::string& target, const std::string& body = "") const {
    const bare_socket peer{port()};
    peer.send(method + ' ' + target + " HTTP/1.1\r\nHost: node\r\nConnection: close\r\n"
              + (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n")
              + "\r\n" + body);
    const auto text = peer.read_until();
    sports_response x;
    if (text.size() < 12 || !text.starts_with("HTTP/1.1 "))
      return x;
    x.status = static_cast<unsigned>(std::stoul(text.substr(9, 3)));
    x.body = nlohmann::json::parse(text.substr(text.find("\r\n\r\n") + 4), nullptr, false);
    return x;
  }

  /// Keys that are the same in every run.
  static net::key_pair key(uint8_t number) {
    std::array<uint8_t, 32> seed{};
    seed.fill(number);
    return net::make_key_pair(net::secret_seed{seed});
  }

  /// The object of a prediction.
  static std::string prediction(const std::string& id, const std::string& game = "501") {
    return json_object{}
      .add("prediction_id", std::string_view{id})
      .add("game_id", std::string_view{game})
      .add("miner_uid", 1)
      .add("predicted_outcome", 0)
      .raw("predicted_odds", "1.9")
      .raw("wager", "10.0")
      .text();
  }

  static sports_game game(const std::string& id, int64_t changed_us = begin_us) {
    sports_game x;
    x.external_id = id;
    x.team_a = "Home " + id;
    x.team_b = "Away " + id;
    x.sport = "soccer";
    x.start_us = begin_us + int64_t{86'400} * 1'000'000;
    x.team_a_odds = 1'900'000'000;
    x.team_b_odds = 2'050'000'000;
    x.created_us = begin_us;
    x.updated_us = changed_us;
    return x;
  }

  /// Is it so within a minute?
  template <class F>
  static bool becomes(F what) {
    for (int i = 0; i < 12'000; ++i) {
      if (what())
        return true;
      pause_for(std::chrono::milliseconds{5});
    }
    return false;
  }

  std::shared_ptr<std::atomic<int64_t>> now = std::make_shared<std::atomic<int64_t>>(begin_us);
  std::shared_ptr<memory_sports> backend;
  std::shared_ptr<net::sports_connections> connections;
  std::unique_ptr<net::http_server> server;

private:
  void start() {
    connections = std::make_shared<net::sports_connections>(terms_);
    net::http_router routes;
    net::add_sports_routes(routes, connections, backend);
    auto opened = net::listening_socket::open("127.0.0.1:0");
    if (!opened)
      throw std::runtime_error(opened.error().what);
    socket_.emplace(*std::move(opened));
    net::http_server_terms terms;
    terms.tick_ms = 5;
    terms.limits.linger_ms = 200;
    terms.limits.connections_per_network = 1000;
    auto made = net::http_server::start(*socket_, std::move(terms), std::move(routes));
    if (!made)
      throw std::runtime_error(made.error().what);
    server = *std::move(made);
  }

  net::sports_connections_terms terms_;
  std::optional<net::listening_socket> socket_;
};

/// A miner with a key that writes frames by a clock of its own.
class sports_test_miner {
public:
  explicit sports_test_miner(const net::key_pair& keys,
                             int64_t now_us = sports_wire_world::begin_us)
    : writer_(net::sports_signer_of(keys)), now_us_(now_us) {}

  std::string handshake() { return writer_.handshake(now_us_); }
  std::string frame(std::string_view type, const std::string& data = "{}") {
    auto canonical = canonical_json(data, {16, 4096, 64});
    return writer_.envelope(type, canonical ? *canonical : data, now_us_);
  }
  std::string predict(const std::string& id, const std::string& game = "501") {
    return frame("prediction", sports_wire_world::prediction(id, game));
  }

  /// Through the handshake; the welcome is read.
  std::unique_ptr<sports_socket> connect(uint16_t port) {
    auto x = std::make_unique<sports_socket>(port);
    x->send(handshake());
    welcome = x->next();
    return x;
  }

  const std::string& address() const { return writer_.address(); }
  void set_now(int64_t us) { now_us_ = us; }

  sports_frame welcome;

private:
  net::sports_writer writer_;
  int64_t now_us_;
};

} // namespace sluice::test
