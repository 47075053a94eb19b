/// Intake of signed predictions on one core, next to what libsodium alone takes for the same
/// signatures in the same run.
///
/// 32 miners sign 16384 predictions on 64 games with ed25519, one envelope each, as they come over
/// a WebSocket. `bare` is crypto_sign_verify_detached over the texts of the signatures, and nothing
/// else. `intake` takes the text of the frame: reads it, makes the text of the signature, checks
/// time, address and signature, looks the nonce up and keeps it, reads the claim, judges it by a
/// book of all predictions so far, encodes the rows of the store (prediction, index, nonce, counts)
/// and the data of the confirmation, and applies the prediction. `batched` are the same predictions
/// in lists of 100 with one signature, as over HTTP. Not in either: sockets, the commit of the
/// rows, and the server's own signature under a confirmation, which is `answer`. Times are CPU time
/// of the thread; rounds of both alternate and medians are shown.
#pragma once

#include "net/sports/frame_data.hpp"
#include "net/sports/signing.hpp"
#include "rules/canonical_json.hpp"
#include "rules/json_text.hpp"
#include "rules/sports/book.hpp"
#include "rules/sports/nonce_book.hpp"
#include "storage/sports/writer.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <memory>
#include <optional>
#include <sodium.h>
#include <string>
#include <utility>
#include <vector>

namespace sluice::bench {

class sports_intake {
public:
  static constexpr double ratio_max = 1.6;

  sports_intake() {
    for (uint16_t i = 0; i < miners; ++i) {
      const auto keys = key(i);
      uids_[{keys.address}] = {i};
      writers_.push_back(std::make_unique<net::sports_writer>(net::sports_signer_of(keys)));
      keys_[keys.address] = keys.open;
    }
    for (int i = 0; i < games; ++i)
      games_.push_back(game(i));
    for (int i = 0; i < predictions; ++i)
      frames_.push_back(frame(i));
    for (int i = 0; i < predictions; i += batch)
      batches_.push_back(batch_frame(i));
    read_for_bare();
  }

  /// 0 when intake takes at most `ratio_max` times what libsodium takes.
  int run() {
    std::vector<double> bare, intake, batched, answer;
    for (int round = 0; round < rounds; ++round) {
      bare.push_back(timed([this] { bare_round(); }));
      intake.push_back(timed([this] { intake_round(frames_); }));
      batched.push_back(timed([this] { intake_round(batches_); }));
      answer.push_back(timed([this] { answer_round(); }));
    }
    const double base = median(bare);
    std::printf("%d predictions, %d miners, %d games; medians of %d rounds, CPU of one thread\n",
                predictions, miners, games, rounds);
    std::printf("bare libsodium check  %7.2f us\n", base);
    std::printf("intake, one signature each  %7.2f us  %.3f x\n", median(intake),
                median(intake) / base);
    std::printf("intake, in lists of %d  %7.2f us  %.3f x\n", batch, median(batched),
                median(batched) / base);
    std::printf("answer (the server's signature)  %7.2f us\n", median(answer));
    const bool good = median(intake) <= ratio_max * base;
    std::printf("at most %.1f x: %s\n", ratio_max, good ? "yes" : "NO");
    return good ? 0 : 1;
  }

private:
  static constexpr uint16_t miners = 32;
  static constexpr int games = 64;
  static constexpr int predictions = 16'384;
  static constexpr int batch = 100;
  static constexpr int rounds = 9;
  static constexpr int64_t now_us = 1'743'508'800'123'456;

  struct signed_text {
    net::public_key key;
    std::string text;
    std::array<uint8_t, 64> signature;
  };

  static net::key_pair key(uint16_t number) {
    std::array<uint8_t, 32> seed{};
    seed[0] = static_cast<uint8_t>(number);
    seed[1] = static_cast<uint8_t>(number >> 8);
    return net::make_key_pair(net::secret_seed{seed});
  }

