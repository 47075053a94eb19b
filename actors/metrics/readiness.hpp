/// Whether a node does its work, from the counters of its actors; no actor is asked.
#pragma once

#include "actors/observed/actor_slot.hpp"

#include <memory>
#include <optional>
#include <string>

namespace sluice {

/// Nothing once the first step has begun (storage is open by then) and while every child of the
/// node runs; else one sentence that states what is missing. Any thread.
std::optional<std::string> why_not_ready(const std::shared_ptr<actor_slot>& root);

} // namespace sluice
