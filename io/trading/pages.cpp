// Pages of the indexers, and what they state of pools.
#include "io/text/json_place.hpp"
#include "io/text/lines.hpp"
#include "io/trading/raw_row.hpp"
#include "io/trading/rows.hpp"
#include "rules/trading/paging.hpp"

#include <algorithm>

namespace sluice::io {

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
