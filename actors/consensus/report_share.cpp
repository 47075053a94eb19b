#include "actors/consensus/report_share.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/supervisor.hpp"
#include "io/text/lines.hpp"
#include "net/consensus/report_client.hpp"
#include "rules/consensus/name.hpp"
#include "rules/fleet/share_message.hpp"
#include "rules/json_text.hpp"
#include "storage/codec.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <unistd.h>
#include <utility>

namespace sluice {

namespace {

/// Of a shared value: the list, and what stands around it.
constexpr size_t shared_bytes_max = signed_list_bytes_max + 1024;

/// Where a peer comes from: it came in here, or this node goes there.
struct share_peer_place {
  fleet_session session; // of one that came in; its handle is null otherwise
  spawn_node_link link;  // of one that this node goes to
  share_bounds bounds;
  std::function<report_share_actor()> share;
};

class share_peer_sides {
public:
  static inline const char* name = "share_peer";

  explicit share_peer_sides(observed_plain_pointer<share_peer_actor> self)
    : self_(self), children_(self, {.restarts_max = std::numeric_limits<size_t>::max(),
                                    .expects_failures = true}) {}

  /// However it ends, nothing is sent to it any more.
  ~share_peer_sides() {
    if (share_)
      report(false);
  }
  share_peer_sides(const share_peer_sides&) = delete;
  share_peer_sides& operator=(const share_peer_sides&) = delete;

  void setup(share_peer_place place) {
    place_ = std::move(place);
    queue_ = share_queue{place_.bounds};
    share_ = place_.share();
    if (place_.session.handle) {
      out_ = frame_kind::to_node;
      in_ = frame_kind::from_node;
      handle_ = place_.session.handle;
      node_ = place_.session.who.name;
      self_->monitor(handle_->face());
      self_->set_down_handler([this](const caf::down_msg& down) {
        if (handle_ && down.source == handle_->face())
          end("connection lost");
      });
      return;
    }
    out_ = frame_kind::from_node;
    in_ = frame_kind::to_node;
    children_.add({"link", restart_rule::permanent, [this] {
                     link_ = place_.link(self_->system(), caf::actor_cast<caf::actor>(self_));
                     return caf::actor_cast<caf::actor>(link_);
                   }});
  }

  /// The other side of one that came in knows that it is admitted.
  void admitted() { report(true); }

  void come_in(const link_up& up) {
    handle_ = up.handle;
    node_ = up.node;
    last_why_.clear();
    spdlog::info("consensus: reports are shared with node {}", node_);
    report(true);
    for (const auto& frame : std::exchange(early_, {}))
      receive(frame);
  }

  void lose(const link_down& down) {
    handle_ = nullptr;
    unread_ = 0;
    early_.clear();
    queue_.clear();
    report(false);
    if (down.why != last_why_)
      spdlog::warn("consensus: no reports are shared: {}", down.why);
    last_why_ = down.why;
  }

  void receive(const fleet_frame& frame) {
    if (!handle_ && early_.size() < place_.bounds.unanswered)
      early_.push_back(frame); // its link_up is still on its way
    if (!handle_ || frame.session != handle_->session())
      return;
    const auto handle = handle_; // it may go before this returns
    const handled_frame done{*handle};
    if (static_cast<frame_kind>(frame.kind) != in_)
      return;
    if (frame.bytes.size() > shared_bytes_max + 1024)
      return leave("it shares more than " + std::to_string(shared_bytes_max) + " bytes at once");
    auto message = storage::decode<share_message>(frame.bytes);
    if (!message || !known(message->kind) || message->mechanism != consensus_name)
      return leave("it sends what cannot be read");
    if (message->kind == share_kind::closing)
      return end("it states: " + io::quoted(message->bytes, 200));
    if (message->kind == share_kind::answered) {
      if (!queue_.answered())
        return leave("it answers what was not sent");
      return send_waiting();
    }
    auto report = storage::decode<signed_report>(message->bytes);
    if (!report)
      return leave("it shares a report that cannot be read: " + report.error().what);
    if (++unread_ > place_.bounds.unanswered)
      return leave("it shares more reports at once than it may");
    self_->send(share_, peer_report{share_peer_actor{static_cast<share_peer_actor::pointer>(self_)},
                                    std::make_shared<const signed_report>(*std::move(report))});
  }

