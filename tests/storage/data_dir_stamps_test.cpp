#include "storage/folder_id.hpp"
#include "tests/storage/small_disk.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace sluice::storage {
namespace {

using test::content;
using test::in_child;
using test::names_below;
using test::put_content;
using test::temp_folder;

namespace fs = std::filesystem;

const std::vector<std::string> folders{"node", "pool-events", "devchain"};

/// A batch for each store alone, and one for all.
batch numbered_batch(uint64_t n) {
  auto writes = n % 4 == 1 ? batch{} : scores_batch(n);
  if (n % 4 != 2)
    tables::feed_blocks.put(writes, {{"j"}, n}, {n, n * 2, {}, {}});
  if (n % 4 == 3)
    tables::extrinsics.put(writes, n, {"hash", n, "", {}});
  return writes;
}

void play(const fs::path& path, uint64_t from, uint64_t until) {
  auto dir = storage::open(path);
  ASSERT_TRUE(dir) << dir.error().what;
  for (auto n = from; n <= until; ++n)
    ASSERT_TRUE(dir->commit(numbered_batch(n)));
}

void copy_folder(const fs::path& from, const fs::path& to) {
  fs::remove_all(to);
  fs::copy(from, to, fs::copy_options::recursive);
}

std::map<std::string, std::string> contents_of(const fs::path& path) {
  std::map<std::string, std::string> all;
  for (const auto& name : names_below(path))
    if (fs::is_regular_file(path / name) && name != "LOCK" && !name.ends_with("lock.mdb"))
      all[name] = content(path / name);
  return all;
}

/// Neither a writer nor a reader opens it, both say this, and nothing has changed by it.
void expect_refused(const fs::path& path, const std::string& expected) {
  const auto before = contents_of(path);
  for (const auto mode : {open_mode::create_or_continue, open_mode::read_only}) {
    const auto dir = data_dir::open(path, who, mode, {.layout = &test::layout()});
    ASSERT_FALSE(dir) << expected;
    EXPECT_EQ(dir.error().code, ec::corrupt_data) << dir.error().what;
    EXPECT_NE(dir.error().what.find(expected), std::string::npos) << dir.error().what;
    EXPECT_NE(dir.error().what.find(path.string()), std::string::npos) << dir.error().what;
    EXPECT_NE(dir.error().what.find("sluice db restore"), std::string::npos) << dir.error().what;
    EXPECT_EQ(dir.error().what.find('\n'), std::string::npos);
  }
  EXPECT_EQ(contents_of(path), before);
}

TEST(data_dir_stamps, number_every_commit_and_are_exact_after_an_orderly_stop) {
  temp_folder temp;
  play(temp / "data", 1, 10);
  auto dir = storage::open(temp / "data");
  ASSERT_TRUE(dir);
  auto stamps = dir->stamps();
  ASSERT_TRUE(stamps) << stamps.error().what;
  ASSERT_EQ(stamps->size(), 3u);
  for (const auto& one : *stamps) {
    EXPECT_EQ(one.folder, dir->id());
    EXPECT_EQ(one.who, who);
    for (const auto& other : *stamps) {
      if (other.store != one.store) {
        EXPECT_EQ(one.known.at(other.store), other.commit) << one.store;
      }
    }
  }
  const auto last = dir->last_commit();
  EXPECT_EQ(last, last_commit_of(*stamps));
  EXPECT_GE(last, 10u);
  ASSERT_TRUE(dir->commit(scores_batch(1)));
  EXPECT_EQ(dir->last_commit(), last + 1);
  EXPECT_EQ(dir->stamps()->at(0).commit, last + 1);
}

TEST(data_dir_stamps, a_store_that_is_missing_or_emptied_is_refused) {
  temp_folder temp;
  play(temp / "good", 1, 8);
  for (const auto& name : folders) {
    SCOPED_TRACE(name);
    copy_folder(temp / "good", temp / "data");
    put_content(temp / "data" / name / "data.mdb", "");
    expect_refused(temp / "data", "is empty: 0 bytes are in ");
    copy_folder(temp / "good", temp / "data");
    fs::remove(temp / "data" / name / "data.mdb");
    expect_refused(temp / "data", "is missing: there is no ");
    copy_folder(temp / "good", temp / "data");
    fs::remove_all(temp / "data" / name);
    expect_refused(temp / "data", "is missing: there is no ");
  }
}

TEST(data_dir_stamps, a_store_of_another_folder_or_of_another_place_is_refused) {
  temp_folder temp;
  play(temp / "good", 1, 8);
  play(temp / "other", 1, 8);
  for (const auto& name : folders) {
    SCOPED_TRACE(name);
    copy_folder(temp / "good", temp / "data");
    fs::copy_file(temp / "other" / name / "data.mdb", temp / "data" / name / "data.mdb",
                  fs::copy_options::overwrite_existing);
    expect_refused(temp / "data", "belongs to another data folder");
    for (const auto& into : folders) {
      if (into == name)
        continue;
      copy_folder(temp / "good", temp / "data");
      fs::copy_file(temp / "good" / name / "data.mdb", temp / "data" / into / "data.mdb",
                    fs::copy_options::overwrite_existing);
      expect_refused(temp / "data", "they were swapped");
    }
  }
  copy_folder(temp / "good", temp / "data");
  fs::copy_file(temp / "other/SLUICE", temp / "data/SLUICE", fs::copy_options::overwrite_existing);
  expect_refused(temp / "data", "belongs to another data folder");
}

/// All mixes of stores from before and after, after orderly stops.
TEST(data_dir_stamps, stores_of_different_age_are_refused) {
  temp_folder temp;
  play(temp / "good", 1, 8);
  copy_folder(temp / "good", temp / "before");
  play(temp / "good", 9, 12);
  for (unsigned mix = 1; mix < 7; ++mix) {
    SCOPED_TRACE(mix);
    copy_folder(temp / "good", temp / "data");
    for (size_t i = 0; i < folders.size(); ++i)
      if ((mix >> i & 1U) != 0)
        fs::copy_file(temp / "before" / folders[i] / "data.mdb",
                      temp / "data" / folders[i] / "data.mdb",
                      fs::copy_options::overwrite_existing);
    expect_refused(temp / "data", "is older than the others");
  }
}

TEST(data_dir_stamps, a_set_that_is_older_as_a_whole_is_known_by_the_lock_file) {
  temp_folder temp;
  play(temp / "good", 1, 8);
  copy_folder(temp / "good", temp / "data");
  play(temp / "good", 9, 12);
  fs::copy_file(temp / "good/LOCK", temp / "data/LOCK", fs::copy_options::overwrite_existing);
  const auto dir = storage::open(temp / "data");
  ASSERT_FALSE(dir);
  EXPECT_NE(dir.error().what.find("is older than the others"), std::string::npos)
    << dir.error().what;
  fs::remove(temp / "data/LOCK"); // as an operator does who put the set there
  EXPECT_TRUE(storage::open(temp / "data"));
}

TEST(data_dir_stamps, after_a_kill_the_lock_file_knows_what_the_other_stores_do_not) {
  temp_folder temp;
  play(temp / "data", 1, 8);
  copy_folder(temp / "data", temp / "before");
  EXPECT_EQ(in_child([&] {
              auto dir = storage::open(temp / "data");
              batch alone; // of no other store's business
              tables::extrinsics.put(alone, 77, {"hash", 1, "", {}});
              if (dir && dir->commit(alone))
                ::kill(::getpid(), SIGKILL);
              return 1;
            }),
            1000 + SIGKILL);
  copy_folder(temp / "data", temp / "killed");
  EXPECT_TRUE(storage::open(temp / "killed")) << "nothing is wrong with it";
  fs::copy_file(temp / "before/devchain/data.mdb", temp / "data/devchain/data.mdb",
                fs::copy_options::overwrite_existing);
  const auto dir = storage::open(temp / "data");
  ASSERT_FALSE(dir);
  EXPECT_NE(dir.error().what.find("the store devchain is older"), std::string::npos)
    << dir.error().what;
}

TEST(data_dir_stamps, a_store_that_was_cut_is_refused_and_not_mended) {
  temp_folder temp;
  play(temp / "good", 1, 60);
  for (const auto& name : folders)
    for (const size_t pages : {1, 2, 3, 5}) {
      SCOPED_TRACE(name + " by " + std::to_string(pages));
      copy_folder(temp / "good", temp / "data");
      const auto data = temp / "data" / name / "data.mdb";
      const auto whole = fs::file_size(data);
      fs::resize_file(data, whole - pages * 4096);
      for (const auto mode : {open_mode::read_only, open_mode::create_or_continue}) {
        const auto dir = data_dir::open(temp / "data", who, mode, {.layout = &test::layout()});
        if (!dir) {
          EXPECT_EQ(dir.error().code, ec::corrupt_data);
          EXPECT_NE(dir.error().what.find(" cut"), std::string::npos) << dir.error().what;
          EXPECT_EQ(fs::file_size(data), whole - pages * 4096);
          continue;
        }
        uint64_t blocks = 0; // the pages that were cut were free ones
        EXPECT_TRUE(tables::feed_blocks.for_each(*dir, [&](auto&&, auto&&) { ++blocks; }));
        EXPECT_EQ(blocks, 45u);
      }
    }
}

TEST(data_dir_stamps, make_the_marker_again_when_it_is_gone) {
  temp_folder temp;
  play(temp / "data", 1, 8);
  const auto text = content(temp / "data/SLUICE");
  fs::remove(temp / "data/SLUICE");
  const auto found = find_marker(temp / "data", tables::schema_version);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ(to_text(**found), text);
  EXPECT_FALSE(fs::exists(temp / "data/SLUICE"));
  EXPECT_TRUE(data_dir::open(temp / "data", {}, open_mode::read_only, {.layout = &test::layout()}));
  EXPECT_EQ(storage::open(temp / "data", {"0.1.0", 8, "abc"}).error().code, ec::refused);
  EXPECT_FALSE(fs::exists(temp / "data/SLUICE"));
  {
    auto dir = storage::open(temp / "data");
    ASSERT_TRUE(dir) << dir.error().what;
    EXPECT_EQ(stored_epoch(*dir), 8u);
    ASSERT_EQ(dir->notes().size(), 1u);
    EXPECT_NE(dir->notes()[0].find("the marker SLUICE was missing; it was written again"),
              std::string::npos);
    EXPECT_EQ(content(temp / "data/SLUICE"), text);
  }
  EXPECT_TRUE(storage::open(temp / "data")->notes().empty());
  fs::remove(temp / "data/SLUICE");
  fs::remove(temp / "data/devchain/data.mdb");
  expect_refused(temp / "data", "there is no marker SLUICE, and of the stores");
}

TEST(data_dir_stamps, complete_a_creation_that_was_killed_half_way) {
  temp_folder temp;
  play(temp / "good", 1, 1);
  const auto marker = content(temp / "good/SLUICE");
  const auto making = marker.substr(0, marker.find("stores ")) + "stores making\n";
  temp_folder half;
  { ASSERT_TRUE(storage::open(half / "data")); }
  for (const auto& gone : folders) { // as a kill leaves it: some stores made, without a stamp
    fs::remove_all(half / "data");
    fs::create_directories(half / "data");
    put_content(half / "data/SLUICE", making);
    for (const auto& name : folders) {
      if (name == gone)
        break;
      environment_options o;
      o.store = name == "pool-events" ? std::string{pool_events_store} : name;
      o.tables = {"meta", "stamp"};
      ASSERT_TRUE(environment::open(half / "data" / name, o));
    }
    auto dir = storage::open(half / "data");
    ASSERT_TRUE(dir) << dir.error().what;
    ASSERT_TRUE(dir->commit(numbered_batch(3)));
    EXPECT_EQ(content(half / "data/SLUICE"), marker) << "with the id that was chosen first";
  }
  // A store with something in it is not taken for one that was just made.
  fs::copy_file(temp / "good/node/data.mdb", half / "data/node/data.mdb",
                fs::copy_options::overwrite_existing);
  EXPECT_TRUE(storage::open(half / "data").error().what.find("older") != std::string::npos);
}

TEST(data_dir_stamps, the_id_of_a_new_folder_can_be_given) {
  temp_folder temp;
  const std::string id = "00112233445566778899aabbccddeeff";
  const auto dir = data_dir::open(temp / "data", who, open_mode::create_or_continue,
                                  {.layout = &test::layout(), .fresh_id = id});
  ASSERT_TRUE(dir) << dir.error().what;
  EXPECT_EQ(dir->id(), id);
  EXPECT_NE(content(temp / "data/SLUICE").find("\nfolder " + id + "\nstores ready\n"),
            std::string::npos);
}

TEST(data_dir_stamps, stops_when_its_folder_is_not_its_own_any_more) {
  const std::vector<std::pair<std::string, std::function<void(const fs::path&)>>> cases{
    {"the data folder is gone", [](const fs::path& p) { fs::remove_all(p); }},
    {"the data folder is gone", [](const fs::path& p) { fs::rename(p, p.string() + ".moved"); }},
    {"or another is in its place",
     [](const fs::path& p) {
       fs::rename(p, p.string() + ".moved");
       copy_folder(p.string() + ".moved", p);
     }},
    {"LOCK is gone", [](const fs::path& p) { fs::remove(p / "LOCK"); }},
    {"LOCK is gone, or another is in its place",
     [](const fs::path& p) {
       fs::remove(p / "LOCK");
       put_content(p / "LOCK", "pid 1\n");
     }},
    {"node/data.mdb: the file is gone", [](const fs::path& p) { fs::remove(p / "node/data.mdb"); }},
    {"devchain/lock.mdb: the file is gone, or another is in its place",
     [](const fs::path& p) { fs::remove(p / "devchain/lock.mdb"); }},
    {"the marker SLUICE was replaced by another",
     [](const fs::path& p) { put_content(p / "SLUICE", "sluice data folder\n"); }},
  };
  for (const auto& [expected, harm] : cases) {
    SCOPED_TRACE(expected);
    temp_folder temp;
    auto dir = storage::open(temp / "data");
    ASSERT_TRUE(dir && dir->commit(scores_batch(1)));
    ASSERT_TRUE(dir->still_ours());
    if (expected.starts_with("the marker"))
      fs::remove(temp / "data/SLUICE"); // the same name, another file
    harm(temp / "data");
    const auto refused = dir->commit(scores_batch(2));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ec::unreachable);
    EXPECT_NE(refused.error().what.find(expected), std::string::npos) << refused.error().what;
    EXPECT_EQ(stored_epoch(*dir), 1u);
    EXPECT_EQ(dir->commit(scores_batch(3)).error(), refused.error()) << "the same for good";
    EXPECT_EQ(dir->still_ours().error(), refused.error());
  }
}

