/// Carries faults of the modules without actors into messages between actors.
#pragma once

#include "rules/result.hpp"

#include <caf/error.hpp>
#include <caf/make_message.hpp>

CAF_ERROR_CODE_ENUM(sluice::ec, "sluice")

namespace sluice {

/// The fault as an actor's answer.
inline caf::error to_error(const fault& why) {
  return caf::make_error(why.code, why.what);
}

/// The sentence of an error for people: our own text, or CAF's name for it.
std::string sentence(const caf::error& why);

/// The code and sentence of an error that came from to_error; ec::unreachable for CAF's own.
fault to_fault(const caf::error& why);

} // namespace sluice
