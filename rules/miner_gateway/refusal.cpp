#include "rules/miner_gateway/refusal.hpp"

namespace sluice {

std::string_view advice(gateway_reason reason) {
  switch (reason) {
  case gateway_reason::malformed:
  case gateway_reason::out_of_turn:
    return "a bug of one side: compare with docs/wire.md, and update both";
  case gateway_reason::wrong_version:
    return "update the miner, or wait for the node's update";
  case gateway_reason::wrong_role:
    return "come as a miner; workers and operators join through the fleet";
  case gateway_reason::wrong_signature_kind:
    return "make a key of a kind that the node understands: sluice keys new FILE";
  case gateway_reason::unknown_hotkey:
    return "register the hotkey, or ask the node's operator for --allow HOTKEY";
  case gateway_reason::banned:
    return "ask the node's operator";
  case gateway_reason::no_key:
    return "use an address as hotkey: sluice keys new FILE makes one";
  case gateway_reason::expired:
    return "nothing: the next try may be faster; a busy machine or a slow line is the cause";
  case gateway_reason::replay:
    return "nothing, if it was once; else look for who repeats this miner's answers";
  case gateway_reason::clock_skew:
    return "set this machine's clock (NTP)";
  case gateway_reason::bad_signature:
    return "check that the key file belongs to the hotkey";
  case gateway_reason::too_many:
    return "close other connections of this network or hotkey";
  case gateway_reason::too_fast:
    return "nothing: the next try waits as long as the node asked for";
  case gateway_reason::replaced:
    return "run one miner per hotkey: another one with this hotkey came in";
  case gateway_reason::silent:
    return "look at the line: the node received nothing for too long";
  case gateway_reason::closing:
    return "nothing: this miner comes back by itself";
  case gateway_reason::foreign_origin:
    return "connect from a program; a page needs the operator's [miner_gateway] origins";
  }
  return "";
}

} // namespace sluice
