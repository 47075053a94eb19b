/// A request whose answer is waited for without a limit, by an actor that depends on it.
#pragma once

#include <caf/duration.hpp>
#include <caf/error.hpp>

#include <utility>

namespace sluice {

/// Calls `then` with the answer, `trouble` with the error; once, in the actor's own time. Without a
/// time limit: whoever is asked answers, or ends, which is an error.
template <class Self, class Handle, class Trouble, class Then, class... Ts>
void ask_or(Self& self, Trouble trouble, const Handle& whom, Then then, Ts&&... xs) {
  self->request(whom, caf::infinite, std::forward<Ts>(xs)...)
    .then(std::move(then), std::move(trouble));
}

/// The same of an actor that ends with the error as its reason.
template <class Self, class Handle, class Then, class... Ts>
void ask_or_quit(Self& self, const Handle& whom, Then then, Ts&&... xs) {
  ask_or(
    self, [self](const caf::error& why) { self->quit(why); }, whom, std::move(then),
    std::forward<Ts>(xs)...);
}

} // namespace sluice
