/// What an operator and a node send each other over the fleet.
#pragma once

#include "rules/fields.hpp"

#include <cstdint>
#include <string>

namespace sluice {

struct admin_line_words {
  uint64_t id = 0;
  std::string line;
  SLUICE_FIELDS(id, line)
};

struct admin_answer_words {
  uint64_t id = 0;
  bool ok = false;
  std::string text;
  SLUICE_FIELDS(id, ok, text)
};

} // namespace sluice
