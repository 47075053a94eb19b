#include "actors/consensus/run.hpp"

#include "actors/base/thrown_fault.hpp"
#include "actors/consensus/backend.hpp"
#include "actors/consensus/consensus.hpp"
#include "actors/consensus/distributor.hpp"
#include "actors/consensus/intake.hpp"
#include "actors/consensus/metrics.hpp"
#include "actors/consensus/report_sender.hpp"
#include "actors/consensus/report_share.hpp"
#include "net/consensus/pages.hpp"
#include "net/consensus/report_client.hpp"
#include "net/consensus/routes.hpp"
#include "net/keys/session_key.hpp"
#include "rules/consensus/node_settings.hpp"
#include "storage/consensus/steps.hpp"
#include "storage/consensus/task_loads.hpp"
#include "tools/consensus/dev_world.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <random>
#include <utility>

namespace sluice {

namespace {

/// The handle of now, for other threads.
class shared_handle {
public:
  void set(report_share_actor x) {
    const std::scoped_lock lock{mutex_};
    handle_ = std::move(x);
  }
  report_share_actor get() const {
    const std::scoped_lock lock{mutex_};
    return handle_;
  }

private:
  mutable std::mutex mutex_;
  report_share_actor handle_;
};

class consensus_run final : public mechanism_run {
public:
  explicit consensus_run(const mechanism_context& context) : context_(context) {
    moment_->store(start_ms());
    pages_ = std::make_shared<net::consensus_pages>(settings().rules, clock());
  }

  std::vector<mechanism_child> children() override {
    std::vector<mechanism_child> all{
      {"consensus_intake",
       [this](caf::actor_system& system) { return as_child(intake_ = intake(system)); }},
      {"task_distributor",
       [this](caf::actor_system& system) { return as_child(distributor_ = distributor(system)); }},
    };
    if (settings().share_reports)
      all.push_back({"report_share", [this](caf::actor_system& system) {
                       share_->set(share(system));
                       return as_child(share_->get());
                     }});
    if (!settings().reporting.report_to.empty())
      all.push_back(
        {"report_sender", [this](caf::actor_system& system) { return as_child(sender(system)); }});
    all.push_back({std::string{consensus_name}, [this](caf::actor_system& system) {
                     return as_child(consensus_ = consensus(system));
                   }});
    return all;
  }

  mechanism_actor actor() const override { return consensus_; }

  spawn_entry node_entry() const override {
    if (!settings().share_reports)
      return {};
    return share_entry_of([share = share_] { return share->get(); });
  }

  void add_routes(net::http_router& out) override {
    net::consensus_routes_terms terms;
    terms.unix_ms = context_.unix_ms ? context_.unix_ms : clock();
    terms.freshness = freshness();
    terms.unproved_reports = settings().unproved_reports;
    terms.metrics = [disk = context_.disk] {
      metric_list all;
      add_consensus_metrics(all, *disk);
      return all.take();
    };
    net::add_consensus_routes(out, make_consensus_backend({context_.disk, intake_, distributor_}),
                              pages_, std::move(terms));
  }

private:
  template <class Handle>
  static caf::actor as_child(const Handle& x) {
    return caf::actor_cast<caf::actor>(x);
  }

  const consensus_node_settings& settings() const { return *find_consensus(context_.config); }
  bool stepped() const { return settings().world.has_value(); }

  uint64_t step_s() const {
    return context_.config.chain_blocks_per_step * context_.config.chain.block_seconds;
  }

  /// A report that is older than the window counts for nothing.
  signed_report_terms freshness() const {
    signed_report_terms terms;
    terms.age_ms = settings().rules.window_s * 1000;
    return terms;
  }

  /// The last step's moment, or the beginning of the world.
  uint64_t start_ms() const {
    if (!stepped())
      return 0;
    const auto last = storage::tables::consensus_steps.last(*context_.disk);
    if (!last)
      throw thrown_fault(last.error());
    return *last ? (*last)->second.now_ms : settings().world->start_s * 1000;
  }

  /// The node's; a world stands still between its steps.
  std::function<uint64_t()> clock() const {
    if (!stepped() && context_.unix_ms)
      return context_.unix_ms;
    return [moment = moment_] { return moment->load(); };
  }

