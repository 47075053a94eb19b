#include "rules/consensus/status_list.hpp"

#include "rules/consensus/json_scan.hpp"
#include "rules/consensus/status_field.hpp"
#include "rules/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

namespace sluice {

namespace {

std::optional<double> finite_number(std::string_view token) {
  double x = 0;
  const auto read = std::from_chars(token.data(), token.data() + token.size(), x);
  if (read.ec != std::errc{} || !std::isfinite(x))
    return std::nullopt;
  return x;
}

std::optional<uint16_t> uid_of(std::string_view token) {
  int64_t x = 0;
  const auto read = std::from_chars(token.data(), token.data() + token.size(), x);
  if (read.ec != std::errc{} || read.ptr != token.data() + token.size() || x < 0 || x > 65'535)
    return std::nullopt;
  return static_cast<uint16_t>(x);
}

/// Which field has this name; status_fields when it is none of them.
size_t field_by_name(std::string_view name) {
  const auto at = std::lower_bound(status_field_names.begin(), status_field_names.end(), name);
  return at != status_field_names.end() && *at == name
           ? static_cast<size_t>(at - status_field_names.begin())
           : status_fields;
}

/// Without the spaces between its parts.
std::string without_spaces(std::string_view json) {
  std::string made;
  made.reserve(json.size());
  bool inside = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (inside && c == '\\')
      made += json[i++];
    else if (c == '"')
      inside = !inside;
    if (inside || (json[i] != ' ' && json[i] != '\n' && json[i] != '\t' && json[i] != '\r'))
      made += json[i];
  }
  return made;
}

/// Reads one report; `fail` says where it was when a function is false.
class status_reader {
public:
  explicit status_reader(std::string_view json)
    : scan_(json, status_limits::depth_max), bytes_(json.size()) {}

  result<status_list> run() {
    status_list made;
    if (scan_.next() != json_kind::list) {
      std::string_view ignored;
      made.is_list = false;
      if (!scan_.value(ignored) || !scan_.at_end())
        return fail();
      return made;
    }
    scan_.open('[');
    made.statuses.reserve(std::min(status_limits::items_max, bytes_ / usual_item_bytes + 1));
    while (scan_.element()) {
      if (made.statuses.size() + made.skipped >= status_limits::items_max)
        return fault{ec::bad_input, "miner_statuses: expected at most "
                                      + std::to_string(status_limits::items_max)
                                      + " items, got more; send them in several reports"};
      if (!read_item(made))
        return fail();
    }
    if (!scan_.closed() || !scan_.at_end())
      return fail();
    return made;
  }

private:
  fault fail() const {
    return {ec::bad_input, "miner_statuses: expected JSON of at most "
                             + std::to_string(status_limits::depth_max)
                             + " brackets inside each other, which this is not at byte "
                             + std::to_string(scan_.at())};
  }

  bool read_item(status_list& out) {
    std::string_view ignored;
    if (scan_.next() != json_kind::object) {
      ++out.skipped;
      return scan_.value(ignored);
    }
    scan_.open('{');
    auto& item = out.statuses.emplace_back();
    seen_ = 0;
    has_uid_ = false;
    is_double_ = false;
    bool escaped = false;
    std::string_view name;
    while (scan_.member(name, escaped))
      if (!read_member(name, escaped, item))
        return false;
    if (!scan_.closed())
      return false;
    if (!has_uid_ || is_double_) {
      out.statuses.pop_back();
      ++out.skipped;
      return true;
    }
    std::sort(item.extra.begin(), item.extra.end(),
              [](const status_extra& a, const status_extra& b) { return a.name < b.name; });
    return true;
  }

  bool read_member(std::string_view name, bool escaped, miner_status& item) {
    std::string plain;
    if (escaped) {
      if (!unescape_json(name, plain))
        plain.clear(); // no name of anything
      name = plain;
    }
    const auto field = field_by_name(name);
    if (field == status_fields)
      return read_extra(name, item);
    is_double_ = is_double_ || (seen_ & (uint32_t{1} << field)) != 0;
    seen_ |= uint32_t{1} << field;
    return read_field(static_cast<status_field>(field), item);
  }

  bool read_field(status_field field, miner_status& item) {
    switch (field) {
    case status_field::uid:
      return read_uid(item);
    case status_field::hotkey:
      return read_hotkey(item.hotkey);
    case status_field::is_serving:
      return read_boolean(item.is_serving);
    case status_field::stake:
      return read_number(item.stake, 0, INFINITY);
    case status_field::current_load:
      return read_number(item.current_load, 0, INFINITY);
    case status_field::performance_score:
      return read_number(item.performance_score, 0, 1);
    case status_field::max_capacity:
      return read_number(item.max_capacity, -INFINITY, INFINITY);
    case status_field::specialization:
      return read_specialization(item);
    default:
      return read_raw(*raw_text(item, field), status_limits::text_bytes_max);
    }
  }

