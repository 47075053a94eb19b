/// What a program needs of the system, found out before it begins.
#pragma once

#include "rules/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace sluice::io {

/// All from 0; 0: nothing of it is needed.
struct process_needs {
  std::string who;            // "a node with this configuration"
  size_t threads = 0;         // at once, beside the calling one
  size_t descriptors = 0;     // beside those that are open
  uint64_t address_bytes = 0; // of address space, in one piece
  uint64_t memory_bytes = 0;  // that a container must allow it
};

/// Tries it: takes so many threads, descriptors and so much address space at once and gives them
/// back; first the soft limit of descriptors is raised as far as it may be. Faults:
/// ec::unreachable, with what is needed, what there is, which limit it is where that is known, and
/// what to do.
result<nothing> check_process(const process_needs& needs);

/// Raises the soft limit of descriptors to the hard one. Answers how many there may be now.
uint64_t raise_descriptor_limit();

/// Standard input, output and error that are closed become /dev/null, where everything that is
/// written fails: else the next file that is opened would have their number, and what is printed
/// would go into it. Call it first in main.
void open_standard_streams();

} // namespace sluice::io
