#include "actors/node/run_node.hpp"

#include "actors/base/log.hpp"
#include "actors/base/quiet_config.hpp"
#include "actors/base/watchdog.hpp"
#include "actors/fleet/network.hpp"
#include "actors/node/adoption.hpp"
#include "actors/node/node.hpp"
#include "io/signals.hpp"
#include "messages/all.hpp"
#include "net/http/listening.hpp"
#include "net/http/tls.hpp"
#include "net/keys/session_key.hpp"
#include "storage/tables.hpp"
#include "tools/queued_output.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <thread>

namespace sluice {

namespace {

using namespace std::chrono_literals;

constexpr auto last_patience = 100ms; // of each stream, for what is not written yet
constexpr int code_usage = 2;
constexpr int code_environment = 3;
constexpr int code_bug = 70;

/// What a fault means for the exit code.
int code_of(ec code) {
  switch (code) {
  case ec::bad_input:
  case ec::refused:
  case ec::invalid_argument:
    return code_usage;
  default:
    return code_environment;
  }
}

run_result failed(const fault& why) {
  return {code_of(why.code), why.what, false};
}

struct node_system_config : quiet_config {
  node_system_config(const std::optional<fleet_network>& fleet, mechanism_list mechanisms)
    : quiet_config(std::max<size_t>(1, std::thread::hardware_concurrency())) {
    chance = [] { return net::fresh_number(); };
    add_messages(*this, mechanisms);
    if (fleet)
      load_network(*this, *fleet);
    set("scheduler.max-throughput", size_t{100});
  }
};

using source_titles = std::map<std::string, std::vector<std::string>>;

/// What every mechanism reads from, or why it cannot be read.
result<source_titles> titles_of(const run_options& options) {
  source_titles titles;
  for (const auto* module : options.mechanisms) {
    std::string name{module->name()};
    if (!options.config.mechanisms.contains(name))
      continue;
    auto opened = module->open_sources(options.config);
    if (!opened)
      return opened.error();
    titles[std::move(name)] = *std::move(opened);
  }
  return titles;
}

run_started opening_of(const run_options& options, source_titles sources) {
  run_started opening;
  opening.title = options.title;
  opening.data = options.data.string();
  opening.again = options.again;
  opening.sources = std::move(sources);
  for (const auto& miner : options.config.miners)
    opening.labels[miner.key.value] = miner.strategy;
  opening.mechanisms = options.config.mechanisms;
  return opening;
}

/// Waits for the node's end, however it ends.
class node_watch {
public:
  explicit node_watch(caf::actor_system& system) : self_(system) {}

  caf::actor handle() { return caf::actor_cast<caf::actor>(self_); }

  run_result wait(const node_actor& node) {
    self_->monitor(node);
    run_result end;
    bool over = false;
    self_->receive_while([&] { return !over; })(
      [&](const run_over& last) {
        end = {last.code, last.why, false};
        over = true;
      },
      [&](atom::due) { end.stopped = over = true; },
      [&](atom::reload) { caf::anon_send(node, atom::reload_v); },
      [&](const caf::down_msg& down) {
        const auto why = to_fault(down.reason);
        const bool ours = down.reason.category() == caf::atom("sluice");
        end = {ours ? code_of(why.code) : code_bug, why.what, false};
        over = true;
        down_ = true;
      });
    stop(node);
    return end;
  }

  /// The node did not go in time.
  bool late() const { return late_; }

private:
  /// Everything that was answered is on disk, so a node that does not go in time may be left
  /// behind.
  void stop(const node_actor& node) {
    if (down_)
      return;
    caf::anon_send_exit(node, caf::exit_reason::user_shutdown);
    self_->receive([](const caf::down_msg&) {}, caf::after(900ms) >> [this] { late_ = true; });
  }