  static sports_game game(int number) {
    sports_game x;
    x.external_id = std::to_string(5000 + number);
    x.team_a = "Home " + std::to_string(number);
    x.team_b = "Away " + std::to_string(number);
    x.sport = "soccer";
    x.start_us = now_us + int64_t{86'400'000'000};
    x.team_a_odds = 1'900'000'000;
    x.team_b_odds = 2'050'000'000;
    x.created_us = x.updated_us = now_us;
    return x;
  }

  /// The object that a miner of ours sends.
  std::string prediction(int number) const {
    const auto& of = games_[static_cast<size_t>(number / miners % games)];
    char id[40];
    std::snprintf(id, sizeof id, "%08x-1111-4111-8111-%012x", static_cast<unsigned>(number),
                  static_cast<unsigned>(number));
    return json_object{}
      .add("prediction_id", std::string_view{id})
      .add("game_id", std::string_view{of.external_id})
      .add("miner_uid", number % miners)
      .add("prediction_date", "2025-04-01T12:00:00+00:00")
      .add("predicted_outcome", number % 2)
      .raw("predicted_odds", number % 2 == 0 ? "1.9" : "2.05")
      .add("team_a", std::string_view{of.team_a})
      .add("team_b", std::string_view{of.team_b})
      .raw("wager", "1.5")
      .raw("team_a_odds", "1.9")
      .raw("team_b_odds", "2.05")
      .raw("tie_odds", "null")
      .add("model_name", "elo")
      .raw("confidence_score", "0.75")
      .text();
  }

  std::string signed_frame(int number, const std::string& data) {
    auto& writer = *writers_[static_cast<size_t>(number % miners)];
    return writer.envelope(sports_wire::prediction, *canonical_json(data), now_us);
  }
  std::string frame(int number) { return signed_frame(number, prediction(number)); }
  /// Of one miner: every `miners`-th prediction.
  std::string batch_frame(int first) {
    const int miner = first / batch % miners;
    std::vector<std::string> all;
    for (int i = first; i < std::min(first + batch, predictions); ++i)
      all.push_back(prediction(next_number_of(miner)));
    return signed_frame(miner, net::predictions_data(all));
  }
  /// Each of its own, once: a list has one sender.
  int next_number_of(int miner) { return miner + miners * next_of_[miner]++; }

  void read_for_bare() {
    for (const auto& text : frames_) {
      const auto x = read_sports_envelope(text, sports_wire::miner_frame_bytes_max);
      bare_.push_back({keys_.at(x->sender), signing_text(*x), *net::from_hex<64>(x->signature)});
    }
  }

  template <class F>
  static double timed(F what) {
    const auto begin = cpu_ns();
    what();
    return static_cast<double>(cpu_ns() - begin) / 1000 / predictions;
  }
  static uint64_t cpu_ns() {
    timespec x{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &x);
    return static_cast<uint64_t>(x.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(x.tv_nsec);
  }
  static double median(std::vector<double> all) {
    std::ranges::sort(all);
    return all[all.size() / 2];
  }
  static void need(bool so, const char* what) {
    if (so)
      return;
    std::fprintf(stderr, "sports_bench: %s\n", what);
    std::exit(2);
  }

  void bare_round() const {
    int good = 0;
    for (const auto& x : bare_)
      good += ::crypto_sign_verify_detached(x.signature.data(),
                                            reinterpret_cast<const uint8_t*>(x.text.data()),
                                            x.text.size(), x.key.data())
                  == 0
                ? 1
                : 0;
    need(good == predictions, "a signature is not good");
  }

  /// Everything new, but the games: a day begins.
  void intake_round(const std::vector<std::string>& texts) {
    sports_settings rules;
    rules.daily_limit = 1'000'000 * nano_one;
    sports_book book{rules};
    for (const auto& x : games_)
      book.put(x);
    sports_nonce_book nonces{{}};
    int accepted = 0;
    for (const auto& text : texts)
      accepted += take(book, nonces, text);
    need(accepted == predictions, "a prediction was not accepted");
  }

  int take(sports_book& book, sports_nonce_book& nonces, const std::string& text) {
    const auto x = read_sports_envelope(text, sports_wire::miner_body_bytes_max);
    need(bool(x), "a frame cannot be read");
    const auto schemes = net::all_signature_schemes();
    need(bool(net::check_signed(*x, now_us, 300, schemes)), "a frame is not signed");
    const hotkey key{x->sender};
    need(!nonces.refuses(key, x->nonce, now_us), "a nonce was used before");
    const sports_nonce nonce{key, x->nonce, now_us};
    nonces.keep(nonce);
    auto claims = net::claims_of_data(x->data);
    need(bool(claims), "a claim cannot be read");
    storage::batch rows;
    storage::add_nonces(rows, std::span{&nonce, 1});
    int accepted = 0;
    for (auto& claim : *claims) {
      const prediction_arrival arrival{now_us, key, prediction_way::websocket, std::move(claim)};
      const auto judged = book.judge(arrival, uids_.at(key), std::nullopt);
      need(judged.accepted.has_value(), judged.answer.message.c_str());
      storage::add_accepted(rows, *judged.accepted);
      bytes_ += net::confirmation_data(judged.answer, now_us).size();
      need(bool(book.apply(*judged.accepted)), "a prediction cannot be applied");
      ++accepted;
    }
    bytes_ += rows.writes.size();
    return accepted;
  }

  void answer_round() {
    prediction_answer x;
    x.prediction_id = "11111111-1111-4111-8111-111111111111";
    x.message = "Prediction accepted";
    for (int i = 0; i < predictions; ++i)
      bytes_ += writers_[0]
                  ->envelope(sports_wire::confirmation, net::confirmation_data(x, now_us), now_us)
                  .size();
  }

  std::map<hotkey, miner_uid> uids_;
  std::map<std::string, net::public_key> keys_;
  std::vector<std::unique_ptr<net::sports_writer>> writers_;
  std::vector<sports_game> games_;
  std::vector<std::string> frames_;
  std::vector<std::string> batches_;
  std::map<int, int> next_of_; // of a miner, in lists
  std::vector<signed_text> bare_;
  uint64_t bytes_ = 0; // so that nothing is left out
};

} // namespace sluice::bench
