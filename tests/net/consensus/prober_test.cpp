#include "net/consensus/prober.hpp"
#include "net/http/listening.hpp"

#include <gtest/gtest.h>

#include <future>

namespace sluice::net {
namespace {

std::vector<probed> ask(prober& x, std::vector<endpoint> where) {
  std::promise<std::vector<probed>> answer;
  x.probe(std::move(where), [&](std::vector<probed> outcomes) { answer.set_value(outcomes); });
  return answer.get_future().get();
}

/// A port at which something listens as long as this object is there.
class open_port {
public:
  open_port() : socket_(*listening_socket::open("127.0.0.1:0")) {}
  endpoint at() const { return {"127.0.0.1", socket_.port()}; }

private:
  listening_socket socket_;
};

TEST(prober, reaches_who_listens_and_states_why_not_otherwise) {
  prober x{{2'000, 8}};
  const open_port miner;
  uint16_t closed = 0;
  {
    const open_port gone;
    closed = gone.at().port;
  }
  const auto all
    = ask(x, {miner.at(), {"127.0.0.1", closed}, {"miner.test", 80}, {"127.0.0.1", 0}});
  ASSERT_EQ(all.size(), 4U);
  ASSERT_TRUE(all[0].latency_us);
  EXPECT_GT(*all[0].latency_us, 0U);
  EXPECT_LT(*all[0].latency_us, 2'000'000U);
  for (size_t i = 1; i < 4; ++i) {
    EXPECT_FALSE(all[i].latency_us) << i;
    EXPECT_NE(all[i].why, "") << i;
  }
  EXPECT_NE(all[2].why.find("expected an IP address"), std::string::npos) << all[2].why;
}

TEST(prober, gives_up_on_whoever_does_not_answer) {
  prober x{{100, 8}};
  const auto all = ask(x, {{"192.0.2.1", 9}, {"192.0.2.2", 9}}); // RFC 5737: nobody's
  for (const auto& one : all)
    EXPECT_FALSE(one.latency_us);
}

TEST(prober, answers_in_the_order_of_the_question_however_few_go_at_once) {
  prober x{{5'000, 3}};
  const open_port miner;
  uint16_t closed = 0;
  {
    const open_port gone;
    closed = gone.at().port;
  }
  std::vector<endpoint> where;
  for (int i = 0; i < 200; ++i)
    where.push_back(i % 3 == 0 ? endpoint{"127.0.0.1", closed} : miner.at());
  const auto all = ask(x, where);
  ASSERT_EQ(all.size(), where.size());
  for (size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(all[i].latency_us.has_value(), i % 3 != 0) << i << ' ' << all[i].why;
  EXPECT_TRUE(ask(x, {}).empty());
}

TEST(prober, answers_everything_before_it_goes) {
  std::vector<size_t> sizes;
  const open_port miner;
  {
    prober x{{60'000, 2}};
    for (size_t n = 1; n <= 3; ++n)
      x.probe(std::vector<endpoint>(n * 20, endpoint{"192.0.2.1", 9}),
              [&](const std::vector<probed>& all) { sizes.push_back(all.size()); });
  }
  EXPECT_EQ(sizes, (std::vector<size_t>{20, 40, 60}));
}

} // namespace
} // namespace sluice::net
