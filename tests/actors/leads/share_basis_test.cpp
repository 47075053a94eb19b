#include "actors/leads/share_basis.hpp"
#include "tests/support/leads_world.hpp"

namespace sluice::test {
namespace {

namespace tables = storage::tables;

class lead_share_basis : public leads_test {
protected:
  void store_from(const std::string& origin, uint64_t at_ms) {
    storage::result_writer writer{*disk, origin};
    ASSERT_TRUE(writer.add({origin, lead_time{}, {some_lead("a")}}, at_ms));
    ASSERT_TRUE(disk->commit(writer.take()));
  }
  share_basis basis() { return *basis_of_shares(*disk); }
};

TEST_F(lead_share_basis, of_an_imported_folder_is_the_import) {
  store_from("import", 5'000);
  EXPECT_EQ(basis().time_us, 5'000'000);
  EXPECT_EQ(basis().settings, leads_settings{});
}

TEST_F(lead_share_basis, of_a_nodes_folder_is_its_last_moment_by_the_settings_of_the_last_publish) {
  lead_step step;
  step.time_us = 3'000'000;
  lead_publish row;
  row.policy = share_policy::raw;
  row.window_days = 7;
  storage::batch writes;
  tables::lead_steps.put(writes, 1, step);
  tables::lead_publishes.put(writes, 1, row);
  ASSERT_TRUE(disk->commit(writes));
  store_from("import", 5'000); // of another time than the node's
  EXPECT_EQ(basis().time_us, 3'000'000);
  store_from("curation", 4'000);
  EXPECT_EQ(basis().time_us, 4'000'000);
  EXPECT_EQ(basis().settings.policy, share_policy::raw);
  EXPECT_EQ(basis().settings.window_days, 7U);
}

} // namespace
} // namespace sluice::test
