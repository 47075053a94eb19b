/// Finds the actors of a running system by name, and kills them.
#pragma once

#include <caf/actor_cast.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::test {

/// Knows every actor that has ever waited for its turn while it looked.
class actor_hunt {
public:
  explicit actor_hunt(caf::scheduler::test_coordinator& sched) : sched_(sched) {}

  /// Notes who is waiting for a turn now.
  void look() {
    for (auto* job : sched_.jobs)
      if (auto* x = dynamic_cast<caf::scheduled_actor*>(job))
        seen_.insert_or_assign(x->id(), quarry{x->name(), caf::weak_actor_ptr{x->ctrl()}});
  }

  /// Kills the last one spawned with this name; false when none is alive.
  bool kill(std::string_view name) {
    for (auto i = seen_.rbegin(); i != seen_.rend(); ++i)
      if (i->second.name == name && shoot(i->second))
        return true;
    return false;
  }

  /// Kills a random one among the living whose name is one of these; answers its name, or "".
  std::string kill_any(const std::vector<std::string>& names, std::mt19937& rng) {
    std::vector<const quarry*> alive;
    for (const auto& [id, x] : seen_)
      if (std::find(names.begin(), names.end(), x.name) != names.end() && is_alive(x))
        alive.push_back(&x);
    if (alive.empty())
      return "";
    const auto& x = *alive[rng() % alive.size()];
    return shoot(x) ? x.name : "";
  }

private:
  struct quarry {
    std::string name;
    caf::weak_actor_ptr who;
  };

  static bool is_alive(const quarry& x) {
    const auto who = x.who.lock();
    return who
           && !caf::actor_cast<caf::abstract_actor*>(who)->getf(
             caf::abstract_actor::is_terminated_flag);
  }

  static bool shoot(const quarry& x) {
    if (!is_alive(x))
      return false;
    caf::anon_send_exit(caf::actor_cast<caf::actor>(x.who.lock()), caf::exit_reason::kill);
    return true;
  }

  caf::scheduler::test_coordinator& sched_;
  std::map<caf::actor_id, quarry> seen_; // in the order of their spawning
};

} // namespace sluice::test
