// A write transaction of LMDB belongs to one thread and one function: it crosses no thread, no
// message and no await.
#include "code_base.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice::code_base {

namespace {

/// Files that begin transactions, or have one.
std::vector<source> sources_with_transactions() {
  std::vector<source> found;
  for (const auto& x : module_sources()) {
    const auto code = code_of(x.text);
    if (has_word(code, "mdb_txn_begin") || has_word(code, "MDB_txn")
        || (x.module == "storage" && has_word(code, "transaction")))
      found.push_back(x);
  }
  return found;
}

} // namespace

TEST(transactions, are_begun_in_the_storage_only) {
  EXPECT_GT(sources_with_transactions().size(), 3U);
  for (const auto& x : sources_with_transactions())
    EXPECT_EQ(x.module, "storage") << x.path;
  for (const auto& x : module_sources())
    for (const auto& include : includes_of(x.text))
      if (include.file == "storage/transaction.hpp" || include.file == "lmdb.h") {
        EXPECT_EQ(x.module, "storage") << at(x, include.line);
      }
}

TEST(transactions, meet_no_thread_and_no_actor) {
  const std::vector<std::string> words{"thread",  "jthread",   "async",   "future",
                                       "promise", "coroutine", "co_await"};
  for (const auto& x : sources_with_transactions()) {
    const auto code = code_of(x.text);
    for (const auto& word : words)
      EXPECT_FALSE(has_word(code, word)) << x.path << ": " << word;
    for (const auto& include : includes_of(x.text))
      EXPECT_FALSE(include.file.starts_with("caf/")) << at(x, include.line);
  }
}

TEST(transactions, can_be_neither_copied_nor_moved_into_a_message) {
  for (const auto& x : module_sources())
    if (x.path == "storage/transaction.hpp") {
      EXPECT_NE(x.text.find("transaction(const transaction&) = delete;"), std::string::npos);
    }
}

} // namespace sluice::code_base
