#include "actors/observed/seat.hpp"

#include "actors/observed/card.hpp"

#include <utility>

namespace sluice {

std::string_view word(seat_state x) {
  switch (x) {
  case seat_state::running:
    return "running";
  case seat_state::restarting:
    return "restarting";
  case seat_state::abandoned:
    return "abandoned";
  case seat_state::ended:
    return "ended";
  }
  return "unknown";
}

card_seat::card_seat(std::string name) {
  now_.name = std::move(name);
}

seat_view card_seat::look() const {
  const std::lock_guard lock{mutex_};
  return now_;
}

card_counts card_seat::counts() const {
  const std::lock_guard lock{mutex_};
  card_counts all;
  for (const auto* life : {now_.card.get(), before_.get()})
    if (life)
      all += life->counts();
  if (long_before_)
    all += *long_before_;
  return all;
}

void card_seat::taken(std::shared_ptr<actor_card> card, caf::actor_addr address) {
  const std::lock_guard lock{mutex_};
  if (before_) {
    if (!long_before_)
      long_before_ = std::make_unique<card_counts>();
    *long_before_ += before_->counts();
  }
  before_ = std::exchange(now_.card, std::move(card));
  if (now_.card && before_)
    now_.card->take_over(*before_);
  now_.address = std::move(address);
  now_.state = seat_state::running;
}

void card_seat::empty(seat_state why, const std::string& last_error) {
  const std::lock_guard lock{mutex_};
  now_.state = why;
  now_.address = {};
  if (!last_error.empty())
    now_.last_error = last_error;
}

void card_seat::restarted() {
  const std::lock_guard lock{mutex_};
  ++now_.restarts;
}

} // namespace sluice
