#include "io/config/config_file.hpp"
#include "io/config/config_write.hpp"
#include "io/liquidity/section.hpp"
#include "rules/liquidity/strategy.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/sections.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>
#include <utility>

namespace sluice::io {
namespace {

std::string read_text(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A small configuration that is good; tests break one thing in it.
const std::string good_file = R"(name = "t"
[validator]
uid = 9
[weights]
burn_uid = 0
[[miners]]
uid = 1
hotkey = "a"
strategy = "hold"
[[miners]]
uid = 2
hotkey = "b"
strategy = "wide:width=0.1"
[[jobs]]
id = "one"
[jobs.start]
amount0 = 5
)";

std::string changed(std::string_view from, std::string_view to) {
  std::string text = good_file;
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string mistake(const std::string& text) {
  const auto config = parse_config(text, "c.toml", test::sections());
  if (config)
    return "";
  EXPECT_EQ(config.error().code, ec::bad_input);
  EXPECT_EQ(config.error().what.find('\n'), std::string::npos);
  return config.error().what;
}

/// A folder of its own that goes away with the test.
class config_file : public ::testing::Test {
protected:
  config_file() {
    std::string name = std::filesystem::temp_directory_path() / "sluice_config_XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~config_file() override { std::filesystem::remove_all(folder_); }
  std::string write(const std::string& name, const std::string& text) {
    const auto path = folder_ / name;
    std::ofstream{path, std::ios::binary} << text;
    return path;
  }
  std::filesystem::path folder_;
};

TEST_F(config_file, the_dev_configuration_is_the_one_in_configs) {
  EXPECT_EQ(dev_config_text(), read_text(SOURCE_DIR "/configs/dev.toml"));
}

TEST_F(config_file, the_dev_configuration_is_a_whole_subnet) {
  const auto config = parse_config(dev_config_text(), "dev.toml", test::sections());
  ASSERT_TRUE(config) << config.error().what;
  ASSERT_GE(liquidity_in(*config).jobs.size(), 2U);
  EXPECT_EQ(liquidity_in(*config).jobs[0].id.value, "weth-usdc");
  EXPECT_EQ(liquidity_in(*config).jobs[0].terms, (pool_terms{500, 10, 18, 6}));
  EXPECT_EQ(liquidity_in(*config).jobs[0].model, pool_model::observed);
  EXPECT_EQ(liquidity_in(*config).jobs[1].terms.fee, 3000U);
  EXPECT_EQ(liquidity_in(*config).jobs[1].model, pool_model::replayed);
  for (const auto& job : liquidity_in(*config).jobs) {
    EXPECT_EQ(job.feed.kind, feed_kind::market);
    EXPECT_EQ(job.board.eligibility_days, 0U);
    EXPECT_EQ(job.scoring.baseline, score_baseline::kept);
    EXPECT_EQ(job.scoring.range, range_measure::value);
    EXPECT_FALSE(job.start == inventory{});
  }
  std::vector<std::pair<int, std::string>> miners;
  for (const auto& miner : config->miners)
    miners.emplace_back(miner.uid.value, miner.strategy);
  const std::vector<std::pair<int, std::string>> expected{
    {1, "hold"},    {2, "wide"},   {3, "narrow"},  {4, "volatility"},
    {5, "refuser"}, {6, "silent"}, {7, "garbage"}, {8, "crasher"}};
  EXPECT_EQ(miners, expected);
  ASSERT_EQ(config->neurons.size(), 10U);
  EXPECT_EQ(config->neurons[0].uid, config->weights.burn_uid);
  EXPECT_EQ(config->neurons[9].key, config->validator);
  EXPECT_TRUE(config->neurons[9].permit);
  EXPECT_GE(config->neurons[9].stake, config->chain.stake_min);
}

TEST_F(config_file, the_example_for_validators_is_good) {
  const auto config = read_config(SOURCE_DIR "/configs/validator.toml", test::sections());
  ASSERT_TRUE(config) << config.error().what;
  ASSERT_EQ(liquidity_in(*config).jobs.size(), 2U);
  EXPECT_EQ(liquidity_in(*config).jobs[0].feed.kind, feed_kind::bars);
  EXPECT_EQ(liquidity_in(*config).jobs[0].feed.files.size(), 5U);
  EXPECT_EQ(liquidity_in(*config).jobs[1].feed.kind, feed_kind::events);
  EXPECT_TRUE(std::filesystem::path{liquidity_in(*config).jobs[1].feed.files[0]}.is_absolute());
  for (const auto& job : liquidity_in(*config).jobs)
    EXPECT_EQ(job.board.evidence, 2);
}

TEST_F(config_file, every_key_of_the_writer_is_in_the_dev_configuration) {
  // So that configs/dev.toml stays the place where every key can be seen.
  const auto config = parse_config(dev_config_text(), "dev.toml", test::sections());
  ASSERT_TRUE(config);
  std::istringstream lines{write_config(*config, test::sections())};
  for (std::string line; std::getline(lines, line);)
    if (const auto end = line.find(" = ");
        end != std::string::npos && line != "permit = true" && line != "permit = false") {
      const auto key = line.substr(0, end + 3);
      EXPECT_NE(dev_config_text().find('\n' + key), std::string_view::npos) << key;
    }
}

TEST_F(config_file, defaults_are_those_of_the_values) {
  const auto config = parse_config(good_file, "c.toml", test::sections());
  ASSERT_TRUE(config) << config.error().what;
  node_config expected;
  expected.name = "t";
  expected.miners = {{{1}, {"a"}, "hold"}, {{2}, {"b"}, "wide:width=0.1"}};
  expected.neurons = {{{0}, {"burn"}, 0, false},
                      {{1}, {"a"}, 0, false},
                      {{2}, {"b"}, 0, false},
                      {{9}, {"validator"}, 1'000'000'000'000, true}};
  auto job = node_job();
  job.id = {"one"};
  job.start.amount0 = 5;
  liquidity_in(expected).jobs = {job};
  expected.weights.shares = {{"liquidity", 1.0}};
  EXPECT_EQ(*config, expected);
}

TEST_F(config_file, mistakes_are_one_sentence_with_their_place) {
  const std::vector<std::pair<std::string, std::string>> cases{
    {changed("name = \"t\"", "nam = \"t\""),
     "c.toml:1:1: nam: expected one of name seed validator chain weights miners neurons "
     "miner_gateway door fleet metrics api log node storage liquidity policy simulators emission "
     "jobs leads trading consensus sports, got an unknown key; did you mean name?"},
    {changed("name = \"t\"", "name = \"T\""),
     "c.toml:1:8: name: expected a name of 1 to 64 characters out of a-z 0-9 . _ -, got \"T\""},
    {changed("name = \"t\"", "seed = -1"),
     "c.toml:1:8: seed: expected an integer from 0 to 18446744073709551615, got -1"},
    {changed("name = \"t\"", "policy = \"proportionate\""),
     "c.toml:1:10: policy: expected \"winner_per_job\" or \"proportional\", got \"proportionate\"; "
     "did you mean \"proportional\"?"},
    {changed("name = \"t\"", "simulators = 0"),
     "c.toml:1:14: simulators: expected an integer from 1 to 256, got 0"},
    {changed("[validator]\nuid = 9", ""),
     "c.toml:1:1: validator: expected a value, got nothing; this key is required"},
    {changed("[validator]\nuid = 9", "[validator]"),
     "c.toml:2:1: validator.uid: expected a value, got nothing; this key is required"},
    {changed("uid = 9", "uid = 2"),
     "c.toml:3:7: validator.uid: expected a uid that neither a miner nor weights.burn_uid has, got "
     "2"},
    {changed("uid = 9", "uid = 9\nhotkey = \"a\""),
     "c.toml:4:10: validator.hotkey: expected a hotkey that no miner has, and not \"burn\", got "
     "\"a\""},
    {changed("burn_uid = 0", "shares = { liquidity = 0.7, trading = 0.4 }"),
     "c.toml:5:10: weights.shares: expected shares that sum to at most 1, got a sum of 1.1"},
    {changed("burn_uid = 0", "shares = { liquidity = 1.7 }"),
     "c.toml:5:24: weights.shares.liquidity: expected a number from 0 to 1, got 1.7"},
    {changed("burn_uid = 0", "score_age_epochs = 4"),
     "c.toml:5:20: weights.score_age_epochs: expected an integer from 0 to 3, got 4"},
    {changed("burn_uid = 0", "burn_uid = 1"),
     "c.toml:7:7: miners[0].uid: expected another uid than weights.burn_uid, got 1"},
    {changed("uid = 2", "uid = 1"),
     "c.toml:11:7: miners[1].uid: expected a uid that nobody else has, got 1"},
    {changed("\"b\"", "\"a\""),
     "c.toml:12:10: miners[1].hotkey: expected a hotkey that nobody else has, got \"a\""},
    {changed("\"b\"", "\"burn\""),
     "c.toml:6:1: miners: expected hotkeys other than \"burn\" as long "
     "as [[neurons]] is not given, "
     "got \"burn\""},
    {changed("hotkey = \"b\"\n", ""),
     "c.toml:10:1: miners[1].hotkey: expected a value, got nothing; this key is required"},
    {changed("id = \"one\"", ""),
     "c.toml:14:1: jobs[0].id: expected a value, got nothing; this key is required"},
    {good_file + "[[jobs]]\nid = \"one\"\n[jobs.start]\namount1 = 1\n",
     "c.toml:19:6: jobs[1].id: expected an id that no other job has, got \"one\""},
    {good_file.substr(0, good_file.find("[[jobs]]")),
     "c.toml:1:1: liquidity: expected the table of at least one mechanism, of [liquidity], "
     "[leads], "
     "[trading], [consensus], [sports], got nothing"},
    {"jobs = []\n" + good_file.substr(0, good_file.find("[[jobs]]")),
     "c.toml:1:8: jobs: expected at least one [[jobs]], got none"},
    {changed("name = \"t\"", "name = "), "c.toml:1:"},
    {changed("name = \"t\"", "name = \"\xff\""), "c.toml:1:"},
    {changed("name = \"t\"", "name = \"t\"\nname = \"u\""), "c.toml:2:"},
  };
  for (const auto& [text, expected] : cases) {
    const auto got = mistake(text);
    if (expected.ends_with(':')) {
      EXPECT_TRUE(got.starts_with(expected)) << got;
      EXPECT_NE(got.find(": not TOML: "), std::string::npos) << got;
    } else {
      EXPECT_EQ(got, expected);
    }
  }
  EXPECT_EQ(mistake(good_file), "");
}

TEST_F(config_file, a_strategy_that_does_not_exist_is_reported_with_those_that_do) {
  const auto got = mistake(changed("wide:width=0.1", "wde"));
  EXPECT_TRUE(got.starts_with("c.toml:13:12: miners[1].strategy: expected a strategy as NAME or "
                              "NAME:key=value,..., got \"wde\"; "))
    << got;
  EXPECT_NE(got.find("volatility"), std::string::npos) << got;
}

TEST_F(config_file, a_miner_may_name_the_mechanism_it_plays) {
  const auto named = parse_config(changed("\"hold\"", "\"hold\"\nmechanism = \"liquidity\""),
                                  "c.toml", test::sections());
  ASSERT_TRUE(named) << named.error().what;
  EXPECT_EQ(named->miners.front().mechanism, "") << "the usual one, as when it is left out";
  const auto got = mistake(changed("\"hold\"", "\"hold\"\nmechanism = \"bets\""));
  EXPECT_EQ(got, "c.toml:10:13: miners[0].mechanism: expected a mechanism that has miners in this "
                 "process, of liquidity, leads, consensus, sports, got \"bets\"");
}

TEST_F(config_file, a_miner_may_state_who_owns_it) {
  const auto owned = parse_config(changed("\"hold\"", "\"hold\"\ncoldkey = \"5owner\""), "c.toml",
                                  test::sections());
  ASSERT_TRUE(owned) << owned.error().what;
  EXPECT_EQ(owned->miners[0].coldkey, "5owner");
  EXPECT_EQ(owned->miners[1].coldkey, "");
  const auto got = mistake(changed("\"hold\"", "\"hold\"\ncoldkey = \"5 owner\""));
  EXPECT_TRUE(got.starts_with("c.toml:10:11: miners[0].coldkey: expected a word")) << got;
}

TEST_F(config_file, neurons_may_be_given_and_must_then_be_complete) {
  const std::string neurons = R"(
[[neurons]]
uid = 2
hotkey = "b"
[[neurons]]
uid = 1
hotkey = "a"
[[neurons]]
uid = 0
hotkey = "owner"
[[neurons]]
uid = 77
hotkey = "validator"
stake = "99000000000000000000"
permit = true
)";
  // Stake is a uint64: 99e18 does not fit, 9.9e18 is above TOML's own integers and does.
  EXPECT_NE(
    mistake(changed("uid = 9\n", "") + neurons).find("neurons[3].stake: expected an integer"),
    std::string::npos);
  std::string fits = neurons;
  fits.replace(fits.find("99000000000000000000"), 20, "9900000000000000000");
  const auto config = parse_config(changed("uid = 9\n", "") + fits, "c.toml", test::sections());
  ASSERT_TRUE(config) << config.error().what;
  ASSERT_EQ(config->neurons.size(), 4U);
  EXPECT_EQ(config->neurons[0], (neuron{{0}, {"owner"}, 0, false}));
  EXPECT_EQ(config->neurons[3], (neuron{{77}, {"validator"}, 9'900'000'000'000'000'000U, true}));

  EXPECT_EQ(mistake(good_file + fits),
            "c.toml:3:7: validator.uid: expected this key only without [[neurons]], which state it "
            "already, got 9");
  const auto without = [&](const std::string& from, const std::string& to) {
    std::string text = changed("uid = 9\n", "") + fits;
    text.replace(text.rfind(from), from.size(), to);
    return mistake(text);
  };
  EXPECT_NE(without("hotkey = \"a\"", "hotkey = \"c\"")
              .find("neurons: expected uid 1 with the hotkey \"a\" of the miner, got \"c\""),
            std::string::npos);
  EXPECT_NE(without("uid = 1", "uid = 3")
              .find("neurons: expected uid 1 with the hotkey \"a\" of the miner, got none"),
            std::string::npos);
  EXPECT_NE(without("uid = 0", "uid = 3").find("neurons: expected one with weights.burn_uid"),
            std::string::npos);
  EXPECT_NE(without("\"validator\"", "\"v\"").find("expected one with the validator's hotkey"),
            std::string::npos);
  EXPECT_NE(without("uid = 0", "uid = 77").find("a uid that nobody else has"), std::string::npos);
}

TEST_F(config_file, what_cannot_be_read_is_unreachable) {
  const auto missing = read_config(folder_ / "no.toml", test::sections());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ec::unreachable);
  const auto a_folder = read_config(folder_, test::sections());
  ASSERT_FALSE(a_folder);
  EXPECT_EQ(a_folder.error().code, ec::unreachable);
}

TEST_F(config_file, empty_huge_and_binary_files_are_bad_input) {
  for (const std::string& text : {std::string{}, std::string(5 << 20, '#'),
                                  std::string("\0\1\2\xff", 4), good_file + "\xc3\x28"}) {
    const auto config = read_config(write("x.toml", text), test::sections());
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().code, ec::bad_input);
    EXPECT_TRUE(config.error().what.starts_with(folder_.string())) << config.error().what;
  }
}

TEST_F(config_file, a_file_cut_anywhere_is_read_or_refused_in_one_sentence) {
  for (size_t size = 0; size < dev_config_text().size(); size += 13) {
    const auto config = parse_config(dev_config_text().substr(0, size), "c.toml", test::sections());
    if (config)
      continue;
    EXPECT_EQ(config.error().code, ec::bad_input);
    EXPECT_TRUE(config.error().what.starts_with("c.toml:")) << config.error().what;
  }
}

TEST_F(config_file, feed_files_are_taken_from_the_folder_of_the_file) {
  const auto path = write("c.toml", good_file
                                      + "[jobs.feed]\nkind = \"bars\"\nfiles = [\"a/../b.csv\", "
                                        "\"/c.csv\"]\n");
  const auto config = read_config(path, test::sections());
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(liquidity_in(*config).jobs[0].feed.files,
            (std::vector<std::string>{(folder_ / "b.csv").string(), "/c.csv"}));
}

TEST_F(config_file, jobs_alone_are_read_as_a_configuration_has_them) {
  sluice::test::scratch_folder folder;
  const auto whole = parse_config(dev_config_text(), "dev.toml", test::sections());
  ASSERT_TRUE(whole);
  const std::string text{dev_config_text()};
  const auto first = text.find("[[liquidity.jobs]]");
  const auto of_jobs = text.substr(first, text.find("\n# The mechanism [trading]") - first);
  const auto jobs = read_jobs_file(folder.write("jobs.toml", of_jobs));
  ASSERT_TRUE(jobs) << jobs.error().what;
  EXPECT_EQ(*jobs, liquidity_in(*whole).jobs);
  const auto bars = read_jobs_file(
    folder.write("bars.toml", "[[jobs]]\nid = \"b\"\n[jobs.feed]\nkind = \"bars\"\n"
                              "files = [\"day.csv\"]\n"));
  if (bars) { // whatever else a job must have
    EXPECT_EQ(bars->at(0).feed.files, std::vector{folder.at("day.csv")});
  }
  const auto whole_file = read_jobs_file(folder.write("node.toml", text));
  ASSERT_FALSE(whole_file);
  EXPECT_NE(whole_file.error().what.find("expected one of jobs liquidity"), std::string::npos)
    << whole_file.error().what;
  EXPECT_EQ(read_jobs_file(folder.at("none.toml")).error().code, ec::unreachable);
}

TEST_F(config_file, keys_of_version_0_1_0_are_read_as_if_they_stood_in_the_table) {
  const std::string old_form = good_file + R"([emission]
per_epoch = 7.0
)";
  std::vector<std::string> notes;
  const auto old
    = parse_config("policy = \"proportional\"\n" + old_form, "old.toml", test::sections(), &notes);
  ASSERT_TRUE(old) << old.error().what;
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes[0], "old.toml: policy, emission, jobs: belongs into [liquidity] since version "
                      "0.2.0; read as if it stood there");
  auto text = old_form;
  const auto swap = [&text](std::string_view from, std::string_view to) {
    text.replace(text.find(from), from.size(), to);
  };
  swap("[[jobs]]", "[liquidity]\npolicy = \"proportional\"\n[[liquidity.jobs]]");
  swap("[jobs.start]", "[liquidity.jobs.start]");
  swap("[emission]", "[liquidity.emission]");
  notes.clear();
  const auto now = parse_config(text, "new.toml", test::sections(), &notes);
  ASSERT_TRUE(now) << now.error().what;
  EXPECT_TRUE(notes.empty());
  EXPECT_EQ(*now, *old);
}

