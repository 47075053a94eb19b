/// Mechanisms of every character.
#pragma once

#include "actors/base/default_handlers.hpp"
#include "messages/mechanism.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <stdexcept>
#include <string>

namespace sluice::test {

/// Answers every epoch with the same scores. Scores as given, not checked.
inline mechanism_actor
spawn_prompt(caf::actor_system& sys, const std::string& name, std::map<miner_uid, double> scores) {
  return sys.spawn([=](mechanism_actor::pointer) -> mechanism_actor::behavior_type {
    return {[=](atom::scores, epoch_no epoch) {
              return mechanism_scores{name, epoch, scores, {}};
            },
            [](atom::step, uint64_t) { return step_report{}; },
            [](const mechanism_command&) { return std::string{}; }};
  });
}

/// Never answers.
inline mechanism_actor spawn_mute(caf::actor_system& sys) {
  return sys.spawn([](mechanism_actor::pointer self) -> mechanism_actor::behavior_type {
    return {
      [self](atom::scores, epoch_no) { return self->make_response_promise<mechanism_scores>(); },
      [](atom::step, uint64_t) { return step_report{}; },
      [](const mechanism_command&) { return std::string{}; }};
  });
}

/// Answers that it cannot.
inline mechanism_actor spawn_refusing(caf::actor_system& sys, const std::string& why) {
  return sys.spawn([=](mechanism_actor::pointer) -> mechanism_actor::behavior_type {
    return {[=](atom::scores, epoch_no) -> caf::result<mechanism_scores> {
              return caf::make_error(ec::refused, why);
            },
            [](atom::step, uint64_t) { return step_report{}; },
            [](const mechanism_command&) { return std::string{}; }};
  });
}

/// Fails when it is asked.
inline mechanism_actor spawn_broken(caf::actor_system& sys, const std::string& why) {
  return sys.spawn([=](mechanism_actor::pointer self) -> mechanism_actor::behavior_type {
    install_default_handlers(self);
    return {[=](atom::scores, epoch_no) -> mechanism_scores { throw std::logic_error(why); },
            [](atom::step, uint64_t) { return step_report{}; },
            [](const mechanism_command&) { return std::string{}; }};
  });
}

} // namespace sluice::test
