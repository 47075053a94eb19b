#include "actors/leads/run.hpp"

#include "actors/base/thrown_fault.hpp"
#include "actors/leads/backend.hpp"
#include "actors/leads/curation.hpp"
#include "actors/leads/leads.hpp"
#include "actors/leads/local_miners.hpp"
#include "actors/leads/queues.hpp"
#include "actors/leads/sourced_intake.hpp"
#include "io/leads/disposable_domains.hpp"
#include "rules/leads/node_settings.hpp"
#include "storage/leads/steps.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

namespace {

class leads_run final : public mechanism_run {
public:
  explicit leads_run(const mechanism_context& context) : context_(context) {}

  std::vector<mechanism_child> children() override {
    return {
      {"leads_queues",
       [this](caf::actor_system& system) { return as_child(queues_ = queues(system)); }},
      {"sourced_intake",
       [this](caf::actor_system& system) { return as_child(intake_ = intake(system)); }},
      {"curation",
       [this](caf::actor_system& system) { return as_child(curation_ = curation(system)); }},
      {std::string{leads_name},
       [this](caf::actor_system& system) { return as_child(leads_ = leads(system)); }},
    };
  }

  mechanism_actor actor() const override { return leads_; }

  void add_routes(net::http_router& out) override {
    net::leads_routes_terms terms;
    terms.open = {settings().open_routes.begin(), settings().open_routes.end()};
    terms.unix_ms = clock();
    const auto& rules = settings().rules;
    constexpr uint64_t slack_s = 15;
    terms.buyer_answer_ms = 1000
                            * (rules.miner_deadline_s + rules.fallback_polls * rules.fallback_poll_s
                               + rules.rank_deadline_s + slack_s);
    net::add_leads_routes(out, make_leads_backend({context_.disk, queues_, intake_, curation_}),
                          std::move(terms));
  }

private:
  template <class Handle>
  static caf::actor as_child(const Handle& x) {
    return caf::actor_cast<caf::actor>(x);
  }

  const leads_node_settings& settings() const { return *find_leads(context_.config); }
  bool stepped() const { return settings().world.has_value(); }
  const hotkey& own() const { return context_.config.validator; }

  /// The node's; where it has none, a world stands still between its steps.
  std::function<uint64_t()> clock() const {
    if (context_.unix_ms)
      return context_.unix_ms;
    const auto start_ms = stepped() ? settings().world->start_s * 1000 : 0;
    return [start_ms] { return start_ms; };
  }

  uint64_t step_s() const {
    return context_.config.chain_blocks_per_step * context_.config.chain.block_seconds;
  }

  /// What the chain itself decides is the chain's; in a world a publish is due in every step, and
  /// its end is seen in the next.
  leads_settings rules() const {
    auto rules = settings().rules;
    rules.netuid = context_.config.chain.netuid;
    rules.rate_limit_blocks = context_.config.chain.weights_rate_limit;
    rules.block_seconds = context_.config.chain.block_seconds;
    if (stepped()) {
      rules.interval_s = step_s();
      rules.publish_bound_s = std::max(rules.publish_bound_s, 2 * step_s());
    }
    return rules;
  }

  leads_queues_actor queues(caf::actor_system& system) const {
    return spawn_leads_queues(system, {{}, clock()},
                              {context_.disk, context_.storage_writer(), context_.chain()});
  }

  disposable_domains domains() const {
    auto read = io::read_disposable_domains(settings().rules.disposable_domains);
    if (!read)
      throw thrown_fault(read.error());
    return *std::move(read);
  }

  sourced_intake_actor intake(caf::actor_system& system) const {
    sourced_intake_config config;
    config.own = own();
    config.disposable = domains();
    config.poll_batch = settings().rules.poll_batch;
    config.idle_s = settings().rules.idle_s;
    config.stepped = stepped();
    if (stepped())
      config.miners = dev_lead_miners(context_.config.miners);
    config.unix_ms = clock();
    return spawn_sourced_intake(
      system, std::move(config),
      {context_.disk, context_.storage_writer(), context_.chain(), queues_});
  }

  /// The last step's moment, or the beginning of the world.
  uint64_t start_ms() const {
    if (!stepped())
      return clock()();
    const auto last = storage::tables::lead_steps.last(*context_.disk);
    if (!last)
      throw thrown_fault(last.error());
    return *last ? static_cast<uint64_t>((*last)->second.time_us / 1000)
                 : settings().world->start_s * 1000;
  }

  curation_actor curation(caf::actor_system& system) const {
    curation_config config;
    config.own = own();
    config.rules = rules();
    config.terms = flow_terms_of(config.rules);
    config.stepped = stepped();
    config.start_ms = start_ms();
    config.disposable = std::make_shared<const disposable_domains>(domains());
    config.unix_ms = clock();
    return spawn_curation(
      system, std::move(config),
      {context_.disk, context_.storage_writer(), context_.roster(), queues_, intake_});
  }

  mechanism_actor leads(caf::actor_system& system) const {
    auto own_settings = settings();
    own_settings.rules = rules();
    return spawn_leads(system, {std::move(own_settings), step_s(), clock(), context_.speed},
                       {context_.disk, context_.storage_writer(), context_.chain(),
                        context_.roster(), intake_, curation_});
  }

  mechanism_context context_;
  leads_queues_actor queues_;
  sourced_intake_actor intake_;
  curation_actor curation_;
  mechanism_actor leads_;
};

} // namespace

std::unique_ptr<mechanism_run> make_leads_run(const mechanism_context& context) {
  return std::make_unique<leads_run>(context);
}

} // namespace sluice
