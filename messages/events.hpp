/// What publishers and subscribers of events and the event manager send to each other.
#pragma once

#include "messages/atoms.hpp"
#include "messages/errors.hpp"
#include "messages/inspect.hpp"
#include "rules/events/event.hpp"
#include "rules/events/statistics.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace sluice {

/// Observes: is sent one event of a topic after the other, in order. The next one of the topic
/// comes when it, and everybody else who is subscribed to the topic, has answered. An error, or its
/// end, is counted and concerns nobody else. Stays in this process.
using event_subscriber_actor = caf::typed_actor<caf::replies_to<event_record>::with<atom::done>>;

/// An event to be taken into the queue of its topic. Stays in this process.
struct publish_event {
  event_record what;
  bool waits = false;  // while the queue is full: else ec::busy
  uint64_t missed = 0; // that this publisher could not send since its last message; a count
};

/// From now on `who` gets the events of these topics. Under a name that is subscribed already it
/// takes the place of the earlier one, with its topics. Stays in this process.
struct subscribe_events {
  std::string name; // 1 to event_limits::name_bytes_max, of a subscriber
  std::vector<std::string> types;
  event_subscriber_actor who;
};

/// Which of the kept events are wanted.
struct event_query {
  std::string type;    // "": all
  uint64_t after = 0;  // only those with a higher number
  uint64_t limit = 20; // the newest, at most event_limits::listed_max
  SLUICE_FIELDS(type, after, limit)
  bool operator==(const event_query&) const = default;
};

/// Events in order of number. Stays in this process.
struct event_list {
  std::vector<event_record> events;
};

/// How a drain ended. Counts from 0.
struct events_drained {
  uint64_t processed = 0; // since the drain began
  uint64_t dropped = 0;   // were still in a queue at the deadline
  SLUICE_FIELDS(processed, dropped)
  bool operator==(const events_drained&) const = default;
};

/// EVENT MANAGER: hands the events of each topic to its subscribers, in order; counts and keeps
/// them. For observers: nobody decides by it.
using event_manager_actor = caf::typed_actor<
  // The event's number, from 1, once it is in the queue. ec::busy: the queue is full, or too many
  // publishers wait; ec::bad_input: no topic's name, or data of another type than the topic has;
  // ec::refused: it is being stopped.
  caf::replies_to<publish_event>::with<uint64_t>,
  // ec::bad_input: no such name, or no topics; ec::out_of_range: too many.
  caf::replies_to<subscribe_events>::with<atom::done>,
  // The subscriber of that name gets nothing more; ec::no_such_key: there is none.
  caf::replies_to<atom::unban, std::string>::with<atom::done>,
  // From the history.
  caf::replies_to<event_query>::with<event_list>,
  // How it goes.
  caf::replies_to<atom::view>::with<event_statistics>,
  // Takes nothing more, and answers when all queues are empty or after so many milliseconds, 0 to
  // event_limits::drain_ms_max (more is taken as that).
  caf::replies_to<atom::drain, uint64_t>::with<events_drained>,
  // Its own: the time of a drain is over.
  caf::reacts_to<atom::due, uint64_t>>;

} // namespace sluice

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::event_record)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::publish_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::subscribe_events)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::event_list)

CAF_BEGIN_TYPE_ID_BLOCK(sluice_events, 1600)

  CAF_ADD_TYPE_ID(sluice_events, (sluice::event_record))
  CAF_ADD_TYPE_ID(sluice_events, (sluice::publish_event))
  CAF_ADD_TYPE_ID(sluice_events, (sluice::subscribe_events))
  CAF_ADD_TYPE_ID(sluice_events, (sluice::event_query))
  CAF_ADD_TYPE_ID(sluice_events, (sluice::event_list))
  CAF_ADD_TYPE_ID(sluice_events, (sluice::events_drained))
  CAF_ADD_TYPE_ID(sluice_events, (sluice::event_statistics))
  CAF_ADD_TYPE_ID(sluice_events, (sluice::event_subscriber_actor))
  CAF_ADD_TYPE_ID(sluice_events, (sluice::event_manager_actor))

CAF_END_TYPE_ID_BLOCK(sluice_events)

EXTERN_INSTANTIATE(sluice::event_query)
EXTERN_INSTANTIATE(sluice::events_drained)
EXTERN_INSTANTIATE(sluice::event_statistics)
