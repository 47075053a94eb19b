#include "net/http/answer_log.hpp"
#include "net/http/request_id.hpp"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

TEST(is_request_id, takes_plain_names_only) {
  for (const std::string& id : {std::string{"a"}, std::string{"A.b_c-9"}, std::string(64, 'x')})
    EXPECT_TRUE(is_request_id(id)) << id;
  for (const std::string& id :
       {std::string{}, std::string(65, 'x'), std::string{"a b"}, std::string{"a\r\nX: y"},
        std::string{"\xc3\xa4"}, std::string{"a/b"}})
    EXPECT_FALSE(is_request_id(id)) << id;
}

TEST(make_request_id, numbers_connection_and_request) {
  std::string id = "older";
  make_request_id(id, "5f3a9c21", 26, UINT64_MAX);
  EXPECT_EQ(id, "5f3a9c21-1a-ffffffffffffffff");
  EXPECT_TRUE(is_request_id(id));
  const auto prefix = new_request_prefix();
  EXPECT_EQ(prefix.size(), 8U);
  EXPECT_TRUE(is_request_id(prefix));
}

TEST(answer_log_line, has_its_parts_in_one_order) {
  EXPECT_EQ(answer_log_line({"id", "10.0.0.1", "GET", "/a", 200, 17, 12'005, "k1"}),
            "id 10.0.0.1 GET /a 200 17 12.005 k1");
  EXPECT_EQ(answer_log_line({"id", "::", "", "", 400, 0, 999, ""}), "id :: - - 400 0 0.999 -");
}

} // namespace
} // namespace sluice::net
