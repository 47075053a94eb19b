#include "actors/observed/actor_stats.hpp"

#include "rules/limits.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

namespace {

constexpr size_t left_slots_max = 2;
/// After so many the kind of a dead letter is noted only now and then: a flood stays cheap.
constexpr uint64_t dead_letters_recorded = 100;
constexpr uint64_t dead_letters_step = 1024;

uint64_t get(const std::atomic<uint64_t>& x) {
  return x.load(std::memory_order_relaxed);
}

} // namespace

actor_counts& actor_counts::operator+=(const actor_counts& x) {
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

actor_stats::actor_stats() {
  ticks_begin();
}

actor_counts actor_stats::counts() const {
  actor_counts x;
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

uint64_t actor_stats::mailbox() const {
  const auto begun = get(begun_); // first: what comes meanwhile is not counted as negative
  uint64_t came = 0;
  for (const auto& x : came_)
    came += get(x);
  return came > begun ? came - begun : 0;
}

std::chrono::milliseconds actor_stats::in_hand() const {
  const auto handled = get(handled_);
  if (get(begun_) == handled)
    return std::chrono::milliseconds{0};
  const auto since = get(woke_), now = coarse_now_ms();
  return std::chrono::milliseconds{since < now ? now - since : 0};
}

std::optional<message_in_hand> actor_stats::message_now() const {
  const auto handled = get(handled_); // first: a message that ends meanwhile is still in hand
  const auto begun = get(begun_);
  if (begun == handled)
    return std::nullopt;
  return message_in_hand{begun + get(works_), type_.load(std::memory_order_relaxed), working()};
}

void actor_stats::was_slow(uint64_t ms) noexcept {
  slow_.fetch_add(1, std::memory_order_relaxed);
  auto longest = get(longest_ms_);
  while (longest < ms && !longest_ms_.compare_exchange_weak(longest, ms))
    ;
}

std::chrono::nanoseconds actor_stats::age() const {
  return ticks_last(ticks_now() - spawned_at_);
}

std::string actor_stats::kind() const {
  return kind_.load(std::memory_order_relaxed);
}

std::string actor_stats::last_dead_letter() const {
  const std::lock_guard lock{mutex_};
  return last_dead_letter_;
}

std::string actor_stats::last_unhandled() const {
  const std::lock_guard lock{mutex_};
  return last_unhandled_;
}

void actor_stats::trace(size_t messages) {
  const std::lock_guard lock{mutex_};
  trace_max_ = std::min(messages, limits::traced_messages_max);
  while (traced_.size() > trace_max_)
    traced_.pop_front();
  tracing_.store(trace_max_ > 0, std::memory_order_relaxed);
}

void actor_stats::take_over(const actor_stats& other) {
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

std::vector<traced_message> actor_stats::traced() const {
  const std::lock_guard lock{mutex_};
  return {traced_.begin(), traced_.end()};
}

void actor_stats::remember(traced_message x) {
  const std::lock_guard lock{mutex_};
  if (trace_max_ == 0)
    return;
  while (traced_.size() >= trace_max_)
    traced_.pop_front();
  traced_.push_back(std::move(x));
}

std::vector<std::shared_ptr<actor_slot>> actor_stats::slots() const {
  const std::lock_guard lock{mutex_};
  return slots_;
}

std::vector<std::shared_ptr<actor_slot>> actor_stats::left_slots() const {
  const std::lock_guard lock{mutex_};
  return {left_.begin(), left_.end()};
}

bool actor_stats::records_next_dead_letter() noexcept {
  const auto before = dead_letters_.fetch_add(1, std::memory_order_relaxed);
  return before < dead_letters_recorded || before % dead_letters_step == 0;
}

void actor_stats::came_too_late(std::string what) {
  const std::lock_guard lock{mutex_};
  last_dead_letter_ = std::move(what);
}

void actor_stats::spawned(uint64_t actor_id, const char* kind) {
  actor_id_.store(actor_id, std::memory_order_relaxed);
  kind_.store(kind, std::memory_order_relaxed);
}

void actor_stats::nobody_wanted(std::string what) {
  add(unhandled_, 1);
  const std::lock_guard lock{mutex_};
  last_unhandled_ = std::move(what);
}

actor_figures actor_stats::figures() const {
  const std::lock_guard lock{mutex_};
  return figures_;
}

void actor_stats::count(std::string_view what, uint64_t more) {
  const std::lock_guard lock{mutex_};
  figures_.counts[std::string{what}] += more;
}

void actor_stats::level(std::string_view what, double now) {
  const std::lock_guard lock{mutex_};
  figures_.levels[std::string{what}] = now;
}

void actor_stats::note(std::string_view what, std::chrono::nanoseconds took) {
  const auto seconds = std::max(0.0, std::chrono::duration<double>(took).count());
  const auto ms = static_cast<uint64_t>(seconds * 1000);
  const std::lock_guard lock{mutex_};
  auto& x = figures_.times[std::string{what}];
  ++x.count;
  x.seconds += seconds;
  ++x.below[std::min<size_t>(std::bit_width(ms), x.below.size() - 1)];
}

std::shared_ptr<actor_slot> actor_stats::add_slot(std::string name) {
  auto slot = std::make_shared<actor_slot>(std::move(name));
  const std::lock_guard lock{mutex_};
  slots_.push_back(slot);
  return slot;
}

void actor_stats::leave_slot(const std::shared_ptr<actor_slot>& slot) {
  const std::lock_guard lock{mutex_};
  std::erase(slots_, slot);
  left_.push_back(slot);
  if (left_.size() <= left_slots_max)
    return;
  gone_ += everything_under(*left_.front());
  left_.pop_front();
}

actor_counts actor_stats::gone() const {
  const std::lock_guard lock{mutex_};
  return gone_;
}

actor_counts everything_under(const actor_slot& slot) {
  auto all = slot.counts();
  const auto stats = slot.look().stats;
  if (!stats)
    return all;
  all += stats->gone();
  for (const auto& x : stats->slots())
    all += everything_under(*x);
  for (const auto& x : stats->left_slots())
    all += everything_under(*x);
  return all;
}

unsigned actor_stats::take_sender_slot() noexcept {
  static std::atomic<unsigned> taken{0};
  const auto i = taken.fetch_add(1, std::memory_order_relaxed) + 1;
  return sender_slot = std::min(i, sender_slots);
}

} // namespace sluice