  bool read_uid(miner_status& item) {
    std::string_view token;
    if (scan_.next() != json_kind::number)
      return scan_.value(token);
    if (!scan_.number(token))
      return false;
    if (const auto uid = uid_of(token)) {
      item.uid.value = *uid;
      has_uid_ = true;
    }
    return true;
  }

  bool read_number(std::optional<double>& out, double least, double most) {
    std::string_view token;
    if (scan_.next() != json_kind::number)
      return scan_.value(token);
    if (!scan_.number(token))
      return false;
    out = finite_number(token);
    if (out && (*out < least || *out > most))
      out.reset();
    return true;
  }

  bool read_boolean(std::optional<bool>& out) {
    std::string_view ignored;
    if (scan_.next() != json_kind::boolean)
      return scan_.value(ignored);
    return scan_.boolean(out.emplace());
  }

  bool read_hotkey(std::string& out) {
    std::string_view token;
    if (scan_.next() != json_kind::text)
      return scan_.value(token);
    bool escaped = false;
    if (!scan_.text(token, escaped))
      return false;
    if (!escaped)
      out = token;
    else if (!unescape_json(token, out))
      out.clear();
    if (out.size() > status_limits::hotkey_bytes_max)
      out.clear();
    return true;
  }

  /// Any value but null, in one form: texts without needless escapes, the rest without spaces.
  bool read_raw(std::string& out, size_t bytes_max) {
    std::string_view token;
    const auto kind = scan_.next();
    if (kind == json_kind::text) {
      const auto begin = scan_.at();
      bool escaped = false;
      if (!scan_.text(token, escaped))
        return false;
      if (!escaped) {
        if (token.size() + 2 <= bytes_max)
          out.assign(token.data() - 1, scan_.at() - begin); // with its quotes
        return true;
      }
      std::string plain;
      if (unescape_json(token, plain))
        out = json_text(plain);
    } else {
      if (!scan_.value(token))
        return false;
      if (kind != json_kind::null)
        out = kind == json_kind::number || kind == json_kind::boolean ? std::string{token}
                                                                      : without_spaces(token);
    }
    if (out.size() > bytes_max)
      out.clear();
    return true;
  }

  bool read_specialization(miner_status& item) {
    const auto kind = scan_.next();
    if (kind != json_kind::text && kind != json_kind::list && kind != json_kind::object) {
      std::string_view ignored;
      return scan_.value(ignored);
    }
    if (!read_raw(item.specialization, status_limits::specialization_bytes_max))
      return false;
    if (!item.specialization.empty())
      item.task_types = task_types_of(item.specialization);
    return true;
  }

  bool read_extra(std::string_view name, miner_status& item) {
    std::string_view ignored;
    if (name.size() > status_limits::name_bytes_max || name.empty()
        || item.extra.size() >= status_limits::extra_max)
      return scan_.value(ignored);
    for (const auto& x : item.extra)
      is_double_ = is_double_ || x.name == name;
    status_extra made;
    made.name = name;
    if (!read_raw(made.json, status_limits::text_bytes_max))
      return false;
    if (!made.json.empty())
      item.extra.push_back(std::move(made));
    return true;
  }

  /// Of a value that was read before: its text, the texts of a list, the names of an object.
  static std::vector<std::string> task_types_of(const std::string& json) {
    json_scan scan{json, status_limits::depth_max};
    std::vector<std::string> made;
    const auto add = [&](std::string_view inside) {
      std::string plain;
      if (unescape_json(inside, plain) && !plain.empty()
          && plain.size() <= status_limits::task_type_bytes_max
          && made.size() < status_limits::task_types_max)
        made.push_back(std::move(plain));
    };
    std::string_view token;
    bool escaped = false;
    const auto kind = scan.next();
    if (kind == json_kind::text && scan.text(token, escaped))
      add(token);
    else if (kind == json_kind::list && scan.open('['))
      while (scan.element()) {
        if (scan.next() != json_kind::text)
          scan.value(token);
        else if (scan.text(token, escaped))
          add(token);
      }
    else if (kind == json_kind::object && scan.open('{'))
      while (scan.member(token, escaped)) {
        add(token);
        scan.value(token);
      }
    std::sort(made.begin(), made.end());
    made.erase(std::unique(made.begin(), made.end()), made.end());
    return made;
  }

  static constexpr size_t usual_item_bytes = 256;

  json_scan scan_;
  size_t bytes_ = 0;       // of the whole text
  uint32_t seen_ = 0;      // bits of the fields of this item
  bool has_uid_ = false;   // and an integer one
  bool is_double_ = false; // a field of it is there twice
};

} // namespace

result<status_list> read_status_list(std::string_view json) {
  if (json.size() > status_limits::list_bytes_max)
    return fault{ec::bad_input, "miner_statuses: expected at most "
                                  + std::to_string(status_limits::list_bytes_max) + " bytes, got "
                                  + std::to_string(json.size()) + "; send them in several reports"};
  if (!is_utf8_text(json))
    return fault{ec::bad_input, "miner_statuses: expected UTF-8, got other bytes"};
  return status_reader{json}.run();
}

} // namespace sluice
