/// An answer that is promised: whoever asked gets one even when the last who could give it is gone.
#pragma once

#include <caf/actor_control_block.hpp>
#include <caf/error.hpp>
#include <caf/message_id.hpp>
#include <caf/response_promise.hpp>
#include <caf/sec.hpp>
#include <caf/typed_response_promise.hpp>

#include <memory>
#include <utility>

namespace sluice {

/// CAF 0.17 forgets promises of actors that end. Made while a request is handled; the first answer
/// counts; without any, the last copy answers `request_receiver_down` when it goes.
template <class T>
class promised_answer {
public:
  promised_answer() = default;

  template <class Self>
  explicit promised_answer(Self* self) : open_(std::make_shared<open_request>()) {
    open_->to = self->current_sender();
    open_->id = self->current_message_id();
    open_->promise = self->template make_response_promise<T>();
  }

  /// What the handler returns.
  const caf::typed_response_promise<T>& promise() const { return open_->promise; }

  /// `x` is a T or an error. Only inside a handler of the actor that promised it.
  template <class X>
  void deliver(X x) {
    if (auto done = std::exchange(open_, nullptr); done && std::exchange(done->to, nullptr))
      done->promise.deliver(std::move(x));
  }

private:
  struct open_request {
    caf::typed_response_promise<T> promise;
    caf::strong_actor_ptr to;
    caf::message_id id;
    ~open_request() { // in whatever thread the actor ends
      if (to && id.is_request())
        to->enqueue(nullptr, id.response_id(),
                    caf::make_message(caf::make_error(caf::sec::request_receiver_down)), nullptr);
    }
  };
  std::shared_ptr<open_request> open_;
};

} // namespace sluice
