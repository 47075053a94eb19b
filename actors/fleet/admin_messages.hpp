/// What an operator and a node send each other over the fleet.
#pragma once

#include "rules/fields.hpp"

#include <cstdint>
#include <string>

namespace sluice {

/// `id`: any number of 64 bits; the answer repeats it.
struct admin_line_message {
  uint64_t id = 0;
  std::string line;
  SLUICE_FIELDS(id, line)
};

/// `id` as in the line. One that nobody waits for is passed over.
struct admin_answer_message {
  uint64_t id = 0;
  bool ok = false;
  std::string text;
  SLUICE_FIELDS(id, ok, text)
};

} // namespace sluice
