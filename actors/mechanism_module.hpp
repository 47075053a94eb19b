/// What a mechanism is made of: the one interface by which everything that is general knows it.
#pragma once

#include "actors/base/run_result.hpp"
#include "actors/mechanism_run.hpp"
#include "actors/own_miner.hpp"
#include "actors/report/mechanism_report.hpp"
#include "actors/roster.hpp"
#include "io/config/config_change.hpp"
#include "io/config/mechanism_section.hpp"
#include "io/config/setting_override.hpp"
#include "rules/admin/commands.hpp"
#include "rules/audit_finding.hpp"
#include "rules/audit_scope.hpp"
#include "rules/config/node_config.hpp"
#include "rules/miner/codec.hpp"
#include "rules/result.hpp"
#include "storage/schema.hpp"
#include "tools/miner/miner_side.hpp"

#include <caf/fwd.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace sluice::storage {
class data_dir;
}

namespace sluice {

class metric_list;

/// What `sluice node --dev` was asked for, for mechanisms to make their part of the world from.
/// `seed`: any number of 64 bits.
struct dev_request {
  std::optional<uint64_t> seed;              // none: as written in configs/dev.toml
  std::vector<std::string> feeds;            // --feed, as typed
  std::vector<io::setting_override> set{};   // beside configs/dev.toml
  std::vector<std::string>* notes = nullptr; // as read_config's
};

/// What the carriers of miners' messages have to know of a mechanism. `questions_max`: from 1. Not
/// checked.
struct miner_part {
  body_codec codec;
  bool protocol_1 = false;  // miners that speak protocol 1 play this mechanism; one at most
  size_t questions_max = 1; // open at the same time, per miner
};

/// One per mechanism, as long as the program runs, without state of its own: it is asked from
/// any thread. What has a default here need not be there.
class mechanism_module {
public:
  virtual ~mechanism_module() = default;

  /// [a-z_]+, at most 32; never changes: it is in configurations, on the wire and on the disk.
  virtual std::string_view name() const = 0;

  // ---- configuration ----------------------------------------------------------------------------

  /// How its part of a configuration file is read, checked and written.
  virtual io::mechanism_section section() const = 0;

  /// Makes its part of the world of `sluice node --dev` from what configs/dev.toml states of it.
  virtual result<nothing> make_dev_world(node_config&, const dev_request&) const {
    return nothing{};
  }

  /// Registers on the dev chain who trades or answers in a world that its settings generate. Fails
  /// with ec::bad_input where a uid or a hotkey is somebody else's.
  virtual result<nothing> add_neurons(node_config&) const { return nothing{}; }

  /// Which changes of its settings a folder may go on with (--adopt-config): what is stored on it
  /// must stay valid. `was`: the settings so far; null when they are not known (a folder of an
  /// older version, or one without this mechanism); then only the disk can tell. `all`: what
  /// changed in the whole configuration; fill in `meaning`, `allowed`, `why` of those under its own
  /// table, and add what only the disk shows. Decide by a pure function in rules. Faults: what the
  /// disk reports.
  virtual result<nothing>
  judge_changes(const storage::data_dir&, const mechanism_settings* /*was*/,
                const mechanism_settings& /*is*/, std::vector<io::config_change>& /*all*/) const {
    return nothing{};
  }

  // ---- messages and storage ---------------------------------------------------------------------

  /// Registers its message types. Its block of type ids is its own (messages/README.md).
  virtual void add_messages(caf::actor_system_config&) const {}

  /// Its tables, and the steps from older versions.
  virtual storage::schema_part schema() const { return {}; }

  // ---- a run ------------------------------------------------------------------------------------

  /// Opens what it reads from, before the data folder is touched: a line each, for people. Fails
  /// with a sentence when it cannot be read.
  virtual result<std::vector<std::string>> open_sources(const node_config&) const {
    return std::vector<std::string>{};
  }

  /// Does it go on without end, so that a run on a terminal should be slowed down to be watched?
  virtual bool endless(const node_config&) const { return true; }

  /// Does it play only as long as somebody else does, as a generated world does beside a recording?
  /// A run of nothing else goes on without end.
  virtual bool follows(const node_config&) const { return false; }

  /// How many steps are done on this folder; none when it has done none there, or does not count
  /// them. A count from 0, over all runs on the folder. Faults: what the disk reports.
  virtual result<std::optional<uint64_t>> steps_done(const storage::data_dir&) const {
    return std::optional<uint64_t>{};
  }

  /// Its actors in one run of a node.
  virtual std::unique_ptr<mechanism_run> make_run(const mechanism_context&) const = 0;

  /// Why it has no scores now, for people: what is missing and what changes that; "" when it has
  /// some. It is asked when there is nothing to publish.
  virtual std::string why_no_scores(const storage::data_dir&, const node_config&) const {
    return {};
  }

