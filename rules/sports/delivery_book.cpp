#include "rules/sports/delivery_book.hpp"

namespace sluice {

namespace {

constexpr int64_t put_off_us = 30'000'000;

} // namespace

bool delivery_book::add(deliverable x) {
  if (all_.contains(x.number) || numbers_.contains(x.prediction_id))
    return false;
  numbers_.emplace(x.prediction_id, x.number);
  row made;
  for (const auto& validator : validators_)
    made.places[validator] = {};
  const auto number = x.number;
  made.what = std::move(x);
  all_.emplace(number, std::move(made));
  return true;
}

void delivery_book::restore(uint64_t number, const std::string& validator, delivery_state state) {
  if (auto* x = place_of(number, validator))
    x->state = std::move(state);
}

delivery_book::place* delivery_book::place_of(uint64_t number, const std::string& validator) {
  const auto at = all_.find(number);
  if (at == all_.end())
    return nullptr;
  const auto x = at->second.places.find(validator);
  return x == at->second.places.end() ? nullptr : &x->second;
}

const delivery_state* delivery_book::find(uint64_t number, const std::string& validator) const {
  const auto at = all_.find(number);
  if (at == all_.end())
    return nullptr;
  const auto x = at->second.places.find(validator);
  return x == at->second.places.end() ? nullptr : &x->second.state;
}

std::optional<uint64_t> delivery_book::number_of(std::string_view prediction_id) const {
  const auto at = numbers_.find(prediction_id);
  return at == numbers_.end() ? std::nullopt : std::optional{at->second};
}

size_t delivery_book::under_way(const std::string& validator) const {
  size_t made = 0;
  for (const auto& [number, x] : all_)
    if (const auto at = x.places.find(validator); at != x.places.end() && at->second.under_way)
      ++made;
  return made;
}

std::vector<const deliverable*> delivery_book::to_send(const std::string& validator, int64_t now_us,
                                                       size_t count, size_t bytes) const {
  std::vector<const deliverable*> made;
  for (const auto& [number, x] : all_) {
    const auto at = x.places.find(validator);
    if (at == x.places.end() || at->second.state.answered || at->second.under_way
        || at->second.not_before_us > now_us || x.what.start_us <= now_us)
      continue;
    if (made.size() == count || x.what.data.size() > bytes)
      break;
    bytes -= x.what.data.size();
    made.push_back(&x.what);
  }
  return made;
}

std::vector<std::pair<uint64_t, delivery_state>>
delivery_book::sent(const std::string& validator, std::span<const uint64_t> numbers,
                    prediction_way way, int64_t now_us) {
  std::vector<std::pair<uint64_t, delivery_state>> made;
  for (const auto number : numbers)
    if (auto* x = place_of(number, validator)) {
      ++x->state.sent;
      x->state.last_sent_us = now_us;
      x->state.way = way;
      x->under_way = true;
      made.emplace_back(number, x->state);
    }
  return made;
}

void delivery_book::lost(const std::string& validator, int64_t now_us, int64_t pause_us) {
  for (auto& [number, x] : all_)
    if (const auto at = x.places.find(validator); at != x.places.end() && at->second.under_way) {
      at->second.under_way = false;
      at->second.not_before_us = now_us + pause_us;
    }
}

size_t delivery_book::expire(const std::string& validator, int64_t before_us) {
  size_t made = 0;
  for (auto& [number, x] : all_)
    if (const auto at = x.places.find(validator);
        at != x.places.end() && at->second.under_way && at->second.state.last_sent_us < before_us) {
      at->second.under_way = false;
      ++made;
    }
  return made;
}

delivery_book::taken_answer
delivery_book::answered(const std::string& validator, const prediction_answer& x, int64_t now_us) {
  taken_answer made;
  const auto number = number_of(x.prediction_id);
  auto* place = number ? place_of(*number, validator) : nullptr;
  if (!place)
    return made;
  made.number = *number;
  made.known = true;
  place->under_way = false;
  auto& state = place->state;
  if (state.answered && (state.confirmed() || !x.confirmed())) { // the first word stands
    made.state = state;
    return made;
  }
  state.code = x.code;
  state.same = x.same;
  state.message = x.message;
  if (is_final(x.code)) {
    made.first = !state.answered;
    state.answered = true;
    state.answered_us = now_us;
  } else {
    place->not_before_us = now_us + put_off_us;
  }
  made.state = state;
  return made;
}

std::string
delivery_book::why_pending(uint64_t number, const std::string& validator, int64_t now_us) const {
  const auto at = all_.find(number);
  if (at == all_.end())
    return "it is not in the book";
  const auto x = at->second.places.find(validator);
  if (x == at->second.places.end())
    return "it is not for this validator";
  const auto& place = x->second;
  if (place.state.answered)
    return {};
  if (at->second.what.start_us <= now_us)
    return "its game began before it was answered";
  if (place.under_way)
    return "it is under way";
  if (place.not_before_us > now_us)
    return place.state.message.empty() ? "it is sent again in a moment"
                                       : "it is sent again: " + place.state.message;
  return place.state.sent == 0 ? "it was not sent yet" : "it waits for a connection";
}

delivery_counts delivery_book::counts(const std::string& validator, int64_t now_us) const {
  delivery_counts made;
  for (const auto& [number, x] : all_) {
    const auto at = x.places.find(validator);
    if (at == x.places.end())
      continue;
    const auto& state = at->second.state;
    if (state.answered)
      ++(state.confirmed() ? made.confirmed : made.refused);
    else
      ++(x.what.start_us <= now_us ? made.expired : made.pending);
  }
  return made;
}

void delivery_book::forget(int64_t before_us) {
  for (auto at = all_.begin(); at != all_.end();) {
    if (at->second.what.start_us >= before_us) {
      ++at;
      continue;
    }
    numbers_.erase(at->second.what.prediction_id);
    at = all_.erase(at);
  }
}

} // namespace sluice
