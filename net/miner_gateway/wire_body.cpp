#include "net/miner_gateway/wire_body.hpp"

namespace sluice::net::wire {

fault body_fault(const body_text& from, const body_kind& kind, const std::string& why) {
  const auto type = from.form == body_form::flat ? kind.flat_type : kind.nested_type;
  return {ec::bad_input, (type.empty() ? why : std::string{type} + ": " + why)};
}

result<io::json> body_object(const body_text& from, const body_kind& kind) {
  // A flat body is the message, and is called so.
  const bool flat = from.form == body_form::flat;
  const auto called
    = [&](const fault& why) { return flat ? why : body_fault(from, kind, why.what); };
  const std::string_view what = flat ? "message" : "body";
  if (const auto why = bounds_fault(from.text, kind.bytes_max, what))
    return called(*why);
  auto root = parse(from.text, what);
  if (!root)
    return called(root.error());
  return root;
}

} // namespace sluice::net::wire
