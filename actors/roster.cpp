#include "actors/roster.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/supervisor.hpp"
#include "actors/base/thrown_fault.hpp"
#include "storage/tables.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <limits>
#include <map>

namespace sluice {

namespace {

/// One registered hotkey. Whoever comes from outside speaks for it before the miner in this
/// process does.
struct roster_place {
  hotkey key;
  std::string label;                          // of the miner in this process
  miner_actor home;                           // in this process
  bool local = false;                         // has a miner in this process
  std::string remote_label;                   // of the miner outside
  std::vector<std::string> remote_mechanisms; // that it stated, also while it is away; empty: any
  miner_actor remote;
  bool seen = false;
  std::string coldkey;
  std::vector<std::string> mechanisms; // of the miner in this process; empty: any
};

class roster_state {
public:
  static inline const char* name = "roster";

  explicit roster_state(observed_plain_pointer<enrolling_roster_actor> self)
    : self_(self), children_(self, {.restarts_max = std::numeric_limits<size_t>::max(),
                                    .pause_max = std::chrono::milliseconds(50),
                                    .expects_failures = true}) {}

  void setup(const roster_config& config, roster_links links) {
    links_ = std::move(links);
    read_bans();
    for (const auto& one : config.known)
      place(one.uid, one.key).coldkey = one.coldkey;
    read_allowed();
    read_connected();
    for (const auto& miner : config.miners) {
      auto& home = place(miner.uid, miner.key);
      home.label = miner.label;
      if (!miner.mechanism.empty())
        home.mechanisms = {miner.mechanism};
      home.local = home.seen = true;
      if (!miner.coldkey.empty())
        home.coldkey = miner.coldkey;
      children_.add(
        {miner.key.value, restart_rule::permanent, [this, uid = miner.uid, spawn = miner.spawn] {
           auto& handle = places_.at(uid).home = spawn(self_->system());
           return caf::actor_cast<caf::actor>(handle);
         }});
    }
  }

  std::vector<roster_entry> everybody() const {
    std::vector<roster_entry> all;
    all.reserve(places_.size());
    for (const auto& [uid, x] : places_)
      if (!bans_.contains(x.key))
        all.push_back({uid, x.key, x.remote ? x.remote_label : x.label,
                       x.remote ? x.remote : x.home, x.seen, x.coldkey,
                       x.remote || !x.local ? x.remote_mechanisms : x.mechanisms});
    return all;
  }

  void came(const miner_came& event) {
    const auto uid = uids_.find(event.key);
    if (uid == uids_.end() || bans_.contains(event.key))
      return; // the miner gateway learns the same by the snapshot
    auto& x = places_.at(uid->second);
    x.remote = event.handle;
    x.remote_label = event.label;
    x.remote_mechanisms = event.mechanisms;
    if (!x.seen)
      remember(uid->second, x);
  }

  void went(const miner_gone& event) {
    const auto uid = uids_.find(event.key);
    if (uid == uids_.end())
      return;
    if (auto& x = places_.at(uid->second); x.remote == event.handle)
      x.remote = nullptr;
  }

  /// In force at once, answered when it is durable.
  caf::result<atom::done> ban(const hotkey& key, const ban_record& why) {
    spdlog::info("roster: {} banned {}: {}", why.who, key.value, why.reason);
    bans_[key] = why;
    if (const auto uid = uids_.find(key); uid != uids_.end())
      places_.at(uid->second).remote = nullptr;
    notify_watchers();
    storage::batch writes;
    storage::tables::bans.put(writes, key, why);
    return self_->delegate(links_.storage_writer, std::move(writes));
  }

  caf::result<atom::done> unban(const hotkey& key) {
    spdlog::info("roster: {} may come again", key.value);
    bans_.erase(key);
    notify_watchers();
    storage::batch writes;
    storage::tables::bans.erase(writes, key);
    return self_->delegate(links_.storage_writer, std::move(writes));
  }

  /// In force at once, answered when it is durable.
  caf::result<atom::done> allow(const allowed_miner& who, const allowed_record& why) {
    const auto there = places_.find(who.uid);
    if (there != places_.end() && there->second.key != who.key)
      return caf::make_error(ec::refused, "uid " + std::to_string(who.uid.value) + " is of "
                                            + there->second.key.value);
    spdlog::info("roster: {} let {} in as uid {}", why.who, who.key.value, who.uid.value);
    auto& x = place(who.uid, who.key);
    if (!who.coldkey.empty())
      x.coldkey = who.coldkey;
    notify_watchers();
    storage::batch writes;
    storage::tables::allowed_miners.put(writes, who.key, why);
    return self_->delegate(links_.storage_writer, std::move(writes));
  }

