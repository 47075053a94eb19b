/// Why an actor ended.
#pragma once

#include <caf/abstract_actor.hpp>
#include <caf/error.hpp>

#include <memory>
#include <optional>

namespace sluice::test {

/// Listens from its construction on; false as long as the actor exists. May be gone before it.
class actor_end {
public:
  actor_end() = default;

  template <class Handle>
  explicit actor_end(const Handle& x) {
    x->attach_functor([end = end_](const caf::error& why) { *end = why; });
  }

  explicit operator bool() const { return end_->has_value(); }
  const caf::error& operator*() const { return end_->value(); }

private:
  std::shared_ptr<std::optional<caf::error>> end_ = std::make_shared<std::optional<caf::error>>();
};

} // namespace sluice::test
