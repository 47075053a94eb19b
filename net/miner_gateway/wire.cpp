#include "net/miner_gateway/wire.hpp"

#include "net/miner_gateway/wire_body.hpp"
#include "rules/json_text.hpp"

#include <charconv>

namespace sluice::net {

namespace {

using type_names = std::array<std::string_view, std::variant_size_v<gateway_message>>;

/// What may be sent in one protocol.
struct vocabulary {
  type_names types; // in the order of `gateway_message`
  std::vector<std::string_view> from_miner;
  std::vector<std::string_view> from_node;
};

const vocabulary protocol_1{{"hello", "challenge", "answer", "welcome", "refused", "question",
                             "proposal", "notice", "ping", "pong", "bye"},
                            {"hello", "answer", "proposal", "ping", "pong", "bye"},
                            {"challenge", "welcome", "refused", "question", "ping", "pong", "bye"}};

const vocabulary protocol_2{
  {"hello", "challenge", "proof", "welcome", "refused", "question", "answer", "notice", "ping",
   "pong", "bye"},
  {"hello", "proof", "answer", "ping", "pong", "bye"},
  {"challenge", "welcome", "refused", "question", "notice", "ping", "pong", "bye"}};

const vocabulary& vocabulary_of(uint64_t protocol) {
  return protocol == gateway_protocol_oldest ? protocol_1 : protocol_2;
}

/// What stands beside a body.
struct question_head {
  uint64_t id = 0;
  std::string mechanism;
  uint64_t deadline_ms = 0;
  SLUICE_FIELDS(id, mechanism, deadline_ms)
};
struct flat_question_head {
  uint64_t id = 0;
  uint64_t deadline_ms = 0;
  SLUICE_FIELDS(id, deadline_ms)
};
struct answer_head {
  uint64_t id = 0;
  SLUICE_FIELDS(id)
};
struct notice_head {
  std::string mechanism;
  SLUICE_FIELDS(mechanism)
};

template <class T>
inline constexpr bool carries_body = false;
template <>
inline constexpr bool carries_body<wire_question> = true;
template <>
inline constexpr bool carries_body<wire_answer> = true;
template <>
inline constexpr bool carries_body<wire_notice> = true;

fault wrong(std::string what) {
  return {ec::bad_input, std::move(what)};
}

/// A hello of another protocol may have other fields: it is refused for its protocol, later.
bool is_foreign_hello(const io::json& root) {
  const auto at = root.find("protocol");
  return at != root.end() && at->is_number_unsigned() && !is_gateway_protocol(at->get<uint64_t>());
}

template <class T>
result<gateway_message> read_as(const io::json& root, std::string_view type, bool strict) {
  T made;
  if constexpr (std::is_same_v<T, gateway_hello>) {
    if (is_foreign_hello(root)) {
      made.protocol = root["protocol"].get<uint64_t>();
      return gateway_message{std::move(made)};
    }
  }
  wire::reader in{strict};
  if constexpr (carries_body<T>)
    in.fail("an object that can be taken apart", "none"); // read_carried has taken all others
  else
    in.take_fields(root, made, wire::type_only);
  if (in.error())
    return wrong(std::string{type} + ": " + in.error()->what);
  return gateway_message{std::move(made)};
}

template <size_t I = 0>
result<gateway_message>
read_type(size_t type, const io::json& root, std::string_view name, bool strict) {
  if constexpr (I + 1 < std::variant_size_v<gateway_message>)
    if (type != I)
      return read_type<I + 1>(type, root, name, strict);
  return read_as<std::variant_alternative_t<I, gateway_message>>(root, name, strict);
}

/// The heads of messages that carry bodies, and what becomes of them.
template <class Head, class F>
result<gateway_message>
read_head(const std::vector<wire::member>& members, std::string_view type, bool strict, F make) {
  std::string text = "{";
  for (const auto& x : members)
    text.append(text.size() > 1 ? "," : "").append(x.quoted_name).append(":").append(x.value);
  const auto root = wire::parse(text + '}');
  if (!root)
    return root.error();
  Head head;
  wire::reader in{strict};
  in.take_fields(*root, head, wire::type_only);
  if (in.error())
    return wrong(std::string{type} + ": " + in.error()->what);
  return gateway_message{make(std::move(head))};
}

/// Takes the body out of a message of protocol 2.
result<body_text>
take_body(std::vector<wire::member>& members, std::string_view type, std::string_view whole) {
  const auto is_body = [](const wire::member& x) { return x.name == "body"; };
  const auto at = std::ranges::find_if(members, is_body);
  if (at == members.end())
    return wrong(std::string{type} + ": body: expected a value, got nothing");
  body_text body{std::string{at->value}};
  members.erase(at);
  if (std::ranges::any_of(members, is_body))
    return wire::parse(whole).error(); // it comes twice
  return body;
}

result<gateway_message> read_nested(std::vector<wire::member> members, std::string_view type,
                                    std::string_view text, bool strict) {
  auto body = take_body(members, type, text);
  if (!body)
    return body.error();
  if (type == "question")
    return read_head<question_head>(members, type, strict, [&](question_head head) {
      return wire_question{head.id, std::move(head.mechanism), head.deadline_ms, *std::move(body)};
    });
  if (type == "notice")
    return read_head<notice_head>(members, type, strict, [&](notice_head head) {
      return wire_notice{std::move(head.mechanism), *std::move(body)};
    });
  return read_head<answer_head>(members, type, strict, [&](answer_head head) {
    return wire_answer{head.id, *std::move(body)};
  });
}

/// Of protocol 1 the whole message is the body, id and deadline included.
result<gateway_message> read_flat(std::vector<wire::member> members, std::string_view type,
                                  std::string_view text, bool strict) {
  const bool asks = type == "question";
  std::erase_if(members, [asks](const auto& x) {
    return x.name != "type" && x.name != "id" && (!asks || x.name != "deadline_ms");
  });
  body_text body{std::string{text}, body_form::flat};
  if (asks)
    return read_head<flat_question_head>(members, type, strict, [&](flat_question_head head) {
      return wire_question{head.id, {}, head.deadline_ms, std::move(body)};
    });
  return read_head<answer_head>(members, type, strict, [&](answer_head head) {
    return wire_answer{head.id, std::move(body)};
  });
}

/// A whole number below 2^64, written as JSON has it.
std::optional<uint64_t> plain_number(std::string_view text) {
  uint64_t x = 0;
  const auto got = std::from_chars(text.data(), text.data() + text.size(), x);
  const bool padded = text.size() > 1 && text.front() == '0';
  if (got.ec != std::errc{} || got.ptr != text.data() + text.size() || padded)
    return {};
  return x;
}

/// An answer whose head is as it should be: it needs no parser. Nothing for any other message.
std::optional<wire_answer>
plain_answer(const std::vector<wire::member>& members, std::string_view text, bool flat) {
  std::optional<uint64_t> id;
  std::optional<std::string_view> body;
  size_t types = 0;
  for (const auto& x : members) {
    if (x.name == "type") {
      ++types;
    } else if (x.name == "id" && !id) {
      if (id = plain_number(x.value); !id)
        return {};
    } else if (x.name == "id") {
      return {};
    } else if (!flat) {
      if (body || x.name != "body")
        return {};
      body = x.value;
    }
  }
  if (types != 1 || !id || (!flat && !body))
    return {};
  return wire_answer{*id, flat ? body_text{std::string{text}, body_form::flat}
                               : body_text{std::string{*body}}};
}

/// A message with a body, taken apart without reading that; nothing when it is of another type or
/// cannot be taken apart.
std::optional<result<gateway_message>>
read_carried(std::string_view text, gateway_side sender, uint64_t protocol) {
  auto members = wire::members_of(text);
  if (!members)
    return {};
  const auto type_at = std::ranges::find(*members, "type", &wire::member::name);
  const auto type_text = type_at == members->end() ? std::nullopt : wire::unquoted(type_at->value);
  if (!type_text)
    return {};
  const std::string_view type = *type_text;
  const bool of_node = sender == gateway_side::node;
  const bool flat = protocol == gateway_protocol_oldest;
  std::optional<result<gateway_message>> got;
  if (type == (flat ? "proposal" : "answer") && !of_node)
    if (auto answer = plain_answer(*members, text, flat))
      return gateway_message{*std::move(answer)};
  if (!flat) {
    if (of_node ? type == "question" || type == "notice" : type == "answer")
      got = read_nested(*std::move(members), type, text, !of_node);
  } else if (type == (of_node ? "question" : "proposal")) {
    got = read_flat(*std::move(members), type, text, !of_node);
  } else if (of_node && std::ranges::find(protocol_1.from_node, type) == protocol_1.from_node.end()
             && std::ranges::find(protocol_1.from_miner, type) == protocol_1.from_miner.end()) {
    got = gateway_message{wire_notice{{}, {std::string{text}, body_form::flat}}};
  }
  if (got && !*got)
    if (const auto whole = wire::parse(text); !whole) // what is wrong with all of it comes first
      return result<gateway_message>{whole.error()};
  return got;
}

/// The members of an object's text, behind a comma; nothing when it has none.
std::string_view inner(std::string_view object) {
  const auto begin = object.find('{'), end = object.rfind('}');
  if (begin == object.npos || object.find_first_not_of(" \t\r\n", begin + 1) >= end)
    return {};
  return object.substr(begin + 1, end - begin - 1);
}

/// Writes what stands beside a body; that may be long, and is copied once.
class head_writer {
public:
  head_writer(std::string_view type, const body_text& body) {
    text_.reserve(body.text.size() + 128);
    text_.append("{\"type\":\"").append(type).append("\"");
  }

