#include "io/trading/rows.hpp"

#include "io/text/json_place.hpp"
#include "io/text/lines.hpp"
#include "io/trading/json_scanner.hpp"
#include "rules/trading/paging.hpp"

#include <algorithm>
#include <charconv>

namespace sluice::io {

namespace {

/// The members of rows that are read.
enum class row_field : uint8_t {
  coldkey,
  hotkey,
  time,
  timestamp,
  netuid,
  action,
  event_id,
  tao_rao,
  alpha_rao,
  fee_rao,
  amount,
  alpha,
  amount_in,
  amount_out,
  extrinsic,
  extrinsic_id,
  extrinsics,
  block,
  block_number,
  index,
  nominator,
  delegate,
};

constexpr std::array<std::string_view, 22> row_field_names{
  "coldkey",      "hotkey",     "time",      "timestamp",    "netuid",     "action",
  "event_id",     "tao_rao",    "alpha_rao", "fee_rao",      "amount",     "alpha",
  "amount_in",    "amount_out", "extrinsic", "extrinsic_id", "extrinsics", "block",
  "block_number", "index",      "nominator", "delegate"};

/// One row as it stands there; owns what it needs.
struct raw_row {
  struct member {
    scan_kind kind = scan_kind::none; // none: missing
    size_t at = 0;
    std::string text;
  };
  std::array<member, row_field_names.size()> members;
  size_t at = 0; // of its brace

  const member& operator[](row_field x) const { return members[static_cast<size_t>(x)]; }
  bool has(row_field x) const { return (*this)[x].kind != scan_kind::none; }
};

/// {"ss58": TEXT}, or the text itself.
void read_account(json_scanner& in, raw_row::member& to) {
  bool first = true;
  in.begin('{');
  while (in.more('}', first)) {
    const bool wanted = in.key() == "ss58";
    const auto x = in.value();
    if (wanted) {
      to.kind = x.kind;
      to.text = x.text;
    }
  }
}

void read_raw_row(json_scanner& in, raw_row& row) {
  for (auto& x : row.members) {
    x.kind = scan_kind::none;
    x.text.clear();
  }
  in.peek();
  row.at = in.at();
  bool first = true;
  in.begin('{');
  while (in.more('}', first)) {
    const auto name = in.key();
    const auto known = std::find(row_field_names.begin(), row_field_names.end(), name);
    if (known == row_field_names.end()) {
      in.value();
      continue;
    }
    auto& to = row.members[static_cast<size_t>(known - row_field_names.begin())];
    if (to.kind != scan_kind::none) {
      in.fail("a member only once");
      return;
    }
    if (in.peek() == scan_kind::object && (name == "nominator" || name == "delegate")) {
      to.at = in.at();
      to.kind = scan_kind::object;
      read_account(in, to);
      continue;
    }
    const auto x = in.value();
    to.kind = x.kind;
    to.at = x.at;
    to.text = x.text;
  }
}

event_row_form form_of(const raw_row& row, event_row_form asked) {
  if (asked != event_row_form::any)
    return asked;
  if (row.has(row_field::nominator))
    return event_row_form::taostats;
  return row.has(row_field::event_id) ? event_row_form::taoapp : event_row_form::own;
}

/// Which member states what, per form.
struct form_fields {
  row_field time, action, coldkey, hotkey, extrinsic, block;
};
constexpr form_fields own_fields{row_field::time,   row_field::action,    row_field::coldkey,
                                 row_field::hotkey, row_field::extrinsic, row_field::block};
constexpr form_fields taostats_fields{row_field::timestamp,    row_field::action,
                                      row_field::nominator,    row_field::delegate,
                                      row_field::extrinsic_id, row_field::block_number};
constexpr form_fields taoapp_fields{row_field::timestamp, row_field::event_id,   row_field::coldkey,
                                    row_field::hotkey,    row_field::extrinsics, row_field::block};

/// A whole number as JSON number or text; none for anything else.
std::optional<uint64_t> whole_number(const raw_row::member& x, uint64_t max) {
  if (x.kind != scan_kind::number && x.kind != scan_kind::text)
    return std::nullopt;
  uint64_t number = 0;
  const auto* end = x.text.data() + x.text.size();
  const auto [stop, error] = std::from_chars(x.text.data(), end, number);
  if (error != std::errc{} || stop != end || number > max)
    return std::nullopt;
  return number;
}

std::optional<int64_t> amount_of(const raw_row::member& x, int scale) {
  if (x.kind != scan_kind::number && x.kind != scan_kind::text)
    return std::nullopt;
  return parse_scaled_decimal(x.text, scale);
}

/// What is wrong, and where.
struct row_mistake {
  row_rejection why = row_rejection::none;
  row_field field = row_field::netuid;
  std::string_view expected;
};

/// Reads the members in the order of the reasons: the first that fits is given.
class row_reading {
public:
  row_reading(const raw_row& row, const event_row_options& options)
    : row_(row), form_(form_of(row, options.form)), mapping_(options.mapping),
      names_(form_ == event_row_form::taostats ? taostats_fields
             : form_ == event_row_form::taoapp ? taoapp_fields
                                               : own_fields) {}

