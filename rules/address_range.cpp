#include "rules/address_range.hpp"

#include <algorithm>
#include <charconv>

namespace sluice {

namespace {

constexpr size_t groups_of_6 = 8;
constexpr uint8_t bits_before_4 = 96; // of an IPv4 address inside an IPv6 one

/// A number of at most `digits_max` digits, and nothing else.
std::optional<unsigned> whole_number(std::string_view text, int base, size_t digits_max) {
  unsigned x = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), x, base);
  if (text.empty() || text.size() > digits_max || error != std::errc{}
      || end != text.data() + text.size())
    return {};
  return x;
}

/// Up to the separator, which is taken as well.
std::string_view next_piece(std::string_view& text, char separator) {
  const auto end = std::min(text.find(separator), text.size());
  const auto piece = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return piece;
}

std::optional<std::array<uint8_t, 4>> parse_four(std::string_view text) {
  std::array<uint8_t, 4> out{};
  if (std::count(text.begin(), text.end(), '.') != 3)
    return {};
  for (auto& byte : out) {
    const auto x = whole_number(next_piece(text, '.'), 10, 3);
    if (!x || *x > 255)
      return {};
    byte = static_cast<uint8_t>(*x);
  }
  return out;
}

/// Groups of 16 bits between colons, an IPv4 address as the last two of them.
bool parse_groups(std::string_view text, std::vector<uint16_t>& out) {
  if (text.empty())
    return true;
  if (text.ends_with(':'))
    return false;
  while (!text.empty() && out.size() < groups_of_6) {
    const auto piece = next_piece(text, ':');
    if (piece.find('.') != std::string_view::npos) {
      const auto four = parse_four(piece);
      if (!four || !text.empty())
        return false;
      out.push_back(static_cast<uint16_t>((*four)[0] << 8 | (*four)[1]));
      out.push_back(static_cast<uint16_t>((*four)[2] << 8 | (*four)[3]));
      return true;
    }
    const auto x = whole_number(piece, 16, 4);
    if (!x)
      return false;
    out.push_back(static_cast<uint16_t>(*x));
  }
  return text.empty();
}

std::optional<ip_bytes> parse_six(std::string_view text) {
  std::vector<uint16_t> front, back;
  const auto gap = text.find("::");
  if (gap == std::string_view::npos) {
    if (!parse_groups(text, front) || front.size() != groups_of_6)
      return {};
  } else if (!parse_groups(text.substr(0, gap), front) || !parse_groups(text.substr(gap + 2), back)
             || front.size() + back.size() >= groups_of_6) {
    return {};
  }
  front.resize(groups_of_6 - back.size());
  front.insert(front.end(), back.begin(), back.end());
  ip_bytes out{};
  for (size_t i = 0; i < groups_of_6; ++i) {
    out[2 * i] = static_cast<uint8_t>(front[i] >> 8);
    out[2 * i + 1] = static_cast<uint8_t>(front[i] & 0xff);
  }
  return out;
}

std::string_view trimmed(std::string_view x) {
  while (!x.empty() && (x.front() == ' ' || x.front() == '\t'))
    x.remove_prefix(1);
  while (!x.empty() && (x.back() == ' ' || x.back() == '\t'))
    x.remove_suffix(1);
  return x;
}

/// "[2001:db8::7]:443", "203.0.113.7:443" and either without its port.
std::optional<ip_bytes> parse_with_port(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('['))
    return parse_ip(text.substr(1, std::min(text.find(']'), text.size()) - 1));
  if (std::count(text.begin(), text.end(), ':') == 1)
    text = text.substr(0, text.find(':'));
  return parse_ip(text);
}

} // namespace

std::optional<ip_bytes> parse_ip(std::string_view text) {
  if (text.find(':') != std::string_view::npos)
    return parse_six(text);
  const auto four = parse_four(text);
  if (!four)
    return {};
  ip_bytes out{};
  out[10] = out[11] = 0xff;
  std::copy(four->begin(), four->end(), out.begin() + 12);
  return out;
}

result<address_range> parse_address_range(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_ip(text.substr(0, slash));
  const bool is_4 = text.find(':') == std::string_view::npos;
  const unsigned most = is_4 ? 32 : 128;
  const auto bits = slash == std::string_view::npos ? std::optional{most}
                                                    : whole_number(text.substr(slash + 1), 10, 3);
  if (!address || !bits || *bits > most)
    return fault{ec::bad_input, "expected an address or a range of them, such as 10.0.0.0/8 or "
                                "2001:db8::/32, got "
                                  + (text.empty() ? std::string{"nothing"}
                                                  : '"' + std::string{text.substr(0, 64)} + '"')};
  return address_range{*address, static_cast<uint8_t>(*bits + (is_4 ? bits_before_4 : 0))};
}

bool contains(const address_range& range, const ip_bytes& address) {
  for (size_t i = 0; i < address.size() && 8 * i < range.bits; ++i) {
    const auto left = range.bits - 8 * i; // bits of this byte that count
    const auto mask = left >= 8 ? 0xffU : 0xffU << (8 - left) & 0xffU;
    if (((range.first[i] ^ address[i]) & mask) != 0)
      return false;
  }
  return true;
}

bool contains(const std::vector<address_range>& ranges, const ip_bytes& address) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const auto& x) { return contains(x, address); });
}

std::optional<ip_bytes>
forwarded_for(std::string_view header, const std::vector<address_range>& trusted) {
  while (!header.empty()) {
    const auto comma = header.rfind(',');
    const auto last = comma == std::string_view::npos ? header : header.substr(comma + 1);
    header = comma == std::string_view::npos ? std::string_view{} : header.substr(0, comma);
    const auto address = parse_with_port(last);
    if (!address)
      return {};
    if (!contains(trusted, *address))
      return address;
  }
  return {};
}

} // namespace sluice
