/// A fault that ends the actor that throws it, with its code.
#pragma once

#include "rules/result.hpp"

#include <stdexcept>
#include <string>

namespace sluice {

/// Thrown where an actor cannot begin or go on: what it reads is damaged, say. The exit code of a
/// node follows from the fault's; any other exception is a bug.
class thrown_fault : public std::runtime_error {
public:
  explicit thrown_fault(const fault& why) : thrown_fault("", why) {}
  /// `before`: what could not be read or done, for people: "the jobs: ".
  thrown_fault(const std::string& before, const fault& why)
    : std::runtime_error(before + why.what), code_(why.code) {}

  fault why() const { return {code_, what()}; }

private:
  ec code_;
};

} // namespace sluice
