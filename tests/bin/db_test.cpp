// sluice db, as an operator calls it: beside a node and without one, on whole and on damaged data.
#include "tests/support/run_program.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>

namespace {

using namespace sluice::test;
namespace fs = std::filesystem;

using db_json = nlohmann::json;

std::vector<std::string> node_of(const std::string& data) {
  return {"node", "--dev", "--seed", "7", "--output", "json", "--data", data};
}

/// Three steps of --dev, made once and copied by every test.
class db_command : public testing::Test {
protected:
  static void SetUpTestSuite() {
    whole = std::make_unique<scratch_folder>();
    auto node = node_of(whole->at("state"));
    node.insert(node.end(), {"--rounds", "3"});
    const auto run = run_sluice(node);
    ASSERT_EQ(run.code, 0) << run.err;
  }
  static void TearDownTestSuite() { whole.reset(); }

  db_command() : state{folder.at("state")} {
    fs::copy(whole->at("state"), state, fs::copy_options::recursive);
  }

  static program_run db(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "db");
    return run_sluice(arguments);
  }

  static db_json json_of_run(const std::vector<std::string>& arguments, int code) {
    const auto run = db(arguments);
    EXPECT_EQ(run.code, code) << run.out << run.err;
    EXPECT_EQ(run.err, "");
    return db_json::parse(run.out, nullptr, false);
  }

  static void expect_same_audit(const std::string& data) {
    const auto run = run_sluice({"audit", "all", "--data", data});
    EXPECT_EQ(run.code, 0) << run.out << run.err;
    EXPECT_NE(run.out.find(" 0 differ;"), std::string::npos) << run.out;
  }

  std::string newest_backup(const std::string& in) const {
    std::string newest;
    for (const auto& x : fs::directory_iterator{in})
      newest = std::max(newest, x.path().string());
    return newest;
  }

  static inline std::unique_ptr<scratch_folder> whole;
  scratch_folder folder;
  std::string state;
};

TEST_F(db_command, verify_finds_a_folder_good_and_stat_counts_it) {
  const auto verdict = json_of_run({"verify", "--data", state, "--output", "json"}, 0);
  EXPECT_EQ(verdict["good"], true);
  EXPECT_EQ(verdict["damaged"], 0);
  EXPECT_EQ(verdict["not_ours"], db_json::array()) << verdict["not_ours"];
  EXPECT_GT(verdict["commit"], 0);
  uint64_t decoded = 0;
  for (const auto& store : verdict["stores"])
    decoded += store["decoded"].get<uint64_t>();
  EXPECT_EQ(verdict["rows"], decoded) << "every row was read as its type";
  const auto stat = json_of_run({"stat", "--data", state}, 0);
  uint64_t rows = 0;
  for (const auto& store : stat["stores"])
    rows += store["rows"].get<uint64_t>();
  EXPECT_EQ(verdict["rows"], rows);
  EXPECT_EQ(stat["seed"], "7");
  const auto table = db({"stat", "--data", state, "--output", "table"});
  for (const auto* part : {"node", "pool_events", "devchain", "  rounds", "left\n"})
    EXPECT_NE(table.out.find(part), std::string::npos) << table.out;
}

TEST_F(db_command, backup_and_restore_bring_the_folder_back_and_keep_what_was_there) {
  const auto backups = folder.at("backups");
  const auto taken = json_of_run({"backup", "--data", state, "--to", backups}, 0);
  const auto place = taken["backup"].get<std::string>();
  EXPECT_EQ(json_of_run({"verify", "--data", place}, 0)["backup"], true);
  auto node = node_of(state);
  node.insert(node.end(), {"--rounds", "1"});
  ASSERT_EQ(run_sluice(node).code, 0);
  const auto later = json_of_run({"stat", "--data", state}, 0);
  const auto refused = db({"restore", "--from", backups, "--data", state});
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("--force"), std::string::npos) << refused.err;
  EXPECT_EQ(json_of_run({"stat", "--data", state}, 0)["commit"], later["commit"]);
  const auto restored = json_of_run({"restore", "--from", backups, "--data", state, "--force"}, 0);
  EXPECT_EQ(json_of_run({"stat", "--data", state}, 0)["commit"], taken["manifest"]["commit"]);
  const auto kept = restored["kept"].get<std::string>();
  EXPECT_EQ(json_of_run({"stat", "--data", kept}, 0)["commit"], later["commit"]);
  expect_same_audit(state);
  EXPECT_EQ(run_sluice(node).code, 0); // goes on
  expect_same_audit(state);
}