TEST_F(config_file, old_names_of_keys_are_read_with_a_note) {
  const auto named = [](const std::string& age, const std::string& blocks) {
    return changed("burn_uid = 0", age + " = 2\n[chain]\n" + blocks + " = 60");
  };
  std::vector<std::string> notes;
  const auto old = parse_config(named("sheet_age_epochs", "blocks_per_lap"), "old.toml",
                                test::sections(), &notes);
  ASSERT_TRUE(old) << old.error().what;
  ASSERT_EQ(notes.size(), 3U); // the third is of [[jobs]]
  EXPECT_EQ(notes[0], "old.toml: chain.blocks_per_lap: is called blocks_per_step since version "
                      "0.2.0; read as if it had that name");
  EXPECT_EQ(notes[1], "old.toml: weights.sheet_age_epochs: is called score_age_epochs since "
                      "version 0.2.0; read as if it had that name");
  EXPECT_EQ(old->chain_blocks_per_step, 60U);
  EXPECT_EQ(old->weights.score_age_epochs, 2U);
  const auto now = parse_config(named("score_age_epochs", "blocks_per_step"), "new.toml",
                                test::sections(), nullptr);
  ASSERT_TRUE(now) << now.error().what;
  EXPECT_EQ(*now, *old);
  EXPECT_EQ(mistake(changed("burn_uid = 0", "score_age_epochs = 1\nsheet_age_epochs = 1")),
            "c.toml:6:20: weights.sheet_age_epochs: expected one of score_age_epochs and "
            "sheet_age_epochs, its name in version 0.1.0, got 1");
}

TEST_F(config_file, old_keys_beside_the_table_are_a_mistake_with_its_place) {
  const auto both = good_file + "[liquidity]\nsimulators = 3\n";
  EXPECT_EQ(mistake(both), "c.toml:14:1: jobs: expected this key inside [liquidity], which is "
                           "there, and only there, got an array");
}

TEST_F(config_file, a_node_without_a_mechanism_is_none) {
  const auto text = good_file.substr(0, good_file.find("[[jobs]]"));
  EXPECT_NE(
    mistake(text).find("liquidity: expected the table of at least one mechanism, of "
                       "[liquidity], [leads], [trading], [consensus], [sports], got nothing"),
    std::string::npos)
    << mistake(text);
}

} // namespace
} // namespace sluice::io
