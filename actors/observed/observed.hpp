/// The base of every actor of this program: counts what it does in statistics that others may read.
#pragma once

#include "actors/observed/actor_stats.hpp"
#include "messages/errors.hpp"

#include <caf/atom.hpp>
#include <caf/fwd.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/type_nr.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace sluice {

/// What belongs to an observed actor; touched in its own thread only, except the statistics.
struct observed_parts {
  std::shared_ptr<actor_stats> stats = std::make_shared<actor_stats>();
  /// The actor's own view of its state and its configuration, as JSON; empty when it has none.
  std::function<std::string()> describe;
  /// Restarts a child by its name and answers why not, or ""; empty when it owns nobody.
  std::function<std::string(const std::string&)> restart_child;
};

/// Records the statistics of all actors that are made in this thread while it exists: how an owner
/// finds those of its children. (CAF asks every message's receiver for its dynamic type, which a
/// second polymorphic base would make dearer.)
class spawn_watch {
public:
  spawn_watch();
  spawn_watch(const spawn_watch&) = delete;
  spawn_watch& operator=(const spawn_watch&) = delete;
  ~spawn_watch();

  /// Null for an actor that is older, or not observed.
  std::shared_ptr<actor_stats> stats_of(caf::actor_id id) const;

  static void add(caf::actor_id id, const std::shared_ptr<actor_stats>& stats);

private:
  spawn_watch* outer_;
  std::vector<std::pair<caf::actor_id, std::shared_ptr<actor_stats>>> spawned_;
};

/// What a message is, for people: its types, or all of it as far as that is bearable.
std::string types_of(const caf::type_erased_tuple& x);
std::string text_of(const caf::type_erased_tuple& x);

inline constexpr uintptr_t message_atom_bit = uintptr_t{1} << 63U;

/// Of a message's first element: what `message_type_name` reads; 0 when there is none. Numbers of
/// CAF's own types are small, addresses of type infos have no bit 63, which is set for an atom.
inline uintptr_t message_type_of(const caf::type_erased_tuple& x) noexcept {
  static_assert(sizeof(uintptr_t) == sizeof(caf::atom_value));
  if (x.empty())
    return 0;
  const auto [number, info] = x.type(0);
  if (info)
    return reinterpret_cast<uintptr_t>(info);
  if (number == caf::type_nr<caf::atom_value>::value)
    return static_cast<uintptr_t>(x.get_as<caf::atom_value>(0)) | message_atom_bit;
  return number;
}

/// The atom of `message_type_of`; none of another type. An atom of ten letters has bits 60 to 63 by
/// itself, a shorter one none of them.
inline std::optional<caf::atom_value> atom_of_message_type(uintptr_t type) noexcept {
  constexpr unsigned letters_bits = 60;
  if ((type & message_atom_bit) == 0)
    return std::nullopt;
  const auto whole = type >> letters_bits == 15U ? type : type & ~message_atom_bit;
  return static_cast<caf::atom_value>(whole);
}

/// Its name, of an atom its text: "step", "miner_question"; "" of 0.
std::string message_type_name(uintptr_t type);

/// One that comes as a matter of course when actors end.
bool is_exit_message(const caf::type_erased_tuple& x);

/// Cost per message: a counter of the sender's thread, two and the message's type of the actor's,
/// two branches. When the
/// actor wakes and when it sleeps again a coarse clock is read, so that nothing slow goes unseen;
/// every 16th time, and as long as messages take long, a fine one.
template <class... Signatures>
class observed_actor : public caf::typed_event_based_actor<Signatures...> {
public:
  using super = caf::typed_event_based_actor<Signatures...>;

  explicit observed_actor(caf::actor_config& config) : super(config), stats_(own_.stats.get()) {
    spawn_watch::add(this->id(), own_.stats);
  }

  observed_parts& observed() noexcept { return own_; }

  using super::enqueue;
  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit* where) override {
    if (this->mailbox().closed())
      too_late(*what);
    else
      stats_->came();
    super::enqueue(std::move(what), where);
  }

  /// At most `max` messages, as the scheduler decides; the time it takes is measured. Errors: none
  /// of its own.
  caf::resumable::resume_result resume(caf::execution_unit* where, size_t max) override {
    const auto woke = coarse_now_ms();
    stats_->woke(woke);
    fine_ = closely_ || ++turns_ % turns_between == 0;
    if (fine_)
      began_ = ticks_now();
    const auto result = super::resume(where, max);
    if (result == caf::resumable::resume_later && batch_ > 0)
      measure(); // not yet somebody else's
    if (const auto now = coarse_now_ms(); now - woke >= slow_ms)
      stats_->was_slow(now - woke); // may run elsewhere already; whoever resumed it keeps it alive
    return result;
  }

  using super::consume;
  caf::invoke_message_result consume(caf::mailbox_element& what) override {
    stats_->begins(message_type_of(what.content()));
    const handled_at_the_end end{this};
    return stats_->tracing() ? traced(what) : super::consume(what);
  }

  void initialize() override {
    stats_->spawned(this->id(), this->name());
    super::initialize();
  }

private:
  /// Also when a handler throws.
  struct handled_at_the_end {
    observed_actor* self;
    ~handled_at_the_end() {
      self->stats_->handled_one();
      if (self->fine_)
        self->measure_batch();
    }
  };

  void measure_batch() noexcept {
    ++batch_;
    const auto& queues = this->mailbox().queue().queues();
    if (closely_
        || (std::get<super::normal_queue_index>(queues).empty()
            && std::get<super::urgent_queue_index>(queues).empty()))
      measure();
  }

  void measure() noexcept {
    const auto now = ticks_now();
    const auto ticks = now - began_;
    stats_->took(ticks, batch_, closely_ ? 1 : turns_between);
    closely_ = ticks > batch_ * closely_ticks;
    began_ = now;
    batch_ = 0;
  }

  caf::invoke_message_result traced(caf::mailbox_element& what) {
    traced_message record{std::chrono::system_clock::now(), what.sender ? what.sender->id() : 0,
                          text_of(what.content())};
    const auto start = ticks_now();
    const auto unhandled = stats_->counts().unhandled;
    const auto result = super::consume(what);
    record.took = ticks_last(ticks_now() - start);
    record.handled = stats_->counts().unhandled == unhandled;
    stats_->remember(std::move(record));
    return result;
  }

  void too_late(caf::mailbox_element& what) {
    if (is_exit_message(what.content()))
      return;
    if (stats_->records_next_dead_letter())
      stats_->came_too_late(types_of(what.content()));
  }

  static constexpr uint64_t closely_ticks = uint64_t{1} << 16; // 10 to 30 us each
  static constexpr uint32_t turns_between = 16;
  static constexpr uint64_t slow_ms = 8; // two steps of the coarse clock

  observed_parts own_;
  actor_stats* const stats_;
  uint64_t began_ = 0;
  uint32_t batch_ = 0;
  uint32_t turns_ = 0;
  bool closely_ = false;
  bool fine_ = false;
};

template <class Handle>
struct observed_class;
template <class... Signatures>
struct observed_class<caf::typed_actor<Signatures...>> {
  using type = observed_actor<Signatures...>;
};

/// What a behaviour without state takes as its first argument.
template <class Handle>
using observed_plain_pointer = typename observed_class<Handle>::type*;

/// What a behaviour takes as its first argument: `caf` makes the actor of this class.
template <class Handle, class State>
using observed_pointer = caf::stateful_actor<State, typename observed_class<Handle>::type>*;

} // namespace sluice
