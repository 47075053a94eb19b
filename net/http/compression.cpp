#include "net/http/compression.hpp"

#include "net/http/field_list.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <zlib.h>

namespace sluice::net {

namespace {

constexpr int gzip_level = 6;
constexpr int gzip_window = 15 + 16; // 32 KiB, with gzip's head
constexpr int gzip_memory = 8;
constexpr int weight_whole = 1000;
constexpr size_t codings_max = 32; // more names than there are codings are not read

/// Thousandths of "0.123" or "1.000" (RFC 9110, 12.4.2); none for anything else.
std::optional<int> weight_of(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1') || text.size() > 5)
    return {};
  int value = (text[0] - '0') * weight_whole;
  if (text.size() > 1 && text[1] != '.')
    return {};
  int unit = weight_whole / 10;
  for (size_t i = 2; i < text.size(); ++i, unit /= 10) {
    if (text[i] < '0' || text[i] > '9')
      return {};
    value += (text[i] - '0') * unit;
  }
  if (value > weight_whole)
    return {};
  return value;
}

struct weighted_coding {
  std::string_view name;
  int weight = weight_whole;
};

/// "gzip;q=0.5"; none when it cannot be read.
std::optional<weighted_coding> read_coding(std::string_view item) {
  const auto semicolon = std::min(item.find(';'), item.size());
  weighted_coding out{trimmed_field(item.substr(0, semicolon))};
  if (out.name.empty())
    return {};
  if (semicolon == item.size())
    return out;
  const auto parameter = trimmed_field(item.substr(semicolon + 1));
  if (parameter.size() < 3 || (parameter[0] != 'q' && parameter[0] != 'Q') || parameter[1] != '=')
    return {};
  const auto weight = weight_of(parameter.substr(2));
  if (!weight)
    return {};
  out.weight = *weight;
  return out;
}

} // namespace

bool is_compressible(std::string_view type, size_t bytes) {
  if (bytes < compressible_bytes_min || bytes > compressible_bytes_max)
    return false;
  const auto name = trimmed_field(type.substr(0, std::min(type.find(';'), type.size())));
  constexpr std::array<std::string_view, 6> known{
    "application/json",     "application/javascript",       "application/xml",
    "application/x-ndjson", "application/openmetrics-text", "image/svg+xml"};
  return name.starts_with("text/") || name.ends_with("+json")
         || std::find(known.begin(), known.end(), name) != known.end();
}

std::string gzip_of(std::string_view plain) {
  z_stream stream{};
  if (::deflateInit2(&stream, gzip_level, Z_DEFLATED, gzip_window, gzip_memory, Z_DEFAULT_STRATEGY)
      != Z_OK)
    return {};
  std::string out(::deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data())); // zlib reads only
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool whole = ::deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(out.size() - stream.avail_out);
  ::deflateEnd(&stream);
  if (!whole || out.size() >= plain.size())
    return {};
  out.shrink_to_fit();
  return out;
}

bool accepts_gzip(std::string_view accept_encoding) {
  std::optional<int> gzip, any, identity;
  size_t items = 0;
  for (field_list list{accept_encoding}; const auto item = list.next();) {
    const auto coding = read_coding(*item);
    if (!coding || ++items > codings_max)
      return false;
    if (same_field_token(coding->name, "gzip") || same_field_token(coding->name, "x-gzip"))
      gzip = std::max(gzip.value_or(0), coding->weight);
    else if (coding->name == "*")
      any = coding->weight;
    else if (same_field_token(coding->name, "identity"))
      identity = coding->weight;
  }
  const int wanted = gzip ? *gzip : any.value_or(0);
  // `*` stands for identity too, which changes nothing between the two.
  return wanted > 0 && wanted >= identity.value_or(0);
}

} // namespace sluice::net
