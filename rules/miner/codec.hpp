/// How what carries messages to and from miners has a mechanism read its own bodies.
#pragma once

#include "rules/fields.hpp"
#include "rules/miner/body.hpp"
#include "rules/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace sluice {

/// Where a body stands in its message.
enum class body_form : uint8_t {
  nested = 0, // protocol 2: the member "body", without the rest of the message
  flat,       // protocol 1: its fields stand beside those of the message; the whole message
};

/// A body as it came.
struct body_text {
  std::string text; // at most as long as the message that it came in
  body_form form = body_form::nested;
  SLUICE_FIELDS(text, form)
  bool operator==(const body_text&) const = default;
};

/// How one mechanism reads bodies from outside. Each function checks bytes and depth before it
/// parses and every field after it; fails with ec::bad_input and "TYPE: FIELD: expected ..., got
/// ...". Called in any thread.
struct body_codec {
  result<miner_body> (*answer)(const body_text&) = nullptr;   // of a miner: unknown fields fail
  result<miner_body> (*question)(const body_text&) = nullptr; // of a node: they are passed over
  result<miner_body> (*notice)(const body_text&) = nullptr;   // of a node
};

/// All that the carriers of messages know of mechanisms; the configuration brings it.
struct miner_mechanisms {
  std::map<std::string, body_codec, std::less<>> codecs; // by the mechanism's name
  std::string protocol_1;   // the mechanism of miners that speak protocol 1; empty: not spoken
  size_t questions_max = 0; // number open at the same time per session; one more is refused
};

} // namespace sluice