  row_mistake read(trading_event& out) {
    const auto netuid = whole_number(row_[row_field::netuid], UINT16_MAX);
    if (netuid.value_or(0) == 0)
      return {row_rejection::netuid, row_field::netuid, "a whole number from 1 to 65535"};
    out.netuid = static_cast<uint16_t>(*netuid);
    const auto& time = row_[names_.time];
    const auto moment = time.kind == scan_kind::text ? parse_iso_time(time.text) : std::nullopt;
    if (!moment)
      return {row_rejection::timestamp, names_.time, "an ISO time (2025-04-01T00:02:00Z)"};
    out.time_us = *moment;
    const auto& word = row_[names_.action];
    const auto action = word.kind == scan_kind::text ? parse_stake_action(word.text) : std::nullopt;
    if (!action)
      return {row_rejection::action, names_.action, "a word for stake or unstake"};
    out.action = *action;
    if (const auto wrong = read_amounts(out); wrong.why != row_rejection::none)
      return wrong;
    return read_rest(out);
  }

private:
  row_mistake read_amounts(trading_event& out) {
    constexpr int whole_units_scale = 9;
    auto tao = row_field::tao_rao;
    auto alpha = row_field::alpha_rao;
    int scale = 0;
    if (form_ == event_row_form::taostats) {
      tao = row_field::amount;
      alpha = row_field::alpha;
    } else if (form_ == event_row_form::taoapp) {
      tao = row_field::amount_in;
      alpha = row_field::amount_out;
      scale = whole_units_scale;
      if (mapping_ == tao_mapping::by_direction && out.action == stake_action::unstake)
        std::swap(tao, alpha);
    }
    for (const auto& [field, to] : {std::pair{tao, &out.tao}, std::pair{alpha, &out.alpha}}) {
      *to = amount_of(row_[field], scale).value_or(0);
      if (*to <= 0 || *to > amount_max)
        return {row_rejection::amount, field, "an amount above 0 and at most 21 million whole"};
    }
    out.fee = 0;
    if (form_ == event_row_form::own && row_.has(row_field::fee_rao))
      out.fee = amount_of(row_[row_field::fee_rao], 0).value_or(-1);
    if (out.fee < 0 || out.fee > amount_max
        || (out.action == stake_action::unstake && out.fee > out.tao))
      return {row_rejection::amount, row_field::fee_rao,
              "rao from 0, of an unstake at most tao_rao"};
    return {};
  }

