#include "actors/observed/card.hpp"

#include "rules/limits.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

namespace {

constexpr size_t left_seats_max = 2;
/// After so many the kind of a dead letter is noted only now and then: a flood stays cheap.
constexpr uint64_t dead_letters_told = 100;
constexpr uint64_t dead_letters_step = 1024;

uint64_t get(const std::atomic<uint64_t>& x) {
  return x.load(std::memory_order_relaxed);
}

} // namespace

card_counts& card_counts::operator+=(const card_counts& x) {
  handled += x.handled;
  unhandled += x.unhandled;
  dead_letters += x.dead_letters;
  busy_ticks += x.busy_ticks;
  slow += x.slow;
  longest_ms = std::max(longest_ms, x.longest_ms);
  for (size_t i = 0; i < times.size(); ++i)
    times[i] += x.times[i];
  return *this;
}

actor_card::actor_card() {
  ticks_begin();
}

card_counts actor_card::counts() const {
  card_counts x;
  x.handled = get(handled_);
  x.unhandled = get(unhandled_);
  x.dead_letters = get(dead_letters_);
  x.busy_ticks = get(busy_);
  x.slow = get(slow_);
  x.longest_ms = get(longest_ms_);
  for (size_t i = 0; i < x.times.size(); ++i)
    x.times[i] = get(times_[i]);
  return x;
}

uint64_t actor_card::mailbox() const {
  const auto begun = get(begun_); // first: what comes meanwhile is not counted as negative
  uint64_t came = 0;
  for (const auto& x : came_)
    came += get(x);
  return came > begun ? came - begun : 0;
}

std::chrono::milliseconds actor_card::in_hand() const {
  const auto handled = get(handled_);
  if (get(begun_) == handled)
    return std::chrono::milliseconds{0};
  const auto since = get(woke_), now = coarse_now_ms();
  return std::chrono::milliseconds{since < now ? now - since : 0};
}

void actor_card::was_slow(uint64_t ms) noexcept {
  slow_.fetch_add(1, std::memory_order_relaxed);
  auto longest = get(longest_ms_);
  while (longest < ms && !longest_ms_.compare_exchange_weak(longest, ms))
    ;
}

std::chrono::nanoseconds actor_card::age() const {
  return ticks_last(ticks_now() - born_);
}

std::string actor_card::kind() const {
  return kind_.load(std::memory_order_relaxed);
}

std::string actor_card::last_dead_letter() const {
  const std::lock_guard lock{mutex_};
  return last_dead_letter_;
}

std::string actor_card::last_unhandled() const {
  const std::lock_guard lock{mutex_};
  return last_unhandled_;
}

void actor_card::trace(size_t messages) {
  const std::lock_guard lock{mutex_};
  trace_max_ = std::min(messages, limits::traced_messages_max);
  while (traced_.size() > trace_max_)
    traced_.pop_front();
  tracing_.store(trace_max_ > 0, std::memory_order_relaxed);
}

void actor_card::take_over(const actor_card& other) {
  auto figures = other.figures();
  figures.levels.clear();
  size_t messages = 0;
  {
    const std::lock_guard lock{other.mutex_};
    messages = other.trace_max_;
  }
  if (messages > 0)
    trace(messages);
  const std::lock_guard lock{mutex_};
  figures_ = std::move(figures);
}

std::vector<traced_message> actor_card::traced() const {
  const std::lock_guard lock{mutex_};
  return {traced_.begin(), traced_.end()};
}

void actor_card::remember(traced_message x) {
  const std::lock_guard lock{mutex_};
  if (trace_max_ == 0)
    return;
  while (traced_.size() >= trace_max_)
    traced_.pop_front();
  traced_.push_back(std::move(x));
}

std::vector<std::shared_ptr<card_seat>> actor_card::seats() const {
  const std::lock_guard lock{mutex_};
  return seats_;
}

std::vector<std::shared_ptr<card_seat>> actor_card::left_seats() const {
  const std::lock_guard lock{mutex_};
  return {left_.begin(), left_.end()};
}

bool actor_card::tells_next_dead_letter() noexcept {
  const auto before = dead_letters_.fetch_add(1, std::memory_order_relaxed);
  return before < dead_letters_told || before % dead_letters_step == 0;
}

void actor_card::came_too_late(std::string what) {
  const std::lock_guard lock{mutex_};
  last_dead_letter_ = std::move(what);
}

void actor_card::born(uint64_t actor_id, const char* kind) {
  actor_id_.store(actor_id, std::memory_order_relaxed);
  kind_.store(kind, std::memory_order_relaxed);
}

void actor_card::nobody_wanted(std::string what) {
  add(unhandled_, 1);
  const std::lock_guard lock{mutex_};
  last_unhandled_ = std::move(what);
}

card_figures actor_card::figures() const {
  const std::lock_guard lock{mutex_};
  return figures_;
}

void actor_card::count(std::string_view what, uint64_t more) {
  const std::lock_guard lock{mutex_};
  figures_.counts[std::string{what}] += more;
}

void actor_card::level(std::string_view what, double now) {
  const std::lock_guard lock{mutex_};
  figures_.levels[std::string{what}] = now;
}

void actor_card::note(std::string_view what, std::chrono::nanoseconds took) {
  const auto seconds = std::max(0.0, std::chrono::duration<double>(took).count());
  const auto ms = static_cast<uint64_t>(seconds * 1000);
  const std::lock_guard lock{mutex_};
  auto& x = figures_.times[std::string{what}];
  ++x.count;
  x.seconds += seconds;
  ++x.below[std::min<size_t>(std::bit_width(ms), x.below.size() - 1)];
}

std::shared_ptr<card_seat> actor_card::add_seat(std::string name) {
  auto seat = std::make_shared<card_seat>(std::move(name));
  const std::lock_guard lock{mutex_};
  seats_.push_back(seat);
  return seat;
}

void actor_card::leave_seat(const std::shared_ptr<card_seat>& seat) {
  const std::lock_guard lock{mutex_};
  std::erase(seats_, seat);
  left_.push_back(seat);
  if (left_.size() <= left_seats_max)
    return;
  gone_ += everything_under(*left_.front());
  left_.pop_front();
}

card_counts actor_card::gone() const {
  const std::lock_guard lock{mutex_};
  return gone_;
}

card_counts everything_under(const card_seat& seat) {
  auto all = seat.counts();
  const auto card = seat.look().card;
  if (!card)
    return all;
  all += card->gone();
  for (const auto& x : card->seats())
    all += everything_under(*x);
  for (const auto& x : card->left_seats())
    all += everything_under(*x);
  return all;
}

unsigned actor_card::take_sender_slot() noexcept {
  static std::atomic<unsigned> taken{0};
  const auto i = taken.fetch_add(1, std::memory_order_relaxed) + 1;
  return sender_slot = std::min(i, slots);
}

} // namespace sluice
