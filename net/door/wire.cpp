#include "net/door/wire.hpp"

#include "net/door/wire_value.hpp"

#include <set>

namespace sluice::net {

namespace {

/// In the order of `door_message`.
constexpr std::array<std::string_view, std::variant_size_v<door_message>> types{
  "hello",    "challenge", "answer", "welcome", "refused", "question",
  "proposal", "invalid",   "scores", "ping",    "pong",    "bye"};

constexpr std::array<std::string_view, 6> from_miner{"hello", "answer", "proposal",
                                                     "ping",  "pong",   "bye"};
constexpr std::array<std::string_view, 9> from_node{
  "challenge", "welcome", "refused", "question", "invalid", "scores", "ping", "pong", "bye"};

fault wrong(std::string what) {
  return {ec::bad_input, std::move(what)};
}

/// Brackets that are open at the same time, strings passed over; no JSON is needed for it.
size_t depth_of(std::string_view text) {
  size_t depth = 0, deepest = 0;
  bool inside = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inside) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        inside = false;
    } else if (c == '"') {
      inside = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

/// The object of a text, or what is wrong with it: no JSON, no object, a key that comes twice.
result<io::json> parse(std::string_view text) {
  std::vector<std::set<std::string>> seen;
  std::string twice;
  const auto watch = [&](int, io::json::parse_event_t event, io::json& value) {
    if (event == io::json::parse_event_t::object_start)
      seen.emplace_back();
    else if (event == io::json::parse_event_t::object_end)
      seen.pop_back();
    else if (event == io::json::parse_event_t::key
             && !seen.back().insert(value.get_ref<const std::string&>()).second)
      twice = value.get<std::string>();
    return true;
  };
  io::json root;
  try { // the only way to learn where the text breaks
    root = io::json::parse(text, watch);
  } catch (const io::json::parse_error& e) {
    const bool end = e.byte > text.size();
    return wrong("message: expected JSON, got "
                 + (end ? std::string{"the end of the text"}
                        : io::quoted(text.substr(e.byte > 0 ? e.byte - 1 : 0), 20) + " at byte "
                            + std::to_string(e.byte)));
  } catch (const io::json::out_of_range&) {
    return wrong("message: expected numbers within the range of a double, got a larger one");
  }
  if (!root.is_object())
    return wrong("message: expected an object, got " + io::shown(root));
  if (!twice.empty())
    return wrong("message: expected every field once, got " + io::quoted(twice) + " twice");
  return root;
}

/// A hello of another protocol may have other fields: it is refused for its protocol, later.
bool is_foreign_hello(const io::json& root) {
  const auto at = root.find("protocol");
  return at != root.end() && at->is_number_unsigned() && *at != door_protocol;
}

/// What no list of fields can say.
void check_more(wire::reader& in, const io::json& root, const door_proposal& x) {
  if (x.reply.accepted && !root.contains("desired_positions"))
    in.fail_at("desired_positions", "a list (an empty one takes everything out)", "nothing");
}

template <class T>
void check_more(wire::reader&, const io::json&, const T&) {}

template <class T>
result<door_message> read_as(const io::json& root, std::string_view type, bool strict) {
  T made;
  if constexpr (std::is_same_v<T, door_hello>) {
    if (is_foreign_hello(root)) {
      made.protocol = root["protocol"].get<uint64_t>();
      return door_message{std::move(made)};
    }
  }
  wire::reader in{strict};
  in.take_fields(root, made, "type");
  if (!in.error())
    check_more(in, root, made);
  if (in.error())
    return wrong(std::string{type} + ": " + in.error()->what);
  return door_message{std::move(made)};
}

template <size_t I = 0>
result<door_message> read_type(size_t type, const io::json& root, bool strict) {
  if constexpr (I + 1 < std::variant_size_v<door_message>)
    if (type != I)
      return read_type<I + 1>(type, root, strict);
  return read_as<std::variant_alternative_t<I, door_message>>(root, types[I], strict);
}

} // namespace

std::string_view type_of(const door_message& x) {
  return types[x.index()];
}

std::string write_message(const door_message& x) {
  io::json out;
  out["type"] = std::string{type_of(x)};
  std::visit([&out](const auto& message) { wire::put_fields(out, message); }, x);
  return out.dump(-1, ' ', false, io::json::error_handler_t::replace);
}

result<door_message> read_message(std::string_view text, door_side sender, size_t bytes_max) {
  if (text.size() > bytes_max)
    return wrong("message: expected at most " + std::to_string(bytes_max) + " bytes, got "
                 + std::to_string(text.size()));
  if (const auto depth = depth_of(text); depth > wire_depth_max)
    return wrong("message: expected lists and objects at most " + std::to_string(wire_depth_max)
                 + " deep, got " + std::to_string(depth));
  const auto root = parse(text);
  if (!root)
    return root.error();
  const bool strict = sender == door_side::miner;
  const wire::words expected = strict ? wire::words{from_miner} : wire::words{from_node};
  wire::reader in{strict};
  const auto at = root->find("type");
  if (at == root->end()) {
    in.fail_at("type", "the type of message", "nothing");
    return wrong("message: " + in.error()->what);
  }
  const auto word = in.take_word(*at, expected);
  if (in.error())
    return wrong("message: type" + in.error()->what);
  const auto type = std::ranges::find(types, expected[word]) - types.begin();
  return read_type(static_cast<size_t>(type), *root, strict);
}

} // namespace sluice::net
