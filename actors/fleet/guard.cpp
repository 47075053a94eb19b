#include "actors/fleet/guard.hpp"

#include "net/keys/session_key.hpp"

#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/make_actor.hpp>
#include <caf/send.hpp>

#include <exception>

namespace sluice {

void fleet_guard::open(uint64_t session, guard_lane lane_terms) {
  const std::lock_guard lock{mutex_};
  auto& at = lanes_[session];
  if (!at) {
    at = std::make_shared<lane>();
    at->terms = std::move(lane_terms);
  }
}

void fleet_guard::close(uint64_t session) {
  const std::lock_guard lock{mutex_};
  lanes_.erase(session);
}

bool fleet_guard::is_open(uint64_t session) {
  return lane_of(session) != nullptr;
}

std::shared_ptr<fleet_guard::lane> fleet_guard::lane_of(uint64_t session) {
  const std::lock_guard lock{mutex_};
  const auto found = lanes_.find(session);
  return found == lanes_.end() ? nullptr : found->second;
}

void fleet_guard::handled(uint64_t session) {
  if (const auto at = lane_of(session)) {
    const std::lock_guard lock{at->mutex};
    if (at->frames > 0)
      --at->frames;
  }
}

void fleet_guard::greeted() {
  const std::lock_guard lock{mutex_};
  if (greeting_ > 0)
    --greeting_;
}

void fleet_guard::retire() {
  {
    const std::lock_guard lock{mutex_};
    greeter_ = nullptr;
    lanes_.clear();
  }
  cleanup(caf::exit_reason::normal, nullptr); // peers that watch it learn that it is over
}

void fleet_guard::on_destroy() {
  if (!getf(is_cleaned_up_flag))
    cleanup(caf::exit_reason::unreachable, nullptr);
  caf::monitorable_actor::on_destroy();
}

void fleet_guard::enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) {
  if (!what || what->mid.is_response()
      || what->mid.category() > caf::message_id::normal_message_category || !what->stages.empty())
    return;
  try { // this thread is CAF's
    if (what->content().match_elements<fleet_hello>())
      take_hello(*what);
    else if (what->content().match_elements<fleet_frame>())
      take_frame(*what);
  } catch (const std::exception&) {
    return; // out of memory: the frame is lost, as on a line that breaks
  }
}

void fleet_guard::greet(caf::mailbox_element& what) {
  caf::actor greeter;
  {
    const std::lock_guard lock{mutex_};
    if (!greeter_ || greeting_ >= bounds_.greetings)
      return;
    ++greeting_;
    greeter = greeter_;
  }
  // Nobody as the sender: whoever answers would become known to the peer.
  greeter->enqueue(nullptr, caf::make_message_id(), what.move_content_to_message(), nullptr);
}

void fleet_guard::take_hello(caf::mailbox_element& what) {
  const auto& hello = what.content().get_as<fleet_hello>(0);
  if (greetings_(frame_kind::proof) && hello.bytes.size() <= bounds_.greeting_bytes)
    greet(what);
}

std::string fleet_guard::offence(lane& x, const fleet_frame& frame) const {
  const auto kind = static_cast<frame_kind>(frame.kind);
  if (frame.kind >= frame_kinds || !x.terms.may(kind))
    return "sent what is not its to send (frame kind " + std::to_string(frame.kind) + ")";
  if (frame.bytes.size() > bounds_.frame_bytes)
    return "sent " + std::to_string(frame.bytes.size()) + " bytes at once";
  if (x.frames >= bounds_.frames)
    return "sent faster than it may: " + std::to_string(x.frames) + " frames were not handled yet";
  return {};
}

void fleet_guard::take_frame(caf::mailbox_element& what) {
  const auto& frame = what.content().get_as<fleet_frame>(0);
  if (frame.kind < frame_kinds && is_greeting(static_cast<frame_kind>(frame.kind))) {
    if (greetings_(static_cast<frame_kind>(frame.kind))
        && frame.bytes.size() <= bounds_.greeting_bytes)
      greet(what);
    return;
  }
  const auto at = lane_of(frame.session);
  if (!at)
    return;
  const std::lock_guard lock{at->mutex};
  // What the key does not prove is somebody else's: the session does not suffer for it.
  if (at->over || frame.number != at->next
      || !net::same_proof(frame.proof,
                          net::frame_proof(at->terms.key, frame.session, frame.number,
                                           static_cast<frame_kind>(frame.kind), frame.bytes)))
    return;
  ++at->next;
  if (auto why = offence(*at, frame); !why.empty()) {
    at->over = true;
    caf::anon_send(at->terms.owner, fleet_offence{frame.session, std::move(why)});
    return;
  }
  ++at->frames;
  at->terms.owner->enqueue(nullptr, caf::make_message_id(), what.move_content_to_message(),
                           nullptr);
}

guard_ref guard_ref::make(caf::actor_system& system, caf::actor greeter,
                          std::function<bool(frame_kind)> greetings, guard_bounds bounds) {
  caf::actor_config config;
  guard_ref made;
  made.actor_ = caf::make_actor<fleet_guard, caf::strong_actor_ptr>(system.next_actor_id(),
                                                                    system.node(), &system, config);
  made->greeter_ = std::move(greeter);
  made->greetings_ = std::move(greetings);
  made->bounds_ = bounds;
  return made;
}

fleet_guard* guard_ref::operator->() const {
  return static_cast<fleet_guard*>(actor_->get());
}

} // namespace sluice