  void offended(const fleet_offence& offence) { leave(offence.what); }

  void send_report(const shared_report& x) {
    if (!handle_)
      return;
    queue_.add(std::make_shared<const std::string>(storage::encode(*x.report)));
    send_waiting();
  }

  void dealt_with() {
    if (!handle_ || unread_ == 0)
      return;
    --unread_;
    send(share_kind::answered, {});
  }

  std::string describe() {
    return json_object{}
      .add("node", node_)
      .add("connected", static_cast<bool>(handle_))
      .add("waiting", queue_.waiting())
      .add("unanswered", queue_.unanswered())
      .add("dropped", queue_.dropped())
      .text();
  }

private:
  void send(share_kind kind, std::string bytes) {
    handle_->send(
      out_, storage::encode(share_message{std::string{consensus_name}, kind, std::move(bytes)}));
  }

  void send_waiting() {
    while (const auto next = queue_.next())
      send(share_kind::value, *next);
  }

  void report(bool up) {
    caf::anon_send(
      share_,
      share_peer_state{share_peer_actor{static_cast<share_peer_actor::pointer>(self_)}, node_, up});
  }

  void leave(const std::string& why) {
    if (handle_)
      send(share_kind::closing, why);
    end(why);
  }

  /// One that came in ends; a link of our own comes in again.
  void end(const std::string& why) {
    spdlog::warn("consensus: node {} is not shared with any more: {}", node_, why);
    if (handle_)
      handle_->close();
    handle_ = nullptr;
    unread_ = 0;
    early_.clear();
    queue_.clear();
    report(false);
    if (place_.session.handle)
      self_->quit();
    else
      caf::anon_send_exit(link_, caf::exit_reason::kill);
  }

  observed_plain_pointer<share_peer_actor> self_;
  share_peer_place place_;
  share_queue queue_;
  report_share_actor share_;
  std::shared_ptr<session_handle> handle_;
  std::string node_;
  std::string last_why_;
  frame_kind out_ = frame_kind::to_node;
  frame_kind in_ = frame_kind::from_node;
  std::vector<fleet_frame> early_;
  size_t unread_ = 0; // reports that came and are not dealt with
  fleet_link_actor link_;
  supervisor children_;
};

share_peer_actor::behavior_type
share_peer_behavior(observed_pointer<share_peer_actor, share_peer_sides> self,
                    share_peer_place place) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(place));
  return {
    [&state](atom::start) { state.admitted(); },
    [&state](const link_up& up) { state.come_in(up); },
    [&state](const link_down& down) { state.lose(down); },
    [&state](const fleet_frame& frame) { state.receive(frame); },
    [&state](const fleet_offence& offence) { state.offended(offence); },
    [&state](const shared_report& x) { state.send_report(x); },
    [&state](atom::done) { state.dealt_with(); },
  };
}

class report_share_state {
public:
  static inline const char* name = "report_share";

  explicit report_share_state(observed_plain_pointer<report_share_actor> self)
    : self_(self), children_(self, {.restarts_max = std::numeric_limits<size_t>::max(),
                                    .expects_failures = true}) {}

  void setup(report_share_config config, report_share_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
    verifier_ = net::report_verifier_of_all();
    const auto share = [me = self_address()] { return caf::actor_cast<report_share_actor>(me); };
    for (size_t i = 0; i < config_.nodes.size(); ++i)
      children_.add(
        {"node-" + std::to_string(i + 1), restart_rule::permanent, [this, i, share] {
           return caf::actor_cast<caf::actor>(self_->system().spawn(
             share_peer_behavior, share_peer_place{{}, config_.nodes[i], config_.bounds, share}));
         }});
  }

  void take_own(const shared_report& x) {
    if (!known_.add(report_digest(*x.report))) // it came from a peer
      return;
    ++view_.shared;
    pass_on(x, {});
  }

  void know_peer(const share_peer_state& x) {
    if (!x.up) {
      peers_.erase(x.peer);
      return;
    }
    peers_[x.peer] = x.node;
  }

