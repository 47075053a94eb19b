#include "actors/report/run_memory.hpp"

#include <algorithm>

namespace sluice::report {

void run_memory::start(run_started first) {
  started_ = std::move(first);
  std::erase_if(parts_, [this](const auto& x) { return !started_.mechanisms.contains(x.first); });
  for (const auto& [name, part] : parts_)
    part->start(started_);
}

void run_memory::take(const step_done& step) {
  for_each_step(step, [](mechanism_report& part, const step_report& x) { part.take(x); });
  new_weights_ = step.published
                 && (!published_ || published_->epoch != step.published->epoch
                     || published_->status != step.published->status);
  if (new_weights_)
    published_ = step.published;
}

bool run_memory::is_miner(miner_uid uid) const {
  return std::any_of(parts_.begin(), parts_.end(),
                     [uid](const auto& x) { return x.second->is_miner(uid); });
}

} // namespace sluice::report
