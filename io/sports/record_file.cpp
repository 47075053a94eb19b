#include "io/sports/record_file.hpp"

#include "io/text/json_place.hpp"
#include "io/text/lines.hpp"
#include "rules/canonical_json.hpp"
#include "rules/sports/check.hpp"
#include "rules/sports/feed_row.hpp"
#include "rules/sports/json_claim.hpp"
#include "rules/sports/moment.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace sluice::io {

namespace {

constexpr size_t sports_line_bytes_max = size_t{1} << 20;
constexpr size_t sports_miners_max = 65'536;
constexpr uint64_t records_per_progress = 1024;

using members = std::vector<std::pair<std::string, std::string>>;

const std::string* member_of(const members& all, std::string_view name) {
  const auto at = std::ranges::find(all, name, &std::pair<std::string, std::string>::first);
  return at == all.end() ? nullptr : &at->second;
}

fault wrong_field(std::string_view field, std::string_view expected, const std::string* got) {
  constexpr size_t shown_max = 64;
  return {ec::bad_input, std::string{field} + ": expected " + std::string{expected} + ", got "
                           + (got ? got->substr(0, shown_max) : "nothing")};
}

std::string text_of(const members& all, std::string_view name) {
  const auto* value = member_of(all, name);
  return value && value->starts_with('"') ? decoded_text(*value) : "";
}

std::optional<int64_t> moment_of(const members& all, std::string_view name) {
  const auto read = read_sports_moment(text_of(all, name));
  return read ? std::optional{read->us} : std::nullopt;
}

result<sports_record_line> game_record(std::string_view object, int64_t at_us) {
  auto read = game_of_feed_row(object, at_us);
  if (!read.game)
    return fault{ec::bad_input, read.wrong.sentence()};
  return sports_record_line{0, *std::move(read.game)};
}

result<sports_record_line> prediction_record(const members& all) {
  prediction_arrival made;
  made.way = prediction_way::file;
  const auto received = moment_of(all, "received_at");
  if (!received)
    return wrong_field("received_at", "a time like 2025-01-06T10:30:00Z",
                       member_of(all, "received_at"));
  made.received_us = *received;
  made.key.value = text_of(all, "hotkey");
  if (made.key.value.empty())
    return wrong_field("hotkey", "a text", member_of(all, "hotkey"));
  const auto* claim = member_of(all, "prediction");
  if (!claim || !claim->starts_with('{'))
    return wrong_field("prediction", "an object", claim);
  auto read = claim_of_json(*claim);
  if (!read)
    return fault{ec::bad_input, "prediction: " + read.error().what};
  made.claim = *std::move(read);
  return sports_record_line{0, std::move(made)};
}

result<sports_file_miner> miner_of(const std::string& object) {
  const auto all = canonical_members(object);
  if (!all)
    return fault{ec::bad_input, "miners: " + all.error().what};
  sports_file_miner made;
  const auto* uid = member_of(*all, "uid");
  const auto number = uid ? number_of(claim_value_of_json(*uid)) : std::nullopt;
  if (!number || *number % nano_one != 0 || *number < 0 || *number / nano_one > 65'535)
    return wrong_field("miners.uid", "a whole number from 0 to 65535", uid);
  made.uid = static_cast<uint16_t>(*number / nano_one);
  made.hotkey = text_of(*all, "hotkey");
  if (made.hotkey.empty())
    return wrong_field("miners.hotkey", "a text", member_of(*all, "hotkey"));
  const auto* valid = member_of(*all, "valid");
  made.valid = !valid || *valid == "true";
  return made;
}

result<sports_record_line> settings_record(const members& all) {
  sports_file_settings made;
  const auto now = moment_of(all, "now");
  if (!now)
    return wrong_field("now", "a time like 2025-01-06T10:30:00Z", member_of(all, "now"));
  made.now_us = *now;
  if (const auto* slots = member_of(all, "slots")) {
    const auto end = slots->data() + slots->size();
    const auto read = std::from_chars(slots->data(), end, made.slots);
    if (read.ec != std::errc{} || read.ptr != end || made.slots == 0 || made.slots > 65'536)
      return wrong_field("slots", "a whole number from 1 to 65536", slots);
  }
  const auto* miners = member_of(all, "miners");
  const auto items = miners ? canonical_items(*miners, {canonical_depth_max, sports_miners_max})
                            : result<std::vector<std::string>>{std::vector<std::string>{}};
  if (!items)
    return fault{ec::bad_input, "miners: " + items.error().what};
  for (const auto& item : *items) {
    auto miner = miner_of(item);
    if (!miner)
      return miner.error();
    made.miners.push_back(*std::move(miner));
  }
  return sports_record_line{0, std::move(made)};
}

/// The column that a fault of canonical_json.hpp names ("byte 17: ..."); none: it names none.
std::optional<size_t> column_in(std::string_view what) {
  constexpr std::string_view word = "byte ";
  size_t column = 0;
  if (!what.starts_with(word))
    return std::nullopt;
  what.remove_prefix(word.size());
  const auto read = std::from_chars(what.data(), what.data() + what.size(), column);
  return read.ec == std::errc{} ? std::optional{column} : std::nullopt;
}

/// "FILE:LINE:COLUMN: field: expected ..., got ...; correct this line ...".
std::string sports_reason(const std::string& file, uint64_t line, std::string_view text,
                          const std::string& what) {
  auto column = column_in(what);
  if (!column) {
    const auto field = what.substr(0, std::min(what.find(": "), what.size()));
    const bool is_name = field.find_first_of(" .") == std::string::npos;
    column = place_of(text, is_name ? json_path{field} : json_path{}).column;
  }
  return file + ':' + std::to_string(line) + ':' + std::to_string(*column) + ": " + what + "; "
         + std::string{correct_it};
}

void count_record(sports_file_counts& counts, const sports_record_line& x) {
  counts.games += std::holds_alternative<game_update>(x.what) ? 1 : 0;
  counts.predictions += std::holds_alternative<prediction_arrival>(x.what) ? 1 : 0;
}

} // namespace

result<sports_record_line> sports_record_of(std::string_view object, int64_t at_us) {
  const auto all = canonical_members(object, {canonical_depth_max, sports_miners_max});
  if (!all)
    return all.error();
  const auto kind = text_of(*all, "kind");
  if (kind == "game" || (kind.empty() && member_of(*all, "externalId")))
    return game_record(object, at_us);
  if (kind == "prediction")
    return prediction_record(*all);
  if (kind == "settings")
    return settings_record(*all);
  return wrong_field("kind", "game, prediction or settings", member_of(*all, "kind"));
}

result<sports_file_counts>
read_sports_file(const std::string& path, const sports_file_options& options,
                 const take_sports_record& take, const take_bad_sports_record& bad) {
  auto lines = line_reader::open(path, sports_line_bytes_max);
  if (!lines)
    return lines.error();
  sports_file_counts counts;
  const auto refuse = [&](const std::string& reason) -> result<nothing> {
    if (options.strict)
      return fault{ec::bad_input, reason};
    ++counts.bad;
    bad({lines->number(), reason});
    return nothing{};
  };
  for (uint64_t n = 1;; ++n) {
    const auto before = lines->bytes_read();
    const auto line = lines->next();
    result<nothing> done = nothing{};
    if (!line && (line.error().code != ec::bad_input || lines->bytes_read() == before))
      return line.error(); // the disk, or a line without an end
    if (!line) {
      done = refuse(line.error().what);
    } else if (!line->has_value()) {
      break;
    } else if (auto read = sports_record_of(**line, options.at_us); !read) {
      done = refuse(sports_reason(path, lines->number(), **line, read.error().what));
    } else {
      read->line = lines->number();
      count_record(counts, *read);
      done = take(*std::move(read));
    }
    if (!done)
      return done.error();
    if (options.progress && n % records_per_progress == 0)
      options.progress(lines->bytes_read(), lines->bytes_total());
  }
  if (options.progress)
    options.progress(lines->bytes_read(), lines->bytes_total());
  return counts;
}

} // namespace sluice::io
