#include "actors/liquidity/job_request.hpp"

#include "io/config/config_text.hpp"
#include "io/config/file_below.hpp"
#include "io/liquidity/section.hpp"
#include "rules/base64.hpp"

namespace sluice {

namespace {

/// `name`: of the file on the shell's machine.
result<job_config>
added_job(const std::string& name, const std::string& sent, const std::string& files_below) {
  const auto text = base64_bytes(sent);
  if (!text || text->empty())
    return fault{ec::bad_input, "job add: expected the text of " + name
                                  + " behind its name, in base64, as shells of this version send"
                                    " it; use the same version for both"};
  auto jobs = io::parse_jobs(*text, name);
  if (!jobs)
    return jobs.error();
  if (jobs->size() != 1)
    return fault{ec::bad_input, name + ": expected one [[jobs]], got "
                                  + std::to_string(jobs->size()) + "; add them one by one"};
  for (auto& file : jobs->front().feed.files) {
    if (name.starts_with('/'))
      io::place_beside(name, file);
    auto found = io::file_below(files_below, file);
    if (!found)
      return fault{found.error().code, name + ": jobs[0].feed.files: " + found.error().what};
    file = *std::move(found);
  }
  return std::move(jobs->front());
}

} // namespace

result<job_command> job_command_of(const mechanism_command& request) {
  const auto argument
    = [&](size_t i) { return i < request.arguments.size() ? request.arguments[i] : std::string{}; };
  job_command command{job_id{argument(0)}, job_act::pause, {}, request.who, request.time_ms};
  if (request.name == "job resume")
    command.act = job_act::resume;
  if (request.name == "job remove")
    command.act = job_act::remove;
  if (request.name != "job add")
    return command;
  auto job = added_job(argument(0), argument(1), request.files_below);
  if (!job)
    return job.error();
  command.act = job_act::add;
  command.job = job->id;
  command.added = *std::move(job);
  return command;
}

} // namespace sluice