TEST_F(db_command, works_beside_a_running_node) {
  running_program node{node_of(state)};
  node.wait_for("\"lap\"");
  const auto backups = folder.at("backups");
  for (int i = 0; i < 3; ++i) {
    const auto taken = json_of_run({"backup", "--data", state, "--to", backups, "--keep", "2"}, 0);
    const auto verdict = json_of_run({"verify", "--data", state}, 0);
    EXPECT_EQ(verdict["good"], true) << verdict;
    EXPECT_GE(verdict["commit"], taken["manifest"]["commit"]);
    node.wait_for("\"lap\"");
  }
  EXPECT_EQ(std::distance(fs::directory_iterator{backups}, {}), 2);
  const auto lines = db({"export", "--data", state, "--to", folder.at("rows.jsonl")});
  EXPECT_EQ(lines.code, 0) << lines.err;
  const auto busy = db({"restore", "--from", backups, "--data", state, "--force"});
  EXPECT_EQ(busy.code, 3) << busy.out;
  EXPECT_NE(busy.err.find("in use by process"), std::string::npos) << busy.err;
  EXPECT_EQ(node.stop(), 0);
  const auto again = folder.at("again");
  ASSERT_EQ(db({"restore", "--from", backups, "--data", again}).code, 0);
  expect_same_audit(again);
  const auto imported = folder.at("imported");
  const auto import = db({"import", "--from", folder.at("rows.jsonl"), "--data", imported});
  ASSERT_EQ(import.code, 0) << import.err;
  EXPECT_EQ(json_of_run({"verify", "--data", imported}, 0)["good"], true);
  expect_same_audit(imported);
  for (const auto& data : {again, imported}) {
    auto more = node_of(data);
    more.insert(more.end(), {"--rounds", "1"});
    const auto run = run_sluice(more);
    EXPECT_EQ(run.code, 0) << run.err;
  }
}

TEST_F(db_command, export_and_import_are_a_round_trip_through_pipes) {
  const auto rows = db({"export", "--data", state});
  ASSERT_EQ(rows.code, 0) << rows.err;
  const auto copy = folder.at("copy");
  const auto file = folder.write("rows.jsonl", rows.out);
  ASSERT_EQ(std::system((std::string{BINARY_DIR} + "/sluice db import --data '" + copy + "' < '"
                         + file + "' >/dev/null")
                          .c_str()),
            0);
  const auto again = db({"export", "--data", copy});
  EXPECT_EQ(again.out, rows.out);
  expect_same_audit(copy);
}

TEST_F(db_command, damage_is_named_and_ends_no_command_by_a_signal) {
  const auto backups = folder.at("backups");
  ASSERT_EQ(db({"backup", "--data", state, "--to", backups}).code, 0);
  for (const auto* store : {"node", "pool-events", "devchain"}) {
    const auto file = fs::path{state} / store / "data.mdb";
    const auto bytes = fs::file_size(file);
    for (const auto& [what, size] :
         std::vector<std::pair<const char*, uintmax_t>>{{"cut", bytes / 2}, {"empty", 0}}) {
      fs::resize_file(file, size);
      for (const auto* command : {"verify", "stat", "backup", "export", "compact"}) {
        std::vector<std::string> arguments{command, "--data", state};
        if (command == std::string{"backup"})
          arguments.insert(arguments.end(), {"--to", backups});
        const auto run = db(arguments);
        EXPECT_EQ(run.code, 1) << command << ' ' << store << ' ' << what << run.out << run.err;
        EXPECT_NE((run.out + run.err).find(store), std::string::npos) << run.out << run.err;
      }
      EXPECT_EQ(fs::file_size(file), size) << "nothing was mended";
      const auto back = db({"restore", "--from", backups, "--data", state, "--force"});
      ASSERT_EQ(back.code, 0) << back.err;
      fs::remove_all(db_json::parse(back.out)["kept"].get<std::string>());
    }
  }
  expect_same_audit(state);
  EXPECT_EQ(std::distance(fs::directory_iterator{backups}, {}), 1) << "no backup of damage";
}

