/// Mechanisms of every character.
#pragma once

#include "actors/default_handlers.hpp"
#include "messages/mechanism.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <stdexcept>
#include <string>

namespace sluice::test {

/// Answers every epoch with the same scores.
inline mechanism_actor
spawn_prompt(caf::actor_system& sys, const std::string& name, std::map<miner_uid, double> scores) {
  return sys.spawn([=](mechanism_actor::pointer) -> mechanism_actor::behavior_type {
    return {[=](atom::scores, epoch_no epoch) {
              return score_sheet{name, epoch, scores, {}};
            },
            [](atom::lap, uint64_t) { return step_report{}; },
            [](const mechanism_command&) { return std::string{}; }};
  });
}

/// Never answers.
inline mechanism_actor spawn_mute(caf::actor_system& sys) {
  return sys.spawn([](mechanism_actor::pointer self) -> mechanism_actor::behavior_type {
    return {[self](atom::scores, epoch_no) { return self->make_response_promise<score_sheet>(); },
            [](atom::lap, uint64_t) { return step_report{}; },
            [](const mechanism_command&) { return std::string{}; }};
  });
}

/// Says that it cannot.
inline mechanism_actor spawn_refusing(caf::actor_system& sys, const std::string& why) {
  return sys.spawn([=](mechanism_actor::pointer) -> mechanism_actor::behavior_type {
    return {[=](atom::scores, epoch_no) -> caf::result<score_sheet> {
              return caf::make_error(ec::refused, why);
            },
            [](atom::lap, uint64_t) { return step_report{}; },
            [](const mechanism_command&) { return std::string{}; }};
  });
}

/// Falls when it is asked.
inline mechanism_actor spawn_broken(caf::actor_system& sys, const std::string& why) {
  return sys.spawn([=](mechanism_actor::pointer self) -> mechanism_actor::behavior_type {
    install_default_handlers(self);
    return {[=](atom::scores, epoch_no) -> score_sheet { throw std::logic_error(why); },
            [](atom::lap, uint64_t) { return step_report{}; },
            [](const mechanism_command&) { return std::string{}; }};
  });
}

} // namespace sluice::test