  head_writer& number(std::string_view name, uint64_t x) { return raw(name, std::to_string(x)); }

  head_writer& raw(std::string_view name, std::string_view json) {
    text_.append(",\"").append(name).append("\":").append(json);
    return *this;
  }

  head_writer& members(std::string_view all) {
    if (!all.empty())
      text_.append(",").append(all);
    return *this;
  }

  std::string end() { return std::move(text_.append("}")); }

private:
  std::string text_;
};

/// Of protocol 1 a flat body is the whole message already.
bool is_whole(const body_text& body, uint64_t protocol) {
  return protocol == gateway_protocol_oldest && body.form == body_form::flat;
}

std::string write_as(std::string_view type, const wire_question& x, uint64_t protocol) {
  if (is_whole(x.body, protocol))
    return x.body.text;
  head_writer out{type, x.body};
  out.number("id", x.id);
  if (protocol == gateway_protocol_oldest)
    return out.members(inner(x.body.text)).number("deadline_ms", x.deadline_ms).end();
  return out.raw("mechanism", json_text(x.mechanism))
    .number("deadline_ms", x.deadline_ms)
    .raw("body", x.body.text)
    .end();
}

std::string write_as(std::string_view type, const wire_answer& x, uint64_t protocol) {
  if (is_whole(x.body, protocol))
    return x.body.text;
  head_writer out{type, x.body};
  out.number("id", x.id);
  if (protocol == gateway_protocol_oldest)
    return out.members(inner(x.body.text)).end();
  return out.raw("body", x.body.text).end();
}

std::string write_as(std::string_view type, const wire_notice& x, uint64_t protocol) {
  if (protocol == gateway_protocol_oldest)
    return x.body.text; // its mechanism has named its type
  return head_writer{type, x.body}
    .raw("mechanism", json_text(x.mechanism))
    .raw("body", x.body.text)
    .end();
}

template <class T>
std::string write_as(std::string_view type, const T& x, uint64_t) {
  io::json out;
  out["type"] = std::string{type};
  wire::put_fields(out, x);
  return out.dump(-1, ' ', false, io::json::error_handler_t::replace);
}

} // namespace

std::string_view type_of(const gateway_message& x, uint64_t protocol) {
  return vocabulary_of(protocol).types[x.index()];
}

std::string write_message(const gateway_message& x, uint64_t protocol) {
  const auto type = type_of(x, protocol);
  return std::visit([&](const auto& message) { return write_as(type, message, protocol); }, x);
}

result<gateway_message>
read_message(std::string_view text, gateway_side sender, size_t bytes_max, uint64_t protocol) {
  if (auto why = wire::bounds_fault(text, bytes_max, "message"))
    return *std::move(why);
  if (auto carried = read_carried(text, sender, protocol))
    return *std::move(carried);
  const auto root = wire::parse(text);
  if (!root)
    return root.error();
  const bool strict = sender == gateway_side::miner;
  const auto& may = vocabulary_of(protocol);
  const wire::names expected{strict ? may.from_miner : may.from_node};
  wire::reader in{strict};
  const auto at = root->find("type");
  if (at == root->end()) {
    in.fail_at("type", "the type of message", "nothing");
    return wrong("message: " + in.error()->what);
  }
  const auto index = in.take_name(*at, expected);
  if (in.error())
    return wrong("message: type" + in.error()->what);
  const auto type = std::ranges::find(may.types, expected[index]) - may.types.begin();
  return read_type(static_cast<size_t>(type), *root, expected[index], strict);
}

} // namespace sluice::net