  caf::result<atom::done> remove(const hotkey& key) {
    const auto uid = uids_.find(key);
    if (uid != uids_.end() && places_.at(uid->second).local)
      return caf::make_error(ec::refused, key.value
                                            + " plays in this process, as the configuration"
                                              " states; ban it, or take it out there");
    if (uid != uids_.end()) {
      spdlog::info("roster: {} is let in no longer", key.value);
      places_.erase(uid->second);
      uids_.erase(uid);
      notify_watchers();
    }
    storage::batch writes;
    storage::tables::allowed_miners.erase(writes, key);
    storage::tables::connected_miners.erase(writes, key);
    return self_->delegate(links_.storage_writer, std::move(writes));
  }

  roster_snapshot watch(const roster_watcher_actor& who) {
    std::erase_if(watchers_, [&](const auto& x) { return x == who; });
    watchers_.push_back(who);
    return snapshot();
  }

private:
  roster_place& place(miner_uid uid, const hotkey& key) {
    uids_[key] = uid;
    places_[uid].key = key;
    return places_[uid];
  }

  void read_bans() {
    auto read
      = storage::tables::bans.for_each(*links_.disk, [this](const hotkey& key, ban_record why) {
          bans_.emplace(key, std::move(why));
        });
    if (!read)
      throw thrown_fault("the bans: ", read.error());
  }

  /// The configuration wins where both name a uid.
  void read_allowed() {
    auto read = storage::tables::allowed_miners.for_each(
      *links_.disk, [this](const hotkey& key, const allowed_record& x) {
        if (!uids_.contains(key) && !places_.contains(x.uid))
          place(x.uid, key).coldkey = x.coldkey;
      });
    if (!read)
      throw thrown_fault("the miners that were let in: ", read.error());
  }

  /// Who has been connected before takes part in every round, there or not.
  void read_connected() {
    auto read = storage::tables::connected_miners.for_each(
      *links_.disk, [this](const hotkey& key, miner_uid) {
        if (const auto uid = uids_.find(key); uid != uids_.end())
          places_.at(uid->second).seen = true;
      });
    if (!read)
      throw thrown_fault("the miners that have been connected: ", read.error());
  }

  /// Durable before the next round begins: the storage writer takes both in this order.
  void remember(miner_uid uid, roster_place& x) {
    x.seen = true;
    storage::batch writes;
    storage::tables::connected_miners.put(writes, x.key, uid);
    self_->request(links_.storage_writer, caf::infinite, std::move(writes))
      .then([](atom::done) {}, [this](const caf::error& why) { self_->quit(why); });
  }

  roster_snapshot snapshot() const {
    auto known = std::make_shared<std::map<hotkey, peer_record>>();
    for (const auto& [key, uid] : uids_) {
      const auto ban = bans_.find(key);
      const auto why = ban == bans_.end() ? std::string{} : ban->second.reason;
      known->emplace(
        key, peer_record{uid, ban != bans_.end() && why.empty() ? "no reason was given" : why});
    }
    return {std::move(known)};
  }

  void notify_watchers() {
    const auto now = snapshot();
    for (const auto& x : watchers_)
      self_->send(x, now);
  }

  enrolling_roster_actor::pointer self_;
  roster_links links_;
  std::map<miner_uid, roster_place> places_;
  std::map<hotkey, miner_uid> uids_;
  std::map<hotkey, ban_record> bans_;
  std::vector<roster_watcher_actor> watchers_;
  supervisor children_;
};

enrolling_roster_actor::behavior_type
roster_behavior(observed_pointer<enrolling_roster_actor, roster_state> self,
                const roster_config& config, roster_links links) {
  install_default_handlers(self);
  auto& state = self->state;
  state.setup(config, std::move(links));
  return {
    [&state](atom::roster) { return state.everybody(); },
    [&state](const miner_came& event) { state.came(event); },
    [&state](const miner_gone& event) { state.went(event); },
    [&state](atom::ban, const hotkey& key, const ban_record& why) { return state.ban(key, why); },
    [&state](atom::unban, const hotkey& key) { return state.unban(key); },
    [&state](atom::view, const roster_watcher_actor& who) { return state.watch(who); },
    [&state](atom::allow, const allowed_miner& who, const allowed_record& why) {
      return state.allow(who, why);
    },
    [&state](atom::remove, const hotkey& key) { return state.remove(key); },
  };
}

} // namespace

enrolling_roster_actor
spawn_roster(caf::actor_system& system, roster_config config, roster_links links) {
  return system.spawn(roster_behavior, std::move(config), std::move(links));
}

std::vector<allowed_miner>
known_outside(const std::vector<neuron>& neurons, const std::vector<allowed_miner>& allow) {
  std::vector<allowed_miner> known;
  for (const auto& x : neurons)
    if (!x.permit)
      known.push_back({x.uid, x.key});
  for (const auto& one : allow) {
    std::erase_if(known, [&](const auto& x) { return x.key == one.key || x.uid == one.uid; });
    known.push_back(one);
  }
  return known;
}

std::vector<roster_entry> playing(std::vector<roster_entry> all, std::string_view mechanism) {
  std::erase_if(all, [&](const roster_entry& x) {
    return !x.mechanisms.empty()
           && std::ranges::find(x.mechanisms, mechanism) == x.mechanisms.end();
  });
  return all;
}

} // namespace sluice