  consensus_intake_actor intake(caf::actor_system& system) const {
    consensus_intake_config config;
    config.rules = settings().rules;
    config.unproved = settings().unproved_reports;
    config.stepped = stepped();
    config.unix_ms = clock();
    config.verifier = net::report_verifier_of_all();
    config.freshness = freshness();
    consensus_intake_links links{context_.disk, context_.storage_writer(), context_.chain(),
                                 pages_};
    if (settings().share_reports)
      links.on_taken = [share = share_](std::shared_ptr<const signed_report> x) {
        if (const auto whom = share->get())
          caf::anon_send(whom, shared_report{std::move(x)});
      };
    return spawn_consensus_intake(system, std::move(config), std::move(links));
  }

  task_distributor_actor distributor(caf::actor_system& system) const {
    task_distributor_config config;
    config.settings = settings().rules;
    if (stepped())
      config.world = dev_task_terms{settings().world->seed, settings().world->tasks};
    config.unix_ms = clock();
    return spawn_task_distributor(system, std::move(config),
                                  {context_.disk, context_.storage_writer(), context_.roster(),
                                   caf::actor_cast<selectable_miners_actor>(intake_)});
  }

  /// What other nodes of this operator sent goes the way of everybody's reports.
  report_share_actor share(caf::actor_system& system) const {
    report_share_config config;
    auto nodes = node_links_of(context_.config.network.fleet);
    if (!nodes)
      throw thrown_fault(nodes.error());
    config.nodes = *std::move(nodes);
    config.terms = freshness();
    config.unix_ms = clock();
    const auto take
      = [intake = intake_](const signed_report& x, std::function<void(result<nothing>)> done) {
          report_arrival what;
          what.report = x;
          what.is_verified = true;
          caf::anon_send(
            intake, report_message{std::move(what), [done](const result<report_outcome>& outcome) {
                                     if (!outcome)
                                       return done(outcome.error());
                                     if (!outcome->is_list)
                                       return done(fault{ec::bad_input, outcome->error});
                                     done(nothing{});
                                   }});
        };
    return spawn_report_share(system, std::move(config), {take});
  }

  report_sender_actor sender(caf::actor_system& system) const {
    report_sender_config config;
    config.settings = settings().reporting;
    config.own = context_.config.validator;
    config.unix_ms = clock();
    config.chance
      = [engine = std::make_shared<std::mt19937_64>(net::fresh_number())] { return (*engine)(); };
    return spawn_report_sender(system, std::move(config),
                               {context_.chain(), context_.roster(), [disk = context_.disk] {
                                  return storage::open_task_loads(*disk);
                                }});
  }

  mechanism_actor consensus(caf::actor_system& system) const {
    consensus_config config;
    config.settings = settings();
    config.step_s = step_s();
    config.unix_ms = clock();
    config.on_moment = [moment = moment_](uint64_t now_ms) { moment->store(now_ms); };
    config.speed = context_.speed;
    if (stepped()) {
      for (size_t i = 0; i < dev_validators; ++i) {
        const auto kind = static_cast<dev_validator_kind>(i);
        config.validators.push_back({static_cast<uint16_t>(dev_validator_uid + i), kind,
                                     tools::dev_validator_keys(settings().world->seed, kind)});
      }
      for (const auto& x : context_.config.miners)
        if (x.mechanism == consensus_name)
          config.miners.push_back({x.uid, x.key});
      std::ranges::sort(config.miners, {}, &dev_reported_miner::uid);
    }
    return spawn_consensus(
      system, std::move(config),
      {context_.disk, context_.storage_writer(), context_.chain(), intake_, distributor_});
  }

  mechanism_context context_;
  std::shared_ptr<std::atomic<uint64_t>> moment_ = std::make_shared<std::atomic<uint64_t>>(0);
  std::shared_ptr<shared_handle> share_ = std::make_shared<shared_handle>();
  std::shared_ptr<net::consensus_pages> pages_;
  consensus_intake_actor intake_;
  task_distributor_actor distributor_;
  mechanism_actor consensus_;
};

} // namespace

std::unique_ptr<mechanism_run> make_consensus_run(const mechanism_context& context) {
  return std::make_unique<consensus_run>(context);
}

} // namespace sluice
