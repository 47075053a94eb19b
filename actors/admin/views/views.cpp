#include "actors/admin/views/views.hpp"

#include "actors/admin/views/parts.hpp"
#include "actors/liquidity/audit.hpp"
#include "rules/admin/words.hpp"
#include "rules/nearest.hpp"
#include "storage/tables.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <ctime>

namespace sluice::views {

namespace tables = storage::tables;

namespace {

constexpr uint64_t actions_shown = 20;
constexpr uint64_t actions_max = 10'000;

result<json> chosen(const storage::data_dir& disk, const admin::call& what) {
  const auto name = what.what->name;
  const auto first = what.word(0);
  if (name == "jobs")
    return jobs(disk);
  if (name == "rounds")
    return rounds(disk, first);
  if (name == "round")
    return round(disk, first);
  if (name == "scores")
    return scores(disk, first);
  if (name == "miners")
    return miners(disk);
  if (name == "miner")
    return miner(disk, first);
  if (name == "explain")
    return explain(disk, first, what.word(1));
  if (name == "weights")
    return weights(disk);
  if (name == "sheets")
    return sheets(disk);
  if (name == "chain")
    return chain(disk);
  if (name == "storage")
    return storage_room(disk);
  if (name == "actions") {
    uint64_t count = actions_shown;
    if (!first.empty())
      std::from_chars(first.data(), first.data() + first.size(), count); // parsed before
    return actions(disk, std::min(count, actions_max));
  }
  return fault{ec::invalid_argument, std::string{name} + " is not answered from disk"};
}

std::string with_sign(const std::string& digits, bool negative) {
  return negative && digits != "0" ? '-' + digits : digits;
}

} // namespace

result<std::string> of_disk(const storage::data_dir& disk, const admin::call& what) {
  auto shown = chosen(disk, what);
  if (!shown)
    return shown.error();
  return shown->dump(-1, ' ', false, json::error_handler_t::replace);
}

json time_of(uint64_t unix_seconds) {
  if (unix_seconds == 0)
    return nullptr;
  const auto seconds = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  std::array<char, 32> text{};
  if (!::gmtime_r(&seconds, &parts)
      || std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
    return nullptr;
  return text.data();
}

json number(double x) {
  return std::isfinite(x) ? json(x) : json(nullptr);
}

std::string exact(const u256& amount, uint8_t decimals) {
  auto digits = to_string(amount);
  if (decimals == 0)
    return digits;
  if (digits.size() <= decimals)
    digits.insert(0, decimals + size_t{1} - digits.size(), '0');
  digits.insert(digits.size() - decimals, 1, '.');
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.')
    digits.pop_back();
  return digits;
}

std::string exact(const i256& amount, uint8_t decimals) {
  return with_sign(exact(amount.magnitude(), decimals), amount.is_negative());
}

std::string_view word(round_status x) {
  switch (x) {
  case round_status::pending:
    return "pending";
  case round_status::active:
    return "active";
  case round_status::completed:
    return "completed";
  case round_status::failed:
    break;
  }
  return "failed";
}

result<job_record> job_named(const storage::data_dir& disk, std::string_view id) {
  auto row = tables::jobs.find(disk, job_id{std::string{id}});
  if (!row)
    return row.error();
  if (*row)
    return **std::move(row);
  std::vector<std::string> names;
  auto read = tables::jobs.for_each(
    disk, [&](const job_id& key, const job_record&) { names.push_back(key.value); });
  if (!read)
    return read.error();
  const auto near = nearest(id, std::vector<std::string_view>(names.begin(), names.end()));
  std::string all;
  for (const auto& x : names)
    all += (all.empty() ? "" : ", ") + x;
  return fault{ec::no_such_key, "no job " + admin::as_word(id)
                                  + (near            ? "; did you mean " + std::string{*near} + "?"
                                     : names.empty() ? "; there is none yet"
                                                     : "; there is " + all)};
}

result<round_record> round_named(const storage::data_dir& disk, std::string_view text) {
  auto id = parse_round_id(text);
  if (!id)
    return id.error();
  auto row = tables::rounds.find(disk, *id);
  if (!row)
    return row.error();
  if (*row)
    return **std::move(row);
  if (auto job = job_named(disk, id->job.value); !job)
    return job.error();
  auto last = tables::rounds.last(disk, std::make_tuple(id->job, id->kind));
  if (!last)
    return last.error();
  const auto known = *last ? "; the newest of them is " + to_string((*last)->first)
                           : "; there is none of that kind yet";
  return fault{ec::no_such_key, "no round " + to_string(*id) + known};
}

bool is_miner(std::string_view who, miner_uid uid, const hotkey& key) {
  return who == key.value || who == std::to_string(uid.value);
}

result<std::optional<dev_chain>> stored_chain(const storage::data_dir& disk) {
  return tables::chain_state.find(disk, tables::chain_key);
}

} // namespace sluice::views