TEST(data_dir_stamps, a_marker_that_is_gone_alone_is_written_again) {
  temp_folder temp;
  auto dir = storage::open(temp / "data");
  ASSERT_TRUE(dir);
  const auto text = content(temp / "data/SLUICE");
  fs::remove(temp / "data/SLUICE");
  ASSERT_TRUE(dir->commit(scores_batch(2)));
  EXPECT_EQ(content(temp / "data/SLUICE"), text);
  ASSERT_EQ(dir->notes().size(), 1u);
  EXPECT_NE(dir->notes()[0].find("was gone and was written again"), std::string::npos);
  ASSERT_TRUE(dir->commit(scores_batch(3)));
  EXPECT_EQ(dir->notes().size(), 1u);
  fs::rename(temp / "data/SLUICE", temp / "data/x"); // an editor writes the same text
  put_content(temp / "data/SLUICE", text);
  EXPECT_TRUE(dir->commit(scores_batch(4)));
  EXPECT_EQ(dir->notes().size(), 1u);
}

TEST(data_dir_stamps, a_second_process_stays_out_when_the_lock_file_was_taken_away) {
  temp_folder temp;
  auto dir = storage::open(temp / "data");
  ASSERT_TRUE(dir);
  fs::remove(temp / "data/LOCK");
  EXPECT_EQ(in_child([&] {
              const auto second = storage::open(temp / "data");
              return second ? 1 : second.error().code == ec::busy ? 0 : 2;
            }),
            0);
  EXPECT_FALSE(fs::exists(temp / "data/LOCK"));
}

} // namespace
} // namespace sluice::storage