TEST_F(db_command, compact_makes_a_folder_smaller_and_changes_no_row) {
  const auto before = db({"export", "--data", state}).out;
  const auto run = json_of_run({"compact", "--data", state}, 0);
  EXPECT_EQ(run["stores"].size(), 3U);
  EXPECT_EQ(db({"export", "--data", state}).out, before);
  expect_same_audit(state);
}

TEST_F(db_command, migrate_tries_a_folder_of_0_1_0_on_a_copy_first) {
  const auto command = "tar xzf '" SOURCE_DIR "/tests/data/released/0.1.0/data.tar.gz' -C '"
                       + folder.path().string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  const auto old = folder.at("data");
  const auto marker = folder.read("data/SLUICE");
  const auto tried = json_of_run({"migrate", "--data", old, "--dry-run"}, 0);
  const auto before = tried["schema_before"].get<size_t>();
  const auto after = tried["schema_after"].get<size_t>();
  EXPECT_LT(before, 5U);
  EXPECT_GE(after, 5U);
  EXPECT_EQ(tried["steps"].size(), after - before);
  EXPECT_EQ(folder.read("data/SLUICE"), marker);
  const auto verdict = json_of_run({"verify", "--data", old}, 0);
  EXPECT_EQ(verdict["schema"], before);
  const auto done = json_of_run({"migrate", "--data", old}, 0);
  EXPECT_EQ(done["schema_after"], tried["schema_after"]);
  EXPECT_EQ(json_of_run({"verify", "--data", old}, 0)["good"], true);
  expect_same_audit(old);
  EXPECT_EQ(json_of_run({"migrate", "--data", old}, 0)["steps"], db_json::array());
}

TEST_F(db_command, mistakes_are_sentences_with_the_right_code) {
  const auto expect = [](const program_run& run, int code, const char* part) {
    EXPECT_EQ(run.code, code) << run.out << run.err;
    EXPECT_EQ(run.out, "");
    EXPECT_NE(run.err.find(part), std::string::npos) << run.err;
    EXPECT_EQ(run.err.find('\n'), run.err.size() - 1) << run.err;
  };
  const auto nowhere = folder.at("nowhere");
  for (const auto* command : {"stat", "verify", "export", "compact", "migrate"})
    expect(db({command, "--data", nowhere}), 3, "nowhere");
  const auto empty = folder.at("empty");
  fs::create_directory(empty);
  for (const auto* command : {"stat", "verify", "export", "compact", "migrate"})
    expect(db({command, "--data", empty}), 2, "not a Sluice data folder");
  expect(db({"backup", "--data", state}), 2, "--to");
  expect(db({"backup", "--data", state, "--to", folder.at("b"), "--keep", "0"}), 2, "--keep");
  expect(db({"restore", "--from", empty, "--data", nowhere}), 3, "not a backup");
  expect(db({"export", "--data", state, "--table", "jbos"}), 2, "no table jbos");
  expect(db({"export", "--data", state, "--to", "/dev/full"}), 3, "full");
  expect(db({"import", "--from", folder.write("x", "{}\n"), "--data", nowhere}), 2, "x:1: ");
  EXPECT_EQ(db({}).code, 2);
  for (const auto* command :
       {"stat", "verify", "backup", "restore", "compact", "export", "import", "migrate"}) {
    const auto help = db({command, "--help"});
    EXPECT_EQ(help.code, 0) << command;
    EXPECT_NE(help.out.find("Examples:\n  sluice db " + std::string{command}), std::string::npos)
      << help.out;
    EXPECT_NE(help.out.find("Exit: 0"), std::string::npos) << command;
  }
}

TEST_F(db_command, the_folder_may_come_from_the_environment) {
  run_options options;
  options.environment = {"SLUICE_DATA=" + state};
  EXPECT_EQ(run_sluice({"db", "verify"}, options).code, 0);
}

} // namespace