  row_mistake read_rest(trading_event& out) {
    const auto& extrinsic = row_[names_.extrinsic];
    const bool named = extrinsic.kind == scan_kind::text || extrinsic.kind == scan_kind::number;
    if (!named || extrinsic.text.empty() || extrinsic.text.size() > extrinsic_bytes_max)
      return {row_rejection::extrinsic, names_.extrinsic, "an id of 1 to 96 bytes"};
    out.extrinsic = extrinsic.text;
    out.coldkey = row_[names_.coldkey].text;
    out.hotkey = row_[names_.hotkey].text;
    for (const auto field : {names_.coldkey, names_.hotkey})
      if (row_[field].kind != scan_kind::text || !looks_like_a_key(row_[field].text))
        return {row_rejection::key, field, "an address of 48 characters that begins with 5"};
    out.block = whole_number(row_[names_.block], UINT64_MAX).value_or(0);
    out.index.reset();
    if (const auto index = whole_number(row_[row_field::index], UINT32_MAX - 1);
        index && form_ == event_row_form::own)
      out.index = static_cast<uint32_t>(*index);
    return {};
  }

  const raw_row& row_;
  event_row_form form_;
  tao_mapping mapping_;
  form_fields names_;
};

/// "FILE:LINE:COLUMN: field: expected ..., got ...; what to do".
std::string row_sentence(std::string_view file, uint64_t line, size_t column,
                         std::string_view field, std::string_view expected, std::string_view got) {
  return std::string{file} + ':' + std::to_string(line) + ':' + std::to_string(column) + ": "
         + std::string{field} + ": expected " + std::string{expected} + ", got " + std::string{got}
         + "; the row is left out, correct it or leave it";
}

/// `explained`: with the sentence; to find its line takes as long as the text before it.
stake_row row_from(const raw_row& raw, std::string_view whole, std::string_view file,
                   uint64_t first_line, const event_row_options& options, bool explained) {
  stake_row out;
  auto& event = out.event.emplace();
  const auto wrong = row_reading{raw, options}.read(event);
  if (wrong.why == row_rejection::none)
    return out;
  out.event.reset();
  out.rejected = wrong.why;
  if (!explained)
    return out;
  const auto& member = raw[wrong.field];
  const auto place = place_of_byte(whole, member.kind == scan_kind::none ? raw.at : member.at);
  const auto got = member.kind == scan_kind::none ? std::string{"nothing"}
                   : member.text.empty()          ? std::string{name_of(member.kind)}
                                                  : io::quoted(member.text);
  out.why = row_sentence(file, first_line + place.line - 1, place.column,
                         row_field_names[static_cast<size_t>(wrong.field)], wrong.expected, got);
  return out;
}

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

namespace {

constexpr size_t page_reasons_max = 20;

/// Reads a page; what is wrong with the document as a whole is the scanner's mistake.
class page_reading {
public:
  page_reading(std::string_view text, std::string_view name, const event_row_options& options)
    : in_(text), text_(text), name_(name), options_(options) {}

  result<event_page> read() {
    bool first = true;
    bool has_data = false;
    in_.begin('{');
    while (in_.more('}', first)) {
      const auto name = std::string{in_.key()};
      if (name == "data" && !has_data) {
        has_data = true;
        read_rows();
      } else if (name == "pagination" && options_.form == event_row_form::taostats) {
        read_pagination();
      } else if (name == "next_page" && options_.form == event_row_form::taoapp) {
        page_.next_page = optional_number();
      } else if (name == "total" && options_.form == event_row_form::taoapp) {
        page_.total = optional_number();
      } else if (name == "data") {
        in_.fail("`data` only once");
      } else {
        in_.value();
      }
    }
    if (in_.end() && !has_data)
      in_.fail("the member `data`");
    if (!in_.failed())
      return std::move(page_);
    const auto place = place_of_byte(text_, std::min(in_.at(), text_.size()));
    return fault{ec::bad_input, std::string{name_} + ':' + std::to_string(place.line) + ':'
                                  + std::to_string(place.column) + ": expected "
                                  + std::string{in_.expected()}
                                  + "; the page is not taken and will be asked for again"};
  }

private:
  void read_rows() {
    bool first = true;
    raw_row raw;
    in_.begin('[');
    while (in_.more(']', first)) {
      if (page_.rows == page_rows_max) {
        in_.fail("at most 10000 rows in a page");
        return;
      }
      read_raw_row(in_, raw);
      if (in_.failed())
        return;
      ++page_.rows;
      auto& coldkey = raw.members[static_cast<size_t>(row_field::coldkey)];
      if (coldkey.kind == scan_kind::none && !options_.coldkey.empty())
        coldkey = {scan_kind::text, raw.at, std::string{options_.coldkey}};
      const bool explained = page_.why.size() < page_reasons_max;
      auto row = row_from(raw, text_, name_, 1, options_, explained);
      if (row.event) {
        page_.events.push_back(*std::move(row.event));
        continue;
      }
      ++page_.rejected.at(static_cast<size_t>(row.rejected));
      page_.rejected_rows.push_back(row_digest(text_.substr(raw.at, in_.at() - raw.at)));
      if (explained)
        page_.why.push_back(std::move(row.why));
    }
  }

