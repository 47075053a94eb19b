#include "net/http/conditional.hpp"

#include "net/http/field_list.hpp"

#include <algorithm>
#include <array>
#include <sodium.h>

namespace sluice::net {

std::string etag_of(std::string_view bytes) {
  constexpr size_t hash_bytes = 16;
  constexpr std::string_view digits = "0123456789abcdef";
  static const bool ready = ::sodium_init() >= 0; // chooses the fastest form for this processor
  std::array<unsigned char, hash_bytes> hash{};
  if (ready)
    ::crypto_generichash(hash.data(), hash.size(),
                         reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                         nullptr, 0);
  std::string out = "\"";
  for (const auto x : hash) {
    out += digits[x >> 4];
    out += digits[x & 15];
  }
  return out += '"';
}

std::string gzip_etag_of(std::string_view etag) {
  std::string out{etag.substr(0, etag.size() - 1)};
  return out += "-gz\"";
}

bool etag_is_among(std::string_view if_none_match, std::string_view etag) {
  auto rest = trimmed_field(if_none_match);
  if (rest == "*")
    return true;
  while (!rest.empty()) {
    if (rest.starts_with("W/"))
      rest.remove_prefix(2);
    const auto end = rest.starts_with('"') ? rest.find('"', 1) : std::string_view::npos;
    if (end == std::string_view::npos)
      return false;
    if (rest.substr(0, end + 1) == etag)
      return true;
    rest = trimmed_field(rest.substr(end + 1)); // a name may have commas in it
    if (!rest.empty() && !rest.starts_with(','))
      return false;
    rest.remove_prefix(std::min(rest.find_first_not_of(", \t"), rest.size()));
  }
  return false;
}

} // namespace sluice::net
