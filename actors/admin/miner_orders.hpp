/// What operators order about miners and weights: read, checked, and passed to who carries it out.
#pragma once

#include "messages/admin.hpp"
#include "messages/orders.hpp"
#include "rules/admin/catalogue.hpp"
#include "rules/config/node_config.hpp"
#include "rules/result.hpp"
#include "storage/data_dir.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// The hotkey that is meant by a uid or a hotkey: one of these; ec::refused with the nearest ones
/// when it is none. Uids are 0 to 65535.
result<hotkey> meant_miner(std::string_view text, std::span<const allowed_miner> known);

/// HOTKEY, HOTKEY=UID, or HOTKEY with "--uid N" behind it (`flag`; "" when there is none).
/// ec::bad_input states what was expected: also of an SS58 address with a wrong checksum.
result<allowed_miner> parse_allowed(std::string_view text, std::string_view flag);

/// A run of these orders for one admin, which must outlive them.
class miner_orders {
public:
  struct links {
    std::shared_ptr<const storage::data_dir> disk;
    const node_config* config = nullptr; // exists as long as this
    enrolling_roster_actor roster;
    enrolling_chain_actor chain;
    publishing_actor weights;
  };
  using reply_function = std::function<void(admin_reply)>;

  miner_orders(node_admin_actor::pointer self, links links);

  /// Is it one of "miner allow", "miner remove", "miner ban", "miner unban", "weights publish"?
  static bool is_one(std::string_view command);

  /// Carries it out; `reply` is called once, later. `unix_ms`: milliseconds since 1970-01-01 UTC.
  void take(const admin::call& call, const std::string& who, uint64_t unix_ms,
            const reply_function& reply);

private:
  struct order {
    std::vector<std::string> arguments;
    std::string who;
    uint64_t unix_ms = 0;
    reply_function reply;
  };
  using shared_order = std::shared_ptr<const order>;

  void allow(const shared_order& x);
  void enrolled(const shared_order& x, const allowed_miner& got);
  void remove(const shared_order& x);
  void remove(const shared_order& x, const hotkey& key);
  void ban(const shared_order& x);
  void unban(const shared_order& x);
  void publish(const shared_order& x);

  /// Calls `then` with the hotkey that the first argument names, of all that are registered.
  void find(const shared_order& x, std::function<void(const hotkey&)> then);
  std::function<void(const caf::error&)> no(const shared_order& x) const;

  node_admin_actor::pointer self_;
  links links_;
};

} // namespace sluice
