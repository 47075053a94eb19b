#include "tools/api/api_keys.hpp"

#include "io/api/key_file.hpp"
#include "io/text/lines.hpp"
#include "io/text/table.hpp"
#include "net/keys/session_key.hpp"
#include "rules/json_text.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace sluice::tools {

namespace {

constexpr uint64_t second_ms = 1'000;
constexpr uint64_t day_ms = 86'400 * second_ms;
constexpr uint64_t duration_ms_max = 3'650 * day_ms;
constexpr size_t validator_bytes_max = 128;

/// "2026-11-30T22:10:00Z"; "" for 0.
std::string utc_of(uint64_t ms) {
  using namespace std::chrono;
  if (ms == 0)
    return {};
  const sys_seconds at{seconds{std::min<uint64_t>(ms / second_ms, 253'402'300'799)}};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  std::string out(32, '\0');
  const int size = std::snprintf(
    out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
    static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
    static_cast<int>(time.seconds().count()));
  out.resize(static_cast<size_t>(std::max(0, size)));
  return out;
}

std::string validator_of(const api_key& x) {
  return x.validator_uid ? std::to_string(x.validator_uid->value) : x.validator.value;
}

std::string_view state_of(const api_key& x, uint64_t now_ms) {
  return x.revoked_ms != 0                             ? "revoked"
         : x.expires_ms != 0 && now_ms >= x.expires_ms ? "expired"
                                                       : "active";
}

api_key_chance fresh_chance() {
  api_key_chance out;
  out.secret = net::fresh_bytes();
  const auto more = net::fresh_bytes();
  std::copy_n(more.begin(), out.salt.size(), out.salt.begin());
  std::copy_n(more.begin() + out.salt.size(), out.id.size(), out.id.begin());
  return out;
}

fault wrong_flag(const std::string& flag, const std::string& expected, std::string_view got) {
  return {ec::bad_input, flag + ": expected " + expected + ", got "
                           + (got.empty() ? std::string{"nothing"} : io::quoted(got, 80))};
}

bool is_printable(std::string_view x, char least) {
  return std::all_of(x.begin(), x.end(), [least](char c) { return c >= least && c != '\x7f'; });
}

result<nothing> take_validator(const std::string& text, api_key& out) {
  const bool number = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c >= '0' && c <= '9';
  });
  if (out.role != api_role::validator)
    return text.empty() ? result<nothing>{nothing{}}
                        : wrong_flag("--validator", "it with --role validator only", text);
  if (text.empty() || text.size() > validator_bytes_max || !is_printable(text, '!'))
    return wrong_flag("--validator", "the hotkey or the uid of the validator that the key is for",
                      text);
  if (!number) {
    out.validator.value = text;
    return nothing{};
  }
  uint16_t uid = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), uid);
  if (error != std::errc{})
    return wrong_flag("--validator", "a uid from 0 to 65535", text);
  out.validator_uid = miner_uid{uid};
  return nothing{};
}

result<api_key> terms_of(const api_key_order& order, uint64_t now_ms) {
  api_key out;
  const auto role = api_role_named(order.role);
  if (!role)
    return wrong_flag("--role", "client, validator or admin", order.role);
  out.role = *role;
  if (auto taken = take_validator(order.validator, out); !taken)
    return taken.error();
  if (order.name.size() > api_key_name_bytes_max || !io::is_utf8(order.name)
      || std::any_of(order.name.begin(), order.name.end(),
                     [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }))
    return wrong_flag("--name", "at most 64 bytes on one line", order.name);
  out.name = order.name;
  out.created_ms = now_ms;
  out.expires_ms = order.expires_in_ms == 0 ? 0 : now_ms + order.expires_in_ms;
  return out;
}

result<api_key*> find_key(std::vector<api_key>& all, const std::string& id) {
  const auto at = std::find_if(all.begin(), all.end(), [&](const auto& x) { return x.id == id; });
  if (at == all.end())
    return fault{ec::no_such_key,
                 "no key has the id " + io::quoted(id) + "; sluice api-key list shows them"};
  return &*at;
}

std::vector<std::string> cells_of(const api_key& x, uint64_t now_ms) {
  return {x.id,
          std::string{name_of(x.role)},
          validator_of(x),
          x.name,
          std::string{state_of(x, now_ms)},
          utc_of(x.created_ms),
          x.expires_ms == 0 ? "never" : utc_of(x.expires_ms)};
}

} // namespace