  caf::scoped_actor self_;
  bool down_ = false;
  bool late_ = false;
};

/// What the node listens or connects to other nodes with; nothing when it does neither.
/// Certificates are read before anything is started, and must be of a node.
result<std::optional<fleet_network>> fleet_of(const fleet_settings& settings) {
  if (settings.listen.empty() && settings.nodes.empty())
    return std::optional<fleet_network>{};
  auto network = fleet_network_of(settings, settings.listen.empty() ? settings.nodes.front()
                                                                    : settings.listen);
  if (!network)
    return network.error();
  if (network->identity && network->identity->role() != fleet_role::node)
    return fault{ec::bad_input, settings.certificate + ": the certificate is of a "
                                  + std::string{to_string(network->identity->role())}
                                  + ": expected one of a node; make one: sluice keys tls new DIR "
                                    "--name NAME --role node --host HOST"};
  return std::optional<fleet_network>{*std::move(network)};
}

/// What is open before anybody works: a port that is taken is known at once.
struct open_sockets {
  std::shared_ptr<const net::listening_socket> gateway;
  std::shared_ptr<const net::listening_socket> metrics;
  std::shared_ptr<const net::listening_socket> api;
  std::optional<fleet_network> fleet;                // CAF opens it itself, with these certificates
  std::shared_ptr<net::server_identity> gateway_tls; // null: plain
};

/// A certificate that is not good now lets nobody in, and one that ends soon must be renewed.
/// `now_s`: seconds since 1970-01-01 UTC; 0: there is no clock.
result<nothing>
check_dates(const std::string& file, const net::certificate_facts& facts, int64_t now_s) {
  if (now_s == 0)
    return nothing{};
  if (const auto why = net::date_fault(facts, now_s); !why.empty())
    return fault{ec::bad_input, file + ": the certificate " + why + "; it is now "
                                  + net::utc_text(now_s)
                                  + ": renew it, or set this machine's clock"};
  if (const auto why = net::date_warning(facts, now_s); !why.empty())
    spdlog::warn("{}: the certificate {}; renew it in time", file, why);
  return nothing{};
}

/// Reads every certificate, and tries whether CAF will be able to listen.
result<nothing> open_secured(const network_settings& network, int64_t now_s, open_sockets& made) {
  const auto& gateway = network.miner_gateway;
  if (!gateway.listen.empty()) {
    auto tls = net::server_identity::load(gateway.certificate, gateway.key);
    if (!tls)
      return tls.error();
    made.gateway_tls = *std::move(tls);
    if (made.gateway_tls)
      if (auto good = check_dates(gateway.certificate, made.gateway_tls->facts(), now_s); !good)
        return good;
  }
  auto fleet = fleet_of(network.fleet);
  if (!fleet)
    return fleet.error();
  made.fleet = *std::move(fleet);
  if (made.fleet && made.fleet->identity)
    if (auto good = check_dates(network.fleet.certificate, made.fleet->identity->facts(), now_s);
        !good)
      return good;
  if (!network.fleet.listen.empty())
    if (const auto free = net::listening_socket::open(network.fleet.listen); !free)
      return fault{free.error().code, "--fleet " + free.error().what};
  return nothing{};
}

result<open_sockets> open_all(const network_settings& network, int64_t now_s) {
  open_sockets made;
  const auto open = [](const char* flag, const std::string& where, auto& socket) {
    auto opened = net::listening_socket::open(where);
    if (!opened)
      return std::optional{fault{opened.error().code, flag + (' ' + opened.error().what)}};
    socket = std::make_shared<const net::listening_socket>(*std::move(opened));
    return std::optional<fault>{};
  };
  if (!network.miner_gateway.listen.empty())
    if (const auto why = open("--miner-gateway", network.miner_gateway.listen, made.gateway))
      return *why;
  if (!network.metrics.empty())
    if (const auto why = open("--metrics", network.metrics, made.metrics))
      return *why;
  if (!network.api.listen.empty())
    if (const auto why = open("--api", network.api.listen, made.api))
      return *why;
  if (auto good = open_secured(network, now_s, made); !good)
    return good.error();
  return made;
}

std::map<std::string, std::string>
served(const open_sockets& sockets, const network_settings& network) {
  std::map<std::string, std::string> all;
  if (sockets.gateway)
    all["miner_gateway"] = (network.miner_gateway.certificate.empty() ? "ws://" : "wss://")
                           + sockets.gateway->address();
  if (sockets.api)
    all["api"] = "http://" + sockets.api->address();
  return all;
}

io::signal_calls signals_of(const run_options& options, const caf::actor& owner) {
  io::signal_calls calls{[owner](int) { caf::anon_send(owner, atom::due_v); }};
  if (options.hang_up)
    calls.hang_up = [owner, reopen_logs = options.hang_up] {
      reopen_logs();
      caf::anon_send(owner, atom::reload_v);
    };
  calls.second_ends = true;
  return calls;
}

run_result play(run_options& options, source_titles sources,
                std::shared_ptr<storage::data_dir> disk, const open_sockets& sockets) {
  node_system_config config{sockets.fleet, options.mechanisms};
  caf::actor_system system{config};
  node_watch watch{system};
  const io::signal_watch on_signal{signals_of(options, watch.handle())};
  node_settings settings{options.config,
                         options.mechanisms,
                         options.speed,
                         options.steps,
                         opening_of(options, std::move(sources)),
                         true,
                         sockets.fleet};
  node_links links{std::move(disk),
                   [&options](caf::actor_system& s) {
                     auto config = options.report;
                     config.reports = [all = options.mechanisms] { return reports_of(all); };
                     return spawn_reporter(s, std::move(config));
                   },
                   watch.handle(),
                   sockets.gateway,
                   options.report.wall_clock,
                   sockets.metrics,
                   sockets.api,
                   sockets.gateway_tls};
  links.root = std::make_shared<actor_slot>("node");
  const watchdog guard{links.root, watchdog_config_of(options.config.watchdog)};
  settings.version = options.version;
  settings.shell = true;
  settings.files_below = options.files_below;
  settings.opening.serves = served(sockets, options.config.network);
  auto end = watch.wait(spawn_node(system, std::move(settings), std::move(links)));
  if (watch.late()) {
    tools::drain_output(last_patience);
    std::_Exit(end.stopped ? 0 : end.code); // all that was answered is durable
  }
  return end;
}

/// Gives every allowed miner its uid on the dev chain as it stands in the folder.
result<nothing> enrol(node_config& config, const storage::data_dir& disk) {
  auto stored = storage::tables::chain_state.find(disk, storage::tables::chain_key);
  if (!stored)
    return stored.error();
  auto chain = *stored ? **std::move(stored) : genesis_of(config);
  auto allowed = chain.enrol(config.network.miner_gateway.allow);
  if (!allowed)
    return allowed.error();
  config.network.miner_gateway.allow = *std::move(allowed);
  return nothing{};
}

} // namespace

run_result run_node(run_options options) {
  auto sources = titles_of(options);
  if (!sources)
    return failed(sources.error());
  const auto layout = schema_of(options.mechanisms);
  const adoption_request adoption{options.data,
                                  {options.version, options.config.seed, options.config_digest},
                                  options.config,
                                  options.mechanisms,
                                  options.report.wall_clock,
                                  options.say};
  if (options.adopt_config)
    if (auto judged = judge_adoption(adoption, layout); !judged)
      return failed(judged.error());
  const auto progress = [](const std::string& what) { spdlog::info("{}", what); };
  auto disk
    = storage::data_dir::open(options.data, adoption.who, storage::open_mode::create_or_continue,
                              {.adopt_config = options.adopt_config,
                               .layout = &layout,
                               .file_mode = options.config.storage.group_readable ? 0640U : 0600U,
                               .on_progress = progress});
  if (!disk)
    return failed(options.adopt_config ? disk.error()
                                       : with_changes(adoption, layout, disk.error()));
  for (const auto& note : disk->notes())
    spdlog::warn("{}", note);
  if (auto settled = settle_adoption(adoption, *disk); !settled)
    return failed(settled.error());
  if (auto enrolled = enrol(options.config, *disk); !enrolled)
    return failed(enrolled.error());
  const auto now_s
    = options.report.wall_clock ? static_cast<int64_t>(options.report.wall_clock() / 1000) : 0;
  auto sockets = open_all(options.config.network, now_s);
  if (!sockets)
    return failed(sockets.error());
  return play(options, *std::move(sources), std::make_shared<storage::data_dir>(*std::move(disk)),
              *sockets);
}

} // namespace sluice
