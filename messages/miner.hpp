/// What a miner, its session, the roster and whoever asks send to each other: bodies are of the
/// mechanism that asks, and nobody between it and the miner looks inside.
#pragma once

#include "messages/atoms.hpp"
#include "messages/chain.hpp"
#include "messages/errors.hpp"
#include "messages/inspect.hpp"
#include "rules/miner/body.hpp"
#include "rules/miner_gateway/handshake.hpp"
#include "storage/records.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <map>
#include <memory>
#include <vector>

// CAF finds inspect() through the inspector's namespace, so it is there.
namespace caf {

/// As the text of its JSON object.
template <class Inspector, class T>
requires std::is_same_v<std::remove_const_t<T>, sluice::miner_body>
typename Inspector::result_type inspect(Inspector& f, T& x) {
  if constexpr (sluice_loads<Inspector>) {
    std::string text;
    return f(text, meta::load_callback([&]() -> error {
               x = sluice::miner_body{std::move(text)};
               return {};
             }));
  } else {
    auto text = x.text();
    return f(text);
  }
}

} // namespace caf

namespace caf::detail {
using caf::inspect; // printing looks here
}

namespace sluice {

/// Mechanism -> miner. `deadline_ms`: milliseconds, from 1; of a job its `reply_timeout_ms`, up to
/// an hour. When it is over, the answer is an error (sec::request_timeout).
struct miner_question {
  std::string mechanism;
  miner_body body;
  uint64_t deadline_ms = 0; // to answer, from the moment the question was written
  SLUICE_FIELDS(mechanism, body, deadline_ms)
  bool operator==(const miner_question&) const = default;
};

/// Miner -> mechanism.
struct miner_answer {
  miner_body body;
  SLUICE_FIELDS(body)
  bool operator==(const miner_answer&) const = default;
};

/// Mechanism -> miner: something to know; nobody answers.
struct miner_notice {
  std::string mechanism;
  miner_body body;
  bool invalid = false; // an answer of this miner was not allowed: counted
  SLUICE_FIELDS(mechanism, body, invalid)
  bool operator==(const miner_notice&) const = default;
};

/// MINER: the far side of a session, in this process or far away.
using miner_actor = caf::typed_actor<
  // Answers, or does not.
  caf::replies_to<miner_question>::with<miner_answer>,
  // Learns what became of it.
  caf::reacts_to<miner_notice>,
  // Answered when what was asked before is answered, or will never be in stepped time. A miner far
  // away answers a question itself, with an error, when its deadline is over.
  caf::replies_to<atom::fence>::with<atom::done>>;

/// How one question ended.
enum class answer_kind : uint8_t {
  answered = 0,
  failed, // silence, disconnect, crash
};

/// Session -> whoever asked. `response_us`: microseconds from 0, also of a failure. Errors are in
/// `kind` and `note`.
struct session_answer {
  answer_kind kind = answer_kind::failed;
  miner_body body;          // of the answer
  std::string note;         // what failed
  uint64_t response_us = 0; // from the moment the question was written
  SLUICE_FIELDS(kind, body, note, response_us)
  bool operator==(const session_answer&) const = default;
};

/// MINER SESSION: one miner in one round; turns every way of not answering into an answer.
using miner_session_actor = caf::typed_actor<
  // Asks the miner; always answers.
  caf::replies_to<miner_question>::with<session_answer>,
  // Passed on to the miner.
  caf::reacts_to<miner_notice>,
  // The miner has come back by another handle: from now on this one.
  caf::reacts_to<miner_actor>>;

/// One registered miner and the handle to it. `uid`: 0 to 65535, one entry per uid. Not checked
/// here.
struct roster_entry {
  miner_uid uid;
  hotkey key;
  std::string label;     // what people call it: its strategy
  miner_actor handle;    // null: it is away
  bool seen = true;      // has been connected, now or before: rounds count it, there or not
  std::string coldkey{}; // who owns the hotkey; "": not known
  std::vector<std::string> mechanisms{}; // that it plays; empty: stated none, any may ask it
  SLUICE_FIELDS(uid, key, label, handle, seen, coldkey, mechanisms)
  bool operator==(const roster_entry&) const = default;
};

/// Miner gateway or fleet -> roster: this hotkey has proved itself, here is the handle to it. The
/// newer handle of a hotkey wins.
struct miner_came {
  hotkey key;
  std::string label;
  miner_actor handle;
  std::vector<std::string> mechanisms{}; // that it plays; empty: stated none, any may ask it
  SLUICE_FIELDS(key, label, handle, mechanisms)
};

/// That handle is no more; a newer one of the same hotkey stays.
struct miner_gone {
  hotkey key;
  miner_actor handle;
  SLUICE_FIELDS(key, handle)
};

/// Who may come in at one moment, and who is banned: sent by the roster to what admits miners,
/// whose handshakes cannot wait for answers. Never changed, only replaced.
struct roster_snapshot {
  std::shared_ptr<const std::map<hotkey, peer_record>> known;
};

/// Whoever lets miners in.
using roster_watcher_actor = caf::typed_actor<
  // From now on these; whoever is banned or unknown has to go at once.
  caf::reacts_to<roster_snapshot>>;

/// ROSTER: who is registered, alive, reachable, and by which handle.
using roster_actor = caf::typed_actor<
  // Everybody who is registered and not banned, by uid.
  caf::replies_to<atom::roster>::with<std::vector<roster_entry>>,
  // Somebody came, or went.
  caf::reacts_to<miner_came>, caf::reacts_to<miner_gone>,
  // Sends a hotkey away for good; answers when that is durable.
  caf::replies_to<atom::ban, hotkey, ban_record>::with<atom::done>,
  // Lets it come again.
  caf::replies_to<atom::unban, hotkey>::with<atom::done>,
  // The snapshot now, and every later one to this watcher.
  caf::replies_to<atom::view, roster_watcher_actor>::with<roster_snapshot>>;

} // namespace sluice

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::roster_snapshot)