result<key_report>
make_api_key(const std::string& folder, const api_key_order& order, uint64_t now_ms) {
  auto terms = terms_of(order, now_ms);
  if (!terms)
    return terms.error();
  issued_api_key made;
  const auto changed
    = io::change_api_keys(folder, [&](std::vector<api_key>& all) -> result<nothing> {
        if (all.size() >= api_keys_max)
          return fault{ec::refused, folder + " has " + std::to_string(api_keys_max)
                                      + " keys, which is the most: remove revoked ones from "
                                      + io::api_keys_file_in(folder)};
        made = issue_api_key(*std::move(terms), fresh_chance(), all);
        all.push_back(made.key);
        return nothing{};
      });
  if (!changed)
    return changed.error();
  key_report out{{"file", io::api_keys_file_in(folder)},
                 {"id", made.key.id},
                 {"role", std::string{name_of(made.key.role)}}};
  if (made.key.role == api_role::validator)
    out.emplace_back("validator", validator_of(made.key));
  if (!made.key.name.empty())
    out.emplace_back("name", made.key.name);
  if (made.key.expires_ms != 0)
    out.emplace_back("expires", utc_of(made.key.expires_ms));
  out.emplace_back("key", made.text);
  return out;
}

result<key_report> rotate_api_key_in(const std::string& folder, const std::string& id,
                                     uint64_t overlap_ms, uint64_t now_ms) {
  issued_api_key made;
  const auto changed
    = io::change_api_keys(folder, [&](std::vector<api_key>& all) -> result<nothing> {
        const auto at = find_key(all, id);
        if (!at)
          return at.error();
        if ((*at)->revoked_ms != 0)
          return fault{ec::refused, "the key " + id
                                      + " is revoked; make another: sluice api-key "
                                        "new"};
        made = rotate_api_key(**at, fresh_chance(), overlap_ms == 0 ? 0 : now_ms + overlap_ms);
        **at = made.key;
        return nothing{};
      });
  if (!changed)
    return changed.error();
  key_report out{{"id", made.key.id}};
  if (overlap_ms != 0)
    out.emplace_back("replaced_until", utc_of(made.key.replaced_until_ms));
  out.emplace_back("key", made.text);
  return out;
}

result<key_report>
revoke_api_key_in(const std::string& folder, const std::string& id, uint64_t now_ms) {
  uint64_t revoked_ms = 0;
  const auto changed
    = io::change_api_keys(folder, [&](std::vector<api_key>& all) -> result<nothing> {
        const auto at = find_key(all, id);
        if (!at)
          return at.error();
        if ((*at)->revoked_ms == 0)
          (*at)->revoked_ms = std::max<uint64_t>(1, now_ms);
        revoked_ms = (*at)->revoked_ms;
        return nothing{};
      });
  if (!changed)
    return changed.error();
  return key_report{{"id", id}, {"revoked", utc_of(revoked_ms)}};
}

std::string api_keys_table(const std::vector<api_key>& all, uint64_t now_ms, size_t columns,
                           report::charset letters) {
  if (all.empty())
    return "no keys; make one: sluice api-key new --data DIR --role client\n";
  std::vector<report::table_row> rows;
  for (const auto& x : all)
    rows.push_back({cells_of(x, now_ms), {}, true, report::tone::normal});
  return report::draw_table({{.title = "id"},
                             {.title = "role"},
                             {.title = "validator", .drop = 1, .shrink_to = 9},
                             {.title = "name", .drop = 2, .shrink_to = 8},
                             {.title = "state"},
                             {.title = "created", .drop = 4},
                             {.title = "expires", .drop = 3}},
                            std::move(rows), columns, false, letters);
}

std::string api_keys_json(const std::vector<api_key>& all, uint64_t now_ms) {
  json_list out;
  for (const auto& x : all)
    out.raw(json_object{}
              .add("id", std::string_view{x.id})
              .add("role", name_of(x.role))
              .add("validator", std::string_view{validator_of(x)})
              .add("name", std::string_view{x.name})
              .add("state", state_of(x, now_ms))
              .add("created", std::string_view{utc_of(x.created_ms)})
              .add("expires", std::string_view{utc_of(x.expires_ms)})
              .add("revoked", std::string_view{utc_of(x.revoked_ms)})
              .text());
  return out.text() + '\n';
}

result<uint64_t> api_key_duration(std::string_view flag, std::string_view text) {
  const auto wrong = [&] {
    return wrong_flag(std::string{flag}, "a number and d, h, m or s, from 1s to 3650d, such as 30d",
                      text);
  };
  if (text.size() < 2)
    return wrong();
  const auto unit = text.back();
  const uint64_t unit_ms = unit == 'd'   ? day_ms
                           : unit == 'h' ? 3'600 * second_ms
                           : unit == 'm' ? 60 * second_ms
                           : unit == 's' ? second_ms
                                         : 0;
  uint64_t number = 0;
  const auto last = text.data() + text.size() - 1;
  const auto [end, error] = std::from_chars(text.data(), last, number);
  if (unit_ms == 0 || error != std::errc{} || end != last || number == 0
      || number > duration_ms_max / unit_ms)
    return wrong();
  return number * unit_ms;
}

} // namespace sluice::tools
