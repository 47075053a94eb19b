#include "actors/liquidity/views/views.hpp"

#include "actors/liquidity/views/parts.hpp"
#include "rules/admin/line_tokens.hpp"
#include "rules/liquidity/round_name.hpp"
#include "rules/nearest.hpp"
#include "storage/liquidity/tables.hpp"

#include <string>
#include <tuple>
#include <vector>

namespace sluice::views {

namespace tables = storage::tables;

namespace {

result<json> chosen(const storage::data_dir& disk, const admin::call& what) {
  const auto name = what.what->name;
  const auto first = what.argument_at(0);
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
    return explain(disk, first, what.argument_at(1));
  return fault{ec::invalid_argument, std::string{name} + " is not answered from disk"};
}

} // namespace

result<std::string> of_jobs(const storage::data_dir& disk, const admin::call& what) {
  auto shown = chosen(disk, what);
  return shown ? result<std::string>{text_of(*shown)} : shown.error();
}

std::string_view name_of(round_status x) {
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
  return fault{ec::no_such_key, "no job " + admin::quoted_token(id)
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

} // namespace sluice::views
