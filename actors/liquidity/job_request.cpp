#include "actors/liquidity/job_request.hpp"

#include "io/liquidity/section.hpp"

namespace sluice {

result<job_command> job_command_of(const mechanism_command& request) {
  const auto what = request.arguments.empty() ? std::string{} : request.arguments.front();
  job_command command{job_id{what}, job_act::pause, {}, request.who, request.time_ms};
  if (request.name == "job resume")
    command.act = job_act::resume;
  if (request.name == "job remove")
    command.act = job_act::remove;
  if (request.name != "job add")
    return command;
  auto jobs = io::read_jobs_file(what);
  if (!jobs)
    return jobs.error();
  if (jobs->size() != 1)
    return fault{ec::bad_input, what + ": expected one [[jobs]], got "
                                  + std::to_string(jobs->size()) + "; add them one by one"};
  command.act = job_act::add;
  command.job = jobs->front().id;
  command.added = std::move(jobs->front());
  return command;
}

} // namespace sluice