  void read_pagination() {
    bool first = true;
    if (in_.peek() == scan_kind::null) {
      in_.value();
      return;
    }
    in_.begin('{');
    while (in_.more('}', first)) {
      const auto name = std::string{in_.key()};
      if (name == "next_page")
        page_.next_page = optional_number();
      else if (name == "total_items")
        page_.total = optional_number();
      else if (name == "total_pages")
        page_.total_pages = optional_number();
      else
        in_.value();
    }
  }

  /// A whole number from 1, or null or false for none; 0 is none for a page.
  std::optional<uint64_t> optional_number() {
    const auto x = in_.value();
    if (x.kind == scan_kind::null || (x.kind == scan_kind::boolean && x.text == "false"))
      return std::nullopt;
    raw_row::member member{x.kind, x.at, std::string{x.text}};
    const auto number = whole_number(member, INT64_MAX);
    if (!number)
      in_.fail("a whole number or null");
    return number;
  }

  json_scanner in_;
  std::string_view text_;
  std::string_view name_;
  event_row_options options_;
  event_page page_;
};

double whole_or(const raw_row::member& x, double otherwise) {
  const auto scaled = amount_of(x, 9);
  return scaled ? static_cast<double>(*scaled) / 1e9 : otherwise;
}

} // namespace

result<event_page>
read_event_page(std::string_view text, std::string_view name, const event_row_options& options) {
  if (options.form != event_row_form::taostats && options.form != event_row_form::taoapp)
    return fault{ec::invalid_argument, std::string{name} + ": pages are those of an indexer"};
  if (text.size() > page_bytes_max)
    return fault{ec::bad_input, std::string{name} + ": a page of " + std::to_string(text.size())
                                  + " bytes, allowed are " + std::to_string(page_bytes_max)
                                  + "; ask for smaller pages (page_size)"};
  if (!is_utf8(text))
    return fault{ec::bad_input, std::string{name} + ": the page is not UTF-8; it is not taken"};
  return page_reading{text, name, options}.read();
}

result<pool_data> read_pool_data(std::string_view text, std::string_view name, int64_t now_us) {
  constexpr std::array<std::string_view, 6> names{"netuid",       "tao_reserve",   "alpha_reserve",
                                                  "alpha_supply", "emission_rate", "price"};
  std::array<raw_row::member, names.size()> members;
  json_scanner in{text.substr(0, page_bytes_max)};
  bool first = true;
  in.begin('{');
  while (in.more('}', first)) {
    const auto known = std::find(names.begin(), names.end(), in.key());
    const auto x = in.value();
    if (known != names.end())
      members.at(static_cast<size_t>(known - names.begin())) = {x.kind, x.at, std::string{x.text}};
  }
  pool_data out;
  const auto netuid = whole_number(members[0], UINT16_MAX);
  if (!in.end() || !netuid)
    return fault{ec::bad_input,
                 std::string{name} + ": expected an object with netuid and the reserves of a pool"};
  out.netuid = static_cast<uint16_t>(*netuid);
  out.time_us = now_us;
  out.tao_reserve = amount_of(members[1], 9).value_or(0);
  out.alpha_reserve = amount_of(members[2], 9).value_or(0);
  out.alpha_supply = amount_of(members[3], 9).value_or(0);
  out.emission_rate = whole_or(members[4], 0);
  out.price = whole_or(members[5], 0);
  return out;
}

} // namespace sluice::io
