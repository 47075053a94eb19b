/// Which predictions of a miner which validator has, and what is sent to whom next.
#pragma once

#include "rules/fields.hpp"
#include "rules/sports/prediction.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice {

/// A prediction as the book knows it. `start_us`: of its game, microseconds since 1970-01-01 UTC.
struct deliverable {
  uint64_t number = 0; // from 1
  std::string prediction_id;
  std::string data; // the object that is sent, canonical JSON
  int64_t start_us = 0;
};

/// How far one has come with one validator; what is stored of it is storage's miner_delivery.
struct delivery_state {
  uint64_t sent = 0;        // how often
  int64_t last_sent_us = 0; // 0: never
  prediction_way way = prediction_way::websocket;
  bool answered = false;
  prediction_code code = prediction_code::other_errors;
  bool same = false;
  std::string message;
  int64_t answered_us = 0;
  constexpr bool confirmed() const {
    return answered && (code == prediction_code::accepted || same);
  }
};

/// Counts of one validator, over what is in the book. `submitted` = `confirmed` + `refused` +
/// `pending` of those that were sent at least once.
struct delivery_counts {
  uint64_t confirmed = 0;
  uint64_t refused = 0;
  uint64_t pending = 0; // can still be answered
  uint64_t expired = 0; // its game began before an answer came
  SLUICE_FIELDS(confirmed, refused, pending, expired)
  bool operator==(const delivery_counts&) const = default;
};

/// Of one writer. Moments are microseconds since 1970-01-01 UTC.
class delivery_book {
public:
  /// `validators`: who every prediction is for.
  explicit delivery_book(std::set<std::string> validators) : validators_(std::move(validators)) {}

  /// A prediction from the disk or new; false: its id or its number is there already.
  bool add(deliverable x);
  /// A state from the disk. Nothing for a prediction that is not there.
  void restore(uint64_t number, const std::string& validator, delivery_state state);

  /// Sent to a validator, and not answered or lost since.
  size_t under_way(const std::string& validator) const;

  /// What is to be sent to a validator now: not answered, not under way, not put off, its game has
  /// not begun; by number, at most `count`, together at most `bytes` of data.
  std::vector<const deliverable*>
  to_send(const std::string& validator, int64_t now_us, size_t count, size_t bytes) const;

  /// These are under way to a validator. Answers the states as they are now.
  std::vector<std::pair<uint64_t, delivery_state>>
  sent(const std::string& validator, std::span<const uint64_t> numbers, prediction_way way,
       int64_t now_us);

  /// Nothing of a validator is under way any more: what has no answer is sent again. `pause_us`:
  /// not before.
  void lost(const std::string& validator, int64_t now_us = 0, int64_t pause_us = 0);
  /// The same for what was sent before `before_us`: answers that never came.
  size_t expire(const std::string& validator, int64_t before_us);

  /// What an answer changed. `known`: the id is one of this miner's; `first`: the first final
  /// answer of this validator.
  struct taken_answer {
    uint64_t number = 0;
    bool known = false;
    bool first = false;
    delivery_state state;
  };
  /// An answer that is not final (storage_error, stale_odds) puts the prediction off by 30 s.
  taken_answer answered(const std::string& validator, const prediction_answer& x, int64_t now_us);

  /// Why one is not answered by a validator yet, a sentence; "": it is.
  std::string why_pending(uint64_t number, const std::string& validator, int64_t now_us) const;

  delivery_counts counts(const std::string& validator, int64_t now_us) const;
  const std::set<std::string>& validators() const { return validators_; }
  size_t size() const { return all_.size(); }
  const delivery_state* find(uint64_t number, const std::string& validator) const;
  std::optional<uint64_t> number_of(std::string_view prediction_id) const;

  /// Forgets predictions whose game began before `before_us`.
  void forget(int64_t before_us);

private:
  struct place {
    delivery_state state;
    bool under_way = false;
    int64_t not_before_us = 0;
  };
  struct row {
    deliverable what;
    std::map<std::string, place> places;
  };
  place* place_of(uint64_t number, const std::string& validator);

  std::set<std::string> validators_;
  std::map<uint64_t, row> all_;
  std::map<std::string, uint64_t, std::less<>> numbers_;
};

/// Is an answer of this code the last word, or is it worth asking again?
constexpr bool is_final(prediction_code x) {
  return x != prediction_code::storage_error && x != prediction_code::stale_odds;
}

} // namespace sluice
