// The actors of leads die at every moment of a run: no lead is lost, nothing is published twice,
// and what is stored at the end is what an undisturbed run stores.
#include "actors/audit.hpp"
#include "io/config/config_file.hpp"
#include "storage/leads/steps.hpp"
#include "storage/leads/tables.hpp"
#include "tests/support/node_world.hpp"

#include <cstdlib>
#include <set>

namespace sluice::test {
namespace {

namespace tables = storage::tables;

constexpr uint64_t steps_of_leads = 3;

constexpr const char* leads_alone = R"(
name = "leads"
seed = 7
[validator]
hotkey = "validator"
uid = 9
[weights]
shares = { leads = 1.0 }
[leads]
window_days = 30
[leads.world]
seed = 3
[[miners]]
uid = 30
hotkey = "lead-curator"
strategy = "curator:seed=3"
mechanism = "leads"
[[miners]]
uid = 31
hotkey = "lead-sourcer"
strategy = "sourcer:seed=3"
mechanism = "leads"
[[miners]]
uid = 32
hotkey = "lead-both"
strategy = "both:seed=3"
mechanism = "leads"
[[miners]]
uid = 33
hotkey = "lead-duplicator"
strategy = "duplicator:seed=3"
mechanism = "leads"
[[miners]]
uid = 34
hotkey = "lead-silent"
strategy = "silent:seed=3"
mechanism = "leads"
)";

class leads_node_test : public node_test {
protected:
  static node_config world() {
    auto config = io::parse_config(leads_alone, "leads.toml", sections_of(all_mechanisms()));
    if (!config)
      throw std::runtime_error(config.error().what);
    return *std::move(config);
  }

  /// Starts the node again until its steps are done.
  void finish(const node_config& config, std::string_view data, const accident& before) {
    for (int incarnations = 0; incarnations < 5; ++incarnations) {
      uint64_t done = 0;
      {
        const auto disk = open_disk(data);
        done = *steps_done(*disk, mechanisms);
      }
      if (done >= steps_of_leads)
        return;
      const auto end = run(config, steps_of_leads - done, data, nullptr, before);
      if (end.last)
        return;
      EXPECT_TRUE(end.reason) << "it failed without a reason";
    }
    ADD_FAILURE() << "the node cannot be brought to its end";
  }

  /// Only what leads writes; what hangs on the fate of weights only where all were confirmed.
  static table_rows of_leads(table_rows all, bool with_publishing) {
    std::erase_if(all, [with_publishing](const auto& x) {
      const auto& name = x.first;
      const bool publishing = name.starts_with("lead_publishes") || name.starts_with("lead_flow")
                              || name.starts_with("lead_steps");
      return !name.starts_with("lead_") || (publishing && !with_publishing);
    });
    return all;
  }

  /// Everything that can be recomputed is right, and every epoch has one extrinsic at most.
  bool expect_sound(std::string_view data) {
    const auto disk = open_disk(data);
    const auto found = audit_everything(*disk, mechanisms);
    EXPECT_TRUE(found) << found.error().what;
    for (const auto& x : found ? *found : std::vector<audit_finding>{})
      EXPECT_EQ(x.difference, "") << x.what;
    const auto chain = tables::chain_state.get(*disk, tables::chain_key);
    std::set<uint64_t> epochs;
    EXPECT_TRUE(tables::extrinsics.for_each(*disk, [&](uint64_t, const inclusion& x) {
      const auto epoch = epoch_at(x.block, chain->params).value;
      EXPECT_TRUE(epochs.insert(epoch).second) << "a second extrinsic in epoch " << epoch;
    }));
    bool confirmed = true;
    EXPECT_TRUE(tables::published.for_each(*disk, [&](epoch_no, const publish_record& x) {
      confirmed = confirmed && x.status == publish_status::confirmed;
    }));
    return confirmed;
  }
};

class leads_accidents : public leads_node_test, public testing::WithParamInterface<std::string> {};

TEST_P(leads_accidents, leave_the_tables_as_if_nothing_had_happened) {
  const auto config = world();
  size_t messages = 0;
  ASSERT_TRUE(run(config, steps_of_leads, "calm", nullptr, [&](actor_hunt&) { ++messages; }).last);
  ASSERT_TRUE(expect_sound("calm"));
  const auto calm = rows_in("calm");
  EXPECT_TRUE(of_leads(calm, false).size() > 10);
  // Every moment with SLUICE_SEEDS; else some of them, others for every victim.
  const size_t stride = std::getenv("SLUICE_SEEDS") ? 1 : 23;
  size_t kills = 0;
  for (size_t moment = GetParam().size() % stride; moment < messages; moment += stride) {
    const auto data = "rough-" + std::to_string(moment);
    size_t left = moment;
    bool done = false;
    finish(config, data, [&](actor_hunt& hunt) {
      if (done || left-- > 0)
        return;
      done = hunt.kill(GetParam());
      left = 0; // again, when there was nobody yet
    });
    SCOPED_TRACE(testing::Message() << "killed " << GetParam() << " at message " << moment);
    kills += done ? 1 : 0;
    const bool confirmed = expect_sound(data);
    EXPECT_EQ(first_other_row(of_leads(calm, confirmed), of_leads(rows_in(data), confirmed)), "");
    if (HasFailure())
      return;
    std::filesystem::remove_all(folder.path() / data);
  }
  EXPECT_GT(kills, 0U);
}

INSTANTIATE_TEST_SUITE_P(victims, leads_accidents,
                         testing::Values("leads", "curation", "sourced_intake", "leads_queues",
                                         "lead_search", "lead_survey", "storage_writer", "weights",
                                         "conductor"),
                         [](const auto& x) { return x.param; });

class leads_in_a_node : public leads_node_test {};

TEST_F(leads_in_a_node, publish_what_they_delivered_in_every_step) {
  const auto end = run(world(), 4, "data", nullptr);
  ASSERT_TRUE(end.last) << sys.render(end.reason);
  EXPECT_EQ(end.last->code, 0) << end.last->why;
  ASSERT_EQ(end.steps.size(), 4U);
  for (const auto& x : end.steps) {
    ASSERT_TRUE(x.published);
    EXPECT_EQ(x.published->status, publish_status::confirmed) << x.published->reason;
  }
  const auto disk = open_disk();
  for (uint64_t n = 1; n < 4; ++n) { // the end of the last one is seen by the next step
    const auto row = tables::lead_publishes.get(*disk, n);
    ASSERT_TRUE(row) << n;
    EXPECT_EQ(row->result, publish_end::done) << n;
    EXPECT_FALSE(row->tx.empty());
  }
}

} // namespace
} // namespace sluice::test
