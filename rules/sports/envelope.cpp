#include "rules/sports/envelope.hpp"

#include "rules/canonical_json.hpp"
#include "rules/sports/moment.hpp"

#include <array>
#include <utility>
#include <vector>

namespace sluice {

namespace {

using envelope_members = std::vector<std::pair<std::string, std::string>>;

constexpr size_t signature_digits = 128;
constexpr canonical_bounds envelope_bounds{16, 1024, canonical_digits_max};

fault refused_envelope(std::string what) {
  return {ec::refused, std::move(what)};
}

/// The members of an object, or why it is none: no JSON (bad_input) or another value (refused).
result<envelope_members> members_of_envelope(std::string_view text, size_t bytes_max) {
  if (text.size() > bytes_max)
    return fault{ec::bad_input, "expected at most " + std::to_string(bytes_max) + " bytes, got "
                                  + std::to_string(text.size())};
  auto members = canonical_members(text, envelope_bounds);
  if (members)
    return members;
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool other = first != std::string_view::npos && text[first] != '{';
  if (other && canonical_json(text, envelope_bounds))
    return refused_envelope("expected an object, got another value");
  return members.error();
}

/// Takes members by name and refuses what is left.
class envelope_fields {
public:
  explicit envelope_fields(envelope_members members) : members_(std::move(members)) {}

  /// A text that is not empty.
  std::string text(std::string_view name, size_t bytes_max) {
    auto value = take(name);
    if (value.empty())
      return {};
    if (!value.starts_with('"')) {
      wrong(name, "a text");
      return {};
    }
    auto made = decoded_text(value);
    if (made.empty() || made.size() > bytes_max)
      wrong(name, "a text of 1 to " + std::to_string(bytes_max) + " bytes");
    return made;
  }

  std::string object(std::string_view name) {
    auto value = take(name);
    if (!value.empty() && !value.starts_with('{'))
      wrong(name, "an object");
    return value;
  }

  std::string signature() {
    auto made = text("signature", signature_digits + 2);
    if (made.size() != signature_digits && made.size() != signature_digits + 2)
      wrong("signature", "128 hexadecimal digits");
    return made;
  }

  /// Nothing else is there.
  std::string finish() {
    for (const auto& [name, value] : members_)
      if (why_.empty() && !value.empty())
        why_ = canonical_text(std::string_view{name}.substr(0, 40)) + ": no such member";
    return why_;
  }

private:
  std::string take(std::string_view name) {
    for (auto& [key, value] : members_)
      if (key == name)
        return std::exchange(value, {});
    wrong(name, "a value, got nothing");
    return {};
  }

  void wrong(std::string_view name, const std::string& expected) {
    if (why_.empty())
      why_ = std::string{name} + ": expected " + expected;
  }

  envelope_members members_;
  std::string why_;
};

} // namespace

std::string signing_text(const sports_handshake& x) {
  return "{\"hotkey\": " + canonical_text(x.hotkey) + ", \"nonce\": " + canonical_text(x.nonce)
         + ", \"timestamp\": " + canonical_text(x.timestamp) + '}';
}

std::string signing_text(const sports_envelope& x) {
  std::string out;
  out.reserve(x.data.size() + 256);
  out.append("{\"data\": ").append(x.data);
  out.append(", \"nonce\": ").append(canonical_text(x.nonce));
  out.append(", \"sender\": ").append(canonical_text(x.sender));
  out.append(", \"timestamp\": ").append(canonical_text(x.timestamp));
  out.append(", \"type\": ").append(canonical_text(x.type));
  return out += '}';
}

result<sports_handshake> read_sports_handshake(std::string_view text) {
  auto members = members_of_envelope(text, sports_wire::handshake_bytes_max);
  if (!members)
    return members.error();
  envelope_fields in{*std::move(members)};
  sports_handshake x;
  x.hotkey = in.text("hotkey", sports_wire::word_bytes_max);
  x.timestamp = in.text("timestamp", sports_wire::word_bytes_max);
  x.nonce = in.text("nonce", sports_wire::nonce_bytes_max);
  x.signature = in.signature();
  if (auto why = in.finish(); !why.empty())
    return refused_envelope(std::move(why));
  return x;
}

result<sports_envelope> read_sports_envelope(std::string_view text, size_t bytes_max) {
  auto members = members_of_envelope(text, bytes_max);
  if (!members)
    return members.error();
  envelope_fields in{*std::move(members)};
  sports_envelope x;
  x.type = in.text("type", sports_wire::word_bytes_max);
  x.sender = in.text("sender", sports_wire::word_bytes_max);
  x.data = in.object("data");
  x.timestamp = in.text("timestamp", sports_wire::word_bytes_max);
  x.nonce = in.text("nonce", sports_wire::nonce_bytes_max);
  x.signature = in.signature();
  if (auto why = in.finish(); !why.empty())
    return refused_envelope(std::move(why));
  return x;
}

std::string write_text(const sports_handshake& x) {
  return "{\"hotkey\": " + canonical_text(x.hotkey) + ", \"timestamp\": "
         + canonical_text(x.timestamp) + ", \"nonce\": " + canonical_text(x.nonce)
         + ", \"signature\": " + canonical_text(x.signature) + '}';
}

std::string write_text(const sports_envelope& x) {
  std::string out;
  out.reserve(x.data.size() + 512);
  out.append("{\"type\": ").append(canonical_text(x.type));
  out.append(", \"sender\": ").append(canonical_text(x.sender));
  out.append(", \"data\": ").append(x.data);
  out.append(", \"timestamp\": ").append(canonical_text(x.timestamp));
  out.append(", \"signature\": ").append(canonical_text(x.signature));
  out.append(", \"nonce\": ").append(canonical_text(x.nonce));
  return out += '}';
}

std::string flat_error_text(std::string_view message, std::string_view timestamp) {
  return "{\"type\": \"error\", \"message\": " + canonical_text(message)
         + ", \"timestamp\": " + canonical_text(timestamp) + '}';
}

std::string refusal_text(std::string_view message) {
  return "{\"status\": \"error\", \"message\": " + canonical_text(message) + '}';
}

bool is_fresh(std::string_view timestamp, int64_t now_us, uint64_t window_s) {
  const auto at = read_sports_moment(timestamp);
  if (!at || !at->has_offset)
    return false;
  const auto apart = at->us > now_us ? at->us - now_us : now_us - at->us;
  return apart <= static_cast<int64_t>(window_s) * 1'000'000;
}

std::string sports_nonce_source::next(int64_t now_us) {
  last_us_ = now_us > last_us_ ? now_us : last_us_ + 1;
  auto text = std::to_string(last_us_ / 1000) + '.';
  auto fraction = std::to_string(1000 + last_us_ % 1000).substr(1);
  while (fraction.size() > 1 && fraction.back() == '0')
    fraction.pop_back();
  return text + fraction;
}

} // namespace sluice
