/// Values of the consensus mechanism as the JSON of examples and cases.
#pragma once

#include "rules/consensus/miner_status.hpp"
#include "rules/consensus/status_list.hpp"
#include "tests/vectors/examples.hpp"

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace sluice::vectors {

/// Seconds to milliseconds.
inline uint64_t ms_of(const json& seconds) {
  return static_cast<uint64_t>(std::llround(seconds.get<double>() * 1000));
}

inline json json_of_status(const miner_status& x) {
  return json::parse(status_json(x));
}

/// A list of statuses, read as a report's is.
inline status_list statuses_of(const json& list) {
  auto read = read_status_list(list.dump());
  if (!read)
    throw std::runtime_error(read.error().what);
  return *std::move(read);
}

/// What a specialization names: nothing, a text, a list, or an object.
inline std::vector<std::string> task_types_in(const json& specialization) {
  const json item{{"uid", 1}, {"task_type_specialization", specialization}};
  return statuses_of(json::array({item})).statuses.at(0).task_types;
}

} // namespace sluice::vectors
