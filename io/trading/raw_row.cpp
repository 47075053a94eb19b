#include "io/trading/raw_row.hpp"

#include "io/text/json_place.hpp"
#include "io/text/lines.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace sluice::io {

namespace {

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

} // namespace

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

std::string row_sentence(std::string_view file, uint64_t line, size_t column,
                         std::string_view field, std::string_view expected, std::string_view got) {
  return std::string{file} + ':' + std::to_string(line) + ':' + std::to_string(column) + ": "
         + std::string{field} + ": expected " + std::string{expected} + ", got " + std::string{got}
         + "; the row is left out, correct it or leave it";
}

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

} // namespace sluice::io
