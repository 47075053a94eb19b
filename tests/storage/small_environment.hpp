/// An environment of two tables and the rows that tests put into it.
#pragma once

#include "storage/environment.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::storage {

inline environment_options two_tables() {
  environment_options o;
  o.store = "node";
  o.tables = {"a", "b"};
  return o;
}

inline write put(std::string key, std::string value, std::string table = "a") {
  return {"node", std::move(table), std::move(key), std::move(value), false};
}

inline environment open(const test::temp_folder& temp, environment_options o = two_tables()) {
  auto env = environment::open(temp / "env", std::move(o));
  EXPECT_TRUE(env) << env.error().what;
  return *std::move(env);
}

} // namespace sluice::storage