  /// What a peer shares is believed as far as its signature goes, and no further.
  void take_from_peer(const peer_report& x) {
    ++view_.came;
    const auto digest = report_digest(*x.report);
    if (known_.has(digest)) {
      ++view_.known;
      return self_->send(x.from, atom::done_v);
    }
    const auto good = check_signed_report(*x.report, config_.unix_ms(), verifier_, config_.terms);
    if (!good) {
      ++view_.forged;
      note_error("node " + node_of(x.from) + " shares a report of uid "
                 + std::to_string(x.report->validator_uid)
                 + " that is not taken: " + good.error().what);
      return self_->send(x.from, atom::done_v);
    }
    known_.add(digest); // also for what the intake sends here when it has taken it
    const report_share_actor me{static_cast<report_share_actor::pointer>(self_)};
    links_.take(*x.report, [me, x](const result<nothing>& outcome) {
      caf::anon_send(me, share_verdict{x.from, x.report, static_cast<bool>(outcome),
                                       outcome ? std::string{} : outcome.error().what});
    });
  }

  void judged(const share_verdict& x) {
    self_->send(x.from, atom::done_v);
    if (!x.taken) {
      ++view_.refused;
      known_.remove(report_digest(*x.report)); // it may be taken another time
      return note_error("a report of uid " + std::to_string(x.report->validator_uid) + " that node "
                        + node_of(x.from) + " shares is refused: " + x.why);
    }
    ++view_.taken;
    pass_on({x.report}, x.from);
  }

  report_share_view view() {
    view_.nodes.clear();
    for (const auto& [peer, node] : peers_)
      view_.nodes.push_back(node);
    std::ranges::sort(view_.nodes);
    return view_;
  }

  std::string describe() { return json_of(view()); }

private:
  caf::strong_actor_ptr self_address() { return caf::actor_cast<caf::strong_actor_ptr>(self_); }

  std::string node_of(const share_peer_actor& peer) const {
    const auto at = peers_.find(peer);
    return at == peers_.end() ? "that left" : at->second;
  }

  void pass_on(const shared_report& x, const share_peer_actor& but) {
    for (const auto& [peer, node] : peers_)
      if (peer != but)
        self_->send(peer, x);
  }

  void note_error(const std::string& why) {
    if (why != view_.last_error)
      spdlog::warn("consensus: {}", why);
    view_.last_error = why;
  }

  observed_plain_pointer<report_share_actor> self_;
  report_share_config config_;
  report_share_links links_;
  report_verifier verifier_;
  known_reports known_;
  std::map<share_peer_actor, std::string> peers_; // that can be sent to, and their names
  report_share_view view_;
  supervisor children_;
};

report_share_actor::behavior_type
report_share_behavior(observed_pointer<report_share_actor, report_share_state> self,
                      report_share_config config, report_share_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(links));
  return {
    [&state](const shared_report& x) { state.take_own(x); },
    [&state](const share_peer_state& x) { state.know_peer(x); },
    [&state](const peer_report& x) { state.take_from_peer(x); },
    [&state](const share_verdict& x) { state.judged(x); },
    [&state](atom::view) { return state.view(); },
  };
}

} // namespace

report_share_actor spawn_report_share(caf::actor_system& system, report_share_config config,
                                      report_share_links links) {
  return system.spawn(report_share_behavior, std::move(config), std::move(links));
}

spawn_entry share_entry_of(std::function<report_share_actor()> share, share_bounds bounds) {
  return [share = std::move(share), bounds](caf::actor_system& system, fleet_session session) {
    const auto made
      = system.spawn(share_peer_behavior, share_peer_place{std::move(session), {}, bounds, share});
    return fleet_entry_actor{made};
  };
}

result<std::vector<spawn_node_link>> node_links_of(const fleet_settings& settings) {
  std::vector<spawn_node_link> all;
  for (const auto& where : settings.nodes) {
    auto network = fleet_network_of(settings, where);
    if (!network)
      return network.error();
    all.emplace_back(
      [network = *std::move(network), where](caf::actor_system& system, caf::actor owner) {
        link_config config{.network = network, .where = where, .who = {}, .sign = {}};
        config.who.role = fleet_role::node;
        config.who.name
          = network.identity ? network.identity->name() : "node-" + std::to_string(::getpid());
        return spawn_link(system, std::move(config), std::move(owner));
      });
  }
  return all;
}

} // namespace sluice