CAF_BEGIN_TYPE_ID_BLOCK(sluice_miner, 700)

  CAF_ADD_TYPE_ID(sluice_miner, (sluice::miner_question))
  CAF_ADD_TYPE_ID(sluice_miner, (sluice::miner_answer))
  CAF_ADD_TYPE_ID(sluice_miner, (sluice::miner_notice))
  CAF_ADD_TYPE_ID(sluice_miner, (sluice::session_answer))
  CAF_ADD_TYPE_ID(sluice_miner, (std::vector<sluice::roster_entry>))
  CAF_ADD_TYPE_ID(sluice_miner, (sluice::miner_actor))
  CAF_ADD_TYPE_ID(sluice_miner, (sluice::miner_session_actor))
  CAF_ADD_TYPE_ID(sluice_miner, (sluice::roster_actor))
  CAF_ADD_TYPE_ID(sluice_miner, (sluice::miner_body))
  CAF_ADD_TYPE_ID(sluice_miner, (sluice::miner_came))
  CAF_ADD_TYPE_ID(sluice_miner, (sluice::miner_gone))
  CAF_ADD_TYPE_ID(sluice_miner, (sluice::ban_record))
  CAF_ADD_TYPE_ID(sluice_miner, (sluice::roster_snapshot))
  CAF_ADD_TYPE_ID(sluice_miner, (sluice::roster_watcher_actor))

CAF_END_TYPE_ID_BLOCK(sluice_miner)

EXTERN_INSTANTIATE(sluice::miner_question)
EXTERN_INSTANTIATE(sluice::miner_answer)
EXTERN_INSTANTIATE(sluice::miner_notice)
EXTERN_INSTANTIATE(sluice::session_answer)
EXTERN_INSTANTIATE(sluice::ban_record)
