/// How a mechanism reads its body out of a message, whichever protocol that is of.
#pragma once

#include "net/miner_gateway/wire_text.hpp"
#include "rules/miner/codec.hpp"

namespace sluice::net::wire {

/// One kind of body. `bytes_max`: the most bytes of a body's text. More are ec::bad_input.
struct body_kind {
  std::string_view nested_type; // of the message: "answer"
  std::string_view flat_type;   // in protocol 1: "proposal"; empty: the body's own "type"
  names nested_head;            // names beside its fields
  names flat_head;              // the same in protocol 1
  size_t bytes_max = 0;
  bool strict = false; // unknown fields are refused
};

inline constexpr std::array<std::string_view, 2> type_and_id{"type", "id"};
inline constexpr std::array<std::string_view, 1> type_only{"type"};

inline constexpr body_kind answer_body_kind{"answer",    "proposal",      {},
                                            type_and_id, miner_bytes_max, true};
inline constexpr body_kind question_body_kind{"question",  "question",     {},
                                              type_and_id, node_bytes_max, false};
inline constexpr body_kind notice_body_kind{"notice",       "",   type_only, type_only,
                                            node_bytes_max, false};

/// "answer: WHY", with the type of the message that the body is of.
fault body_fault(const body_text& from, const body_kind& kind, const std::string& why);

/// The object of a body: bytes and depth are checked first.
result<io::json> body_object(const body_text& from, const body_kind& kind);

/// Reads the fields of a T; `check` may find more that is wrong: `check(reader&, const io::json&,
/// const T&)`.
template <class T, class F>
result<T>
read_fields(const io::json& object, const body_text& from, const body_kind& kind, F check) {
  const bool flat = from.form == body_form::flat;
  T made;
  reader in{kind.strict, flat ? "" : "body"};
  in.take_fields(object, made, flat ? kind.flat_head : kind.nested_head);
  if (!in.error())
    check(in, object, made);
  if (in.error())
    return body_fault(from, kind, in.error()->what);
  return made;
}

/// The same without anything more to check, of the whole body.
template <class T>
result<T> read_body(const body_text& from, const body_kind& kind) {
  const auto object = body_object(from, kind);
  if (!object)
    return object.error();
  return read_fields<T>(*object, from, kind, [](reader&, const io::json&, const T&) {});
}

} // namespace sluice::net::wire
