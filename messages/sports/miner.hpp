/// What the actors of a miner of sports send to each other, in a process of its own.
#pragma once

#include "messages/sports/games.hpp"
#include "messages/storage_writer.hpp"
#include "messages/tasks.hpp"
#include "rules/ids.hpp"
#include "rules/sports/game.hpp"
#include "storage/batch.hpp"
#include "storage/sports/miner_records.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// DATABASE: the only one who writes the miner's database, and who takes its backups.
using sports_database_actor = caf::typed_actor<caf::replies_to<storage::batch>::with<atom::done>,
                                               // Its task: a backup, and what is old is erased.
                                               caf::replies_to<run_task>::with<atom::done>,
                                               // How the database does, as a JSON object.
                                               caf::replies_to<atom::view>::with<std::string>>;

/// Messenger -> predictor: games of a validator. Stays in this process.
struct games_of_validator {
  std::string validator; // its address, as the miner was given it
  std::vector<sports_game> games;
};

/// Predictor -> messenger: predictions that are durable, to be sent. Stays in this process.
struct predictions_made {
  std::vector<miner_prediction> made;
};

/// Messenger -> predictor: who we are on the subnet.
struct own_uid {
  miner_uid uid;
  SLUICE_FIELDS(uid)
};

/// A command of the user's has ended: what it wrote, or why not. Stays in this process.
struct command_ended {
  uint64_t number = 0; // of the question
  std::string output;
  std::string why; // "": it ended well
};

/// PREDICTOR: keeps games, and decides about each of them once.
using sports_predictor_actor
  = caf::typed_actor<caf::reacts_to<games_of_validator>, caf::reacts_to<own_uid>,
                     caf::reacts_to<command_ended>,
                     // Its task: games that were not predicted.
                     caf::replies_to<run_task>::with<atom::done>,
                     // Games and predictions, as a JSON object.
                     caf::replies_to<atom::view>::with<std::string>>;

/// What a connection reports, from its own thread. Stays in this process.
struct validator_news {
  enum class kind : uint8_t { online = 0, lost, frame, http } what = kind::online;
  size_t validator = 0; // index
  std::string text;     // address; why; the frame's type; which request
  std::string data;     // of a frame, or the body of an answer
  std::optional<miner_uid> uid{};
  uint64_t pause_ms = 0; // lost
  unsigned status = 0;   // http; 0: there was no answer, and `text` is the request
};

/// MESSENGER: sends predictions to every validator until it has answered, and fetches games.
using sports_messenger_actor
  = caf::typed_actor<caf::reacts_to<predictions_made>, caf::reacts_to<validator_news>,
                     // Its task: games over HTTP.
                     caf::replies_to<run_task>::with<atom::done>,
                     // Connections and deliveries, as a JSON object.
                     caf::replies_to<atom::view>::with<std::string>,
                     // Its own: time has passed.
                     caf::reacts_to<atom::due>>;

/// Called before the actor system of a miner is made.
void add_sports_miner_messages(caf::actor_system_config& config);

} // namespace sluice

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::games_of_validator)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::predictions_made)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::command_ended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::validator_news)

CAF_BEGIN_TYPE_ID_BLOCK(sluice_sports_miner, 1540)

  CAF_ADD_TYPE_ID(sluice_sports_miner, (sluice::games_of_validator))
  CAF_ADD_TYPE_ID(sluice_sports_miner, (sluice::predictions_made))
  CAF_ADD_TYPE_ID(sluice_sports_miner, (sluice::own_uid))
  CAF_ADD_TYPE_ID(sluice_sports_miner, (sluice::command_ended))
  CAF_ADD_TYPE_ID(sluice_sports_miner, (sluice::validator_news))
  CAF_ADD_TYPE_ID(sluice_sports_miner, (sluice::sports_database_actor))
  CAF_ADD_TYPE_ID(sluice_sports_miner, (sluice::sports_predictor_actor))
  CAF_ADD_TYPE_ID(sluice_sports_miner, (sluice::sports_messenger_actor))

CAF_END_TYPE_ID_BLOCK(sluice_sports_miner)

EXTERN_INSTANTIATE(sluice::own_uid)
