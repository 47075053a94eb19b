#include "actors/sports/backend.hpp"

#include "storage/sports/recall.hpp"
#include "storage/sports/tables.hpp"

#include <caf/send.hpp>

#include <utility>

namespace sluice {

namespace {

namespace tables = storage::tables;

std::string_view word_of_change(net::sports_connection_change x) {
  return x == net::sports_connection_change::connected      ? "connected"
         : x == net::sports_connection_change::disconnected ? "disconnected"
                                                            : "reconnected";
}

class sports_actors_backend final : public net::sports_backend {
public:
  explicit sports_actors_backend(sports_backend_links links) : links_(std::move(links)) {}

  std::optional<miner_uid> registered(const hotkey& key) const override {
    return links_.seen->registered(key);
  }

  void submit(net::sports_batch batch,
              net::sports_reply<std::vector<prediction_answer>> reply) override {
    caf::anon_send(
      links_.intake,
      submit_predictions_message{{std::move(batch.key), batch.way,
                                  links_.stepped ? 0 : batch.received_us, std::move(batch.claims)},
                                 std::move(reply)});
  }

  void games(net::sports_games_query query,
             net::sports_reply<std::vector<sports_game>> reply) const override {
    reply(links_.seen->games(query));
  }

  void confirmations(
    hotkey key, std::vector<std::string> ids,
    net::sports_reply<std::vector<std::optional<stored_prediction>>> reply) const override {
    std::vector<std::optional<stored_prediction>> found;
    for (const auto& id : ids) {
      auto one = find(key, id);
      if (!one)
        return reply(one.error());
      found.push_back(*std::move(one));
    }
    reply(std::move(found));
  }

  std::optional<sports_standing> standing(const hotkey& key) const override {
    return links_.seen->standing(key);
  }

  /// What cannot be read is as if every nonce were fresh: the message itself is no older than the
  /// freshness, and a prediction that comes twice has one id.
  std::vector<sports_nonce> nonces() const override {
    auto all = storage::recall_nonces(*links_.disk, links_.now_us() - links_.nonces_kept_us);
    return all ? *std::move(all) : std::vector<sports_nonce>{};
  }

  void
  keep_nonces(std::vector<sports_nonce> all, std::function<void(result<nothing>)> done) override {
    caf::anon_send(links_.intake, keep_sports_nonces_message{std::move(all), std::move(done)});
  }

  void connection_changed(const net::sports_connection_event& x) override {
    caf::anon_send(links_.intake, sports_presence{std::string{word_of_change(x.change)}, x.key,
                                                  x.uid, x.connection, x.why, x.at_us});
  }

private:
  result<std::optional<stored_prediction>> find(const hotkey& key, const std::string& id) const {
    const auto place = tables::sports_prediction_ids.find(*links_.disk, id);
    if (!place)
      return place.error();
    if (!*place)
      return std::optional<stored_prediction>{};
    auto row = tables::sports_predictions.find(*links_.disk, (*place)->number);
    if (!row)
      return row.error();
    if (*row && (*row)->key != key)
      row->reset(); // somebody else's is none of theirs
    return row;
  }

  sports_backend_links links_;
};

} // namespace

std::shared_ptr<net::sports_backend> make_sports_backend(sports_backend_links links) {
  return std::make_shared<sports_actors_backend>(std::move(links));
}

} // namespace sluice
