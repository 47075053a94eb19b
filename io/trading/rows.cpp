#include "io/trading/rows.hpp"

#include "io/text/json_place.hpp"
#include "io/text/lines.hpp"
#include "io/trading/raw_row.hpp"

namespace sluice::io {

namespace {

void put_member(std::string& out, std::string_view name, std::string_view value, bool quotes) {
  out += out.size() > 1 ? "," : "";
  out += '"';
  out += name;
  out += quotes ? "\":\"" : "\":";
  for (const char c : value) { // ids come from strangers
    if (c == '"' || c == '\\')
      out.push_back('\\');
    if (static_cast<unsigned char>(c) >= 0x20)
      out.push_back(c);
  }
  out += quotes ? "\"" : "";
}

} // namespace

stake_row read_event_row(std::string_view text, std::string_view file, uint64_t line,
                         const event_row_options& options) {
  thread_local raw_row raw; // its texts keep their memory from row to row
  json_scanner in{text};
  read_raw_row(in, raw);
  if (in.end())
    return row_from(raw, text, file, line, options, true);
  stake_row out;
  out.rejected = row_rejection::json;
  out.why = row_sentence(file, line, place_of_byte(text, in.at()).column, "json", in.expected(),
                         in.at() < text.size() ? io::quoted(text.substr(in.at(), 20)) : "the end");
  return out;
}

std::string event_row_text(const trading_event& x) {
  std::string out = "{";
  put_member(out, "time", iso_time(x.time_us), true);
  put_member(out, "coldkey", x.coldkey, true);
  put_member(out, "hotkey", x.hotkey, true);
  put_member(out, "netuid", std::to_string(x.netuid), false);
  put_member(out, "action", name_of(x.action), true);
  put_member(out, "tao_rao", std::to_string(x.tao), false);
  put_member(out, "alpha_rao", std::to_string(x.alpha), false);
  put_member(out, "extrinsic", x.extrinsic, true);
  if (x.block != 0)
    put_member(out, "block", std::to_string(x.block), false);
  if (x.index)
    put_member(out, "index", std::to_string(*x.index), false);
  if (x.fee != 0)
    put_member(out, "fee_rao", std::to_string(x.fee), false);
  return out + '}';
}

} // namespace sluice::io
