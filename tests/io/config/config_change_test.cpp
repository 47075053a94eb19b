#include "io/config/config_change.hpp"
#include "io/config/config_file.hpp"
#include "io/config/config_write.hpp"
#include "io/config/general_changes.hpp"
#include "tests/support/sections.hpp"

#include <gtest/gtest.h>

namespace sluice::io {
namespace {

using changes = std::vector<config_change>;

changes found(std::string_view was, std::string_view is) {
  auto all = changes_between(was, is);
  EXPECT_TRUE(all) << all.error().what;
  return all ? *std::move(all) : changes{};
}

std::string shown_changes(std::string_view was, std::string_view is) {
  const auto all = found(was, is);
  return text_of(all);
}

TEST(config_change, keys_that_changed_came_or_went_are_shown_one_by_one) {
  EXPECT_EQ(shown_changes("a = 1\nb = \"x\"\n[c]\nd = [1, 2]\n", "a = 1\nb = \"y\"\n[c]\ne = 2\n"),
            "b: was \"x\", is \"y\"\nc.d: is gone, was [ 1, 2 ]\nc.e: is new: 2\n");
  EXPECT_TRUE(found("a = 1.0\n", "a = 1.0\n").empty());
  EXPECT_FALSE(changes_between("a = = 1", ""));
}

TEST(config_change, entries_of_lists_have_their_name_and_not_their_place) {
  const std::string_view was = "[[jobs]]\nid = \"x\"\nfee = 1\n[jobs.pool]\np = 1\n"
                               "[[jobs]]\nid = \"y\"\n[[miners]]\nuid = 3\nhotkey = \"h\"\n";
  const std::string_view is = "[[jobs]]\nid = \"z\"\n[[jobs]]\nid = \"x\"\nfee = 2\n[jobs.pool]\n"
                              "p = 2\n[[miners]]\nuid = 4\nhotkey = \"h\"\n";
  EXPECT_EQ(shown_changes(was, is),
            "jobs[x].fee: was 1, is 2\njobs[x].pool.p: was 1, is 2\njobs[y]: is gone\n"
            "jobs[z]: is new\nminers[h].uid: was 3, is 4\n");
  EXPECT_TRUE(is_inside("jobs[x].pool.p", "jobs[x]"));
  EXPECT_TRUE(is_inside("jobs[x]", "jobs[x]"));
  EXPECT_FALSE(is_inside("jobs[xy].pool.p", "jobs[x"));
  EXPECT_FALSE(is_inside("jobs2.a", "jobs"));
}

TEST(config_change, a_whole_table_is_one_change) {
  EXPECT_EQ(shown_changes("", "[sports]\na = 1\nb = 2\n"), "sports: is new\n");
  EXPECT_EQ(shown_changes("[sports]\na = 1\n[sports.c]\nb = 2\n", ""), "sports: is gone\n");
}

TEST(config_change, what_is_refused_is_named_with_the_reason) {
  changes all{{"a", "1", "2", "x", true, ""}, {"b", "1", "2", "y", false, "it would lie"}};
  EXPECT_EQ(text_of(all), "a: was 1, is 2 (x)\nb: was 1, is 2 (y): not on this folder: it would"
                          " lie\n");
  EXPECT_EQ(refusal_of(all), "b: was 1, is 2 (y): it would lie");
  all.pop_back();
  EXPECT_EQ(refusal_of(all), "");
  const std::string long_text(1000, 'z');
  changes many(100, {"k", long_text, "2", "", false, "no"});
  EXPECT_LT(refusal_of(many).size(), 10'000U);
  EXPECT_NE(refusal_of(many).find("and 60 more"), std::string::npos);
  EXPECT_NE(text_of(many).find("and 60 more"), std::string::npos);
}

node_config dev_of_changes() {
  auto config = parse_config(dev_config_text(), "dev.toml", test::sections());
  EXPECT_TRUE(config) << config.error().what;
  return *config;
}

changes judged(const node_config& was, const node_config& is, const folder_facts& facts) {
  auto all = found(write_config(was, test::sections()), write_config(is, test::sections()));
  judge_general(all, is, facts);
  return all;
}

TEST(config_change, of_general_keys_has_its_meaning) {
  const auto was = dev_of_changes();
  auto is = was;
  is.weights.moved_max = 0.5;
  is.miners.pop_back();
  is.mechanisms.erase("sports");
  is.weights.shares.erase("sports");
  const auto all = judged(was, is, {});
  std::string text = text_of(all);
  EXPECT_NE(text.find("miners[miner-crasher]: is gone (plays here no longer)\n"), std::string::npos)
    << text;
  EXPECT_NE(text.find("weights.moved_max: was 1.0, is 0.5 (weights of epochs from now on)\n"),
            std::string::npos)
    << text;
  EXPECT_NE(text.find("sports: is gone (is not run any more; what is stored of it stays)\n"),
            std::string::npos)
    << text;
  EXPECT_EQ(refusal_of(all), "");
}

TEST(config_change, epochs_and_blocks_that_are_decided_do_not_come_again) {
  const auto was = dev_of_changes();
  dev_chain chain;
  chain.params = was.chain;
  chain.block = 1 + 100 * was.chain_blocks_per_step;
  const folder_facts facts{&chain, 100};
  auto shorter = was;
  shorter.chain.tempo = 20;
  shorter.chain_blocks_per_step += 1;
  EXPECT_EQ(refusal_of(judged(was, shorter, facts)), "");
  auto longer = was;
  longer.chain.tempo = 100;
  longer.chain_blocks_per_step -= 1;
  const auto refused = refusal_of(judged(was, longer, facts));
  EXPECT_NE(refused.find("chain.tempo: was 74, is 100 (epochs have another length from now on): "
                         "block 7501 is of epoch 101 now and would be of epoch 75"),
            std::string::npos)
    << refused;
  EXPECT_NE(refused.find("chain.blocks_per_step: was 75, is 74"), std::string::npos) << refused;
  EXPECT_EQ(refusal_of(judged(was, longer, {})), "") << "a folder without a chain has no epochs";
}

} // namespace
} // namespace sluice::io
