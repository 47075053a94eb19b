/// What an operator sends to a running node, one line at a time.
#pragma once

#include "messages/atoms.hpp"
#include "messages/errors.hpp"
#include "messages/inspect.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <string>

namespace sluice {

/// One command as typed, and who typed it: a user of this machine, or a name from a certificate.
/// Lengths are bounded by whoever takes it in: over the socket 64 KiB (net::shell_limits).
struct admin_request {
  std::string who;
  std::string line;
  SLUICE_FIELDS(who, line)
  bool operator==(const admin_request&) const = default;
};

/// `ok`: a JSON document. Else one sentence for people.
struct admin_reply {
  bool ok = false;
  std::string text;
  SLUICE_FIELDS(ok, text)
  bool operator==(const admin_reply&) const = default;
};

/// ADMIN: does an operator's commands in a running node.
using admin_actor = caf::typed_actor<
  // Does one command; always answers.
  caf::replies_to<admin_request>::with<admin_reply>>;

/// The same with its internal message.
using node_admin_actor = admin_actor::extend<
  // Its own: the answer to `stop` is through.
  caf::reacts_to<atom::due>>;

} // namespace sluice

CAF_BEGIN_TYPE_ID_BLOCK(sluice_admin, 1100)

  CAF_ADD_ATOM(sluice_admin, sluice::atom, again, "again") // restart a child of yours, by name
  CAF_ADD_ATOM(sluice_admin, sluice::atom, look, "look")   // how do you see yourself?
  CAF_ADD_TYPE_ID(sluice_admin, (sluice::admin_request))
  CAF_ADD_TYPE_ID(sluice_admin, (sluice::admin_reply))
  CAF_ADD_TYPE_ID(sluice_admin, (sluice::admin_actor))
  CAF_ADD_TYPE_ID(sluice_admin, (sluice::node_admin_actor))

CAF_END_TYPE_ID_BLOCK(sluice_admin)

EXTERN_INSTANTIATE(sluice::admin_request)
EXTERN_INSTANTIATE(sluice::admin_reply)
