#include "actors/metrics/metrics.hpp"
#include "messages/admin.hpp"
#include "net/metrics/page.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/last_words.hpp"

namespace sluice::test {
namespace {

class metrics : public actor_test {
protected:
  std::shared_ptr<card_seat> root = std::make_shared<card_seat>("node");
};

TEST_F(metrics, says_where_its_page_is) {
  const auto page = keep(spawn_metrics(sys, {{"127.0.0.1", 0}, "0.1.0"}, {open_disk(), root, {}}));
  const auto told = ask<std::string>(page, atom::look_v);
  EXPECT_NE(told.find(R"("host":"127.0.0.1")"), std::string::npos) << told;
  EXPECT_EQ(told.find(R"("port":0)"), std::string::npos) << told;
}

TEST_F(metrics, falls_with_the_reason_when_the_place_is_taken) {
  const auto first
    = net::metrics_page::open({"127.0.0.1", 0}, [] { return std::vector<net::metric>{}; });
  ASSERT_TRUE(first);
  const auto page
    = spawn_metrics(sys, {{"127.0.0.1", first->port()}, "0.1.0"}, {open_disk(), root, {}});
  last_words end{page};
  settle();
  ASSERT_TRUE(end);
  EXPECT_NE(sentence(*end).find("cannot listen on 127.0.0.1:"), std::string::npos);
}

} // namespace
} // namespace sluice::test
