#include "actors/liquidity/job_words.hpp"

#include "io/liquidity/section.hpp"

namespace sluice {

result<job_command> job_command_of(const mechanism_command& said) {
  const auto what = said.words.empty() ? std::string{} : said.words.front();
  job_command command{job_id{what}, job_act::pause, {}, said.who, said.time_ms};
  if (said.name == "job resume")
    command.act = job_act::resume;
  if (said.name == "job remove")
    command.act = job_act::remove;
  if (said.name != "job add")
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