  /// What it calculates with, as a text that two equal builds share; "" when that does not matter.
  /// A worker of another build is refused before work is handed out. May take milliseconds.
  virtual std::string engine_digest() const { return {}; }

  // ---- miners -----------------------------------------------------------------------------------

  /// How bodies of messages to and from its miners are read; none: it asks no miners.
  virtual std::optional<miner_part> miners() const { return std::nullopt; }

  /// Those of the configuration that play this mechanism; throws when a strategy is none. Who has
  /// such miners has `strategy_fault` in its section as well.
  virtual std::vector<local_miner> local_miners(const std::vector<local_miner_config>&) const;

  /// A miner on a machine of its own, for `sluice miner`. Null: it has none; `ec::bad_input`: the
  /// strategy is none.
  virtual result<std::unique_ptr<tools::miner_side>>
  make_miner(const tools::miner_side_config&) const;

  /// Its miner that is a process of its own, until it is stopped; none: it has none, and its miners
  /// are `make_miner`'s.
  virtual std::optional<run_result> run_own_miner(const own_miner_request&) const {
    return std::nullopt;
  }

  /// The strategy of that miner when none is named; "": it has no such miner.
  virtual std::string_view own_miner_strategy() const { return {}; }

  // ---- for people -------------------------------------------------------------------------------

  /// Its part of one run's report.
  virtual std::unique_ptr<report::mechanism_report> make_report() const;

  /// Its commands of `sluice`. `exit_code` becomes that of the command that was run, 0 to 255, and
  /// must outlive the parsing. Errors of a run are exit codes.
  virtual void add_commands(CLI::App&, int& exit_code) const;

  /// Its commands of the shell. Those that read the disk are answered by `view`, those that act by
  /// its actor (mechanism_command).
  virtual std::span<const admin::command> admin_commands() const { return {}; }

  /// The answer of one of its commands whose source is the disk, as a JSON document.
  virtual result<std::string> view(const storage::data_dir&, const admin::call&) const;

  /// Recomputes what is stored from its stored inputs: everything, but of rounds those of the
  /// scope.
  virtual result<std::vector<audit_finding>>
  audit(const storage::data_dir&, const audit_scope&) const {
    return std::vector<audit_finding>{};
  }

  /// Adds its metrics of what is on the disk.
  virtual void add_metrics(metric_list&, const storage::data_dir&) const {}

  /// The label by which metrics distinguish the children of its actor; "": not at all.
  virtual std::string_view part_label() const { return {}; }
};

/// The mechanisms of a program, by no order that matters. Each is there as long as the program.
using mechanism_list = std::span<const mechanism_module* const>;

/// Every mechanism that this program has (mechanisms_list.cpp).
mechanism_list all_mechanisms();

/// By name, or null.
const mechanism_module* find_mechanism(mechanism_list all, std::string_view name);

/// The tables of the node and of all of these.
storage::schema schema_of(mechanism_list all);

/// How each of these is read from a configuration file and written to one.
std::vector<io::mechanism_section> sections_of(mechanism_list all);

/// Lets each of these that is configured add its neurons; the first fault.
result<nothing> add_neurons_of(mechanism_list all, node_config& config);

/// What miners may be asked by all of these.
std::shared_ptr<const miner_mechanisms> miners_of(mechanism_list all);

/// The miners in this process, each of the mechanism that it is configured for. Throws when a
/// strategy is none, or a mechanism has no such miners.
std::vector<local_miner>
local_miners_of(mechanism_list all, const std::vector<local_miner_config>& miners);

/// What a miner on a machine of its own does, and of which mechanism.
struct named_miner_side {
  std::string mechanism;
  std::unique_ptr<tools::miner_side> side;
};

/// A miner on a machine of its own: of the mechanism of this name, of "" the first that has such,
/// as in a configuration. `ec::invalid_argument`, with the names there are: it has none;
/// `ec::bad_input`: the strategy is none.
result<named_miner_side> make_miner_of(mechanism_list all, std::string_view mechanism,
                                       const tools::miner_side_config& config);

/// Those that are configured and play only as long as others do, by name.
std::set<std::string> followers_of(mechanism_list all, const node_config& config);

/// Why those that are configured have no scores, by name: a sentence of each that states one.
std::map<std::string, std::string>
why_no_scores_of(mechanism_list all, const storage::data_dir& disk, const node_config& config);

/// What all of these serve over HTTP. Throws std::invalid_argument when two serve the same path by
/// the same method.
net::http_router routes_of(std::span<mechanism_run* const> all);

/// A part of one run's report for each of these.
report::mechanism_reports reports_of(mechanism_list all);

/// Registers the node's own messages and those of all of these.
void add_messages(caf::actor_system_config& config, mechanism_list all);

} // namespace sluice
