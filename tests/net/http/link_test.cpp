#include "net/http/link.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sluice::net {
namespace {

/// A link whose other side is the test.
class paper_link : public websocket_link {
public:
  paper_link(link_terms terms, link_owner owner) : websocket_link(terms, std::move(owner)) {}

  void accept() override {}
  void connect(const std::string&, const std::string&) override {}

  using websocket_link::on_opened;
  using websocket_link::on_text;
  using websocket_link::on_written;

  std::vector<std::string> wrote;
  int shuts = 0;
  int destroyed = 0;

protected:
  void write(const std::string& text) override { wrote.push_back(text); }
  void shut() override { ++shuts; }
  void destroy() override { ++destroyed; }
};

class link_test : public ::testing::Test {
protected:
  std::shared_ptr<paper_link> make(link_terms terms = {}) {
    link_owner owner;
    owner.opened = [this] { ++opened; };
    owner.received = [this](std::string_view text) { received.emplace_back(text); };
    owner.written = [this](uint64_t mark) { marks.push_back(mark); };
    owner.ended = [this](const std::string& why) { ended.push_back(why); };
    return std::make_shared<paper_link>(terms, std::move(owner));
  }

  int opened = 0;
  std::vector<std::string> received;
  std::vector<uint64_t> marks;
  std::vector<std::string> ended;
};

TEST_F(link_test, writes_one_text_at_a_time_in_order_and_reports_marks) {
  const auto link = make();
  link->send("a", 1); // before it is open
  link->on_opened();
  link->send("b");
  link->send("c", 3);
  EXPECT_EQ(link->wrote, (std::vector<std::string>{"a"}));
  link->on_written();
  link->on_written();
  EXPECT_EQ(link->wrote, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(marks, (std::vector<uint64_t>{1}));
  link->on_written();
  EXPECT_EQ(marks, (std::vector<uint64_t>{1, 3}));
  EXPECT_EQ(link->waiting_bytes(), 0U);
  EXPECT_TRUE(link->idle());
}

TEST_F(link_test, the_queue_has_an_end) {
  link_terms terms;
  terms.queue_bytes_max = 10;
  const auto link = make(terms);
  link->on_opened();
  link->send("12345");
  link->send("12345");
  EXPECT_TRUE(ended.empty());
  link->send("1");
  EXPECT_EQ(ended, (std::vector<std::string>{"it does not read what it is sent"}));
  EXPECT_EQ(link->destroyed, 1);
}

TEST_F(link_test, the_last_message_is_written_before_the_end) {
  const auto link = make();
  link->on_opened();
  link->send("question");
  link->close("bye");
  link->send("too late");
  link->on_text("not received any more");
  link->on_written();
  EXPECT_EQ(link->shuts, 0);
  link->on_written();
  EXPECT_EQ(link->wrote, (std::vector<std::string>{"question", "bye"}));
  EXPECT_EQ(link->shuts, 1);
  EXPECT_TRUE(received.empty());
  link->close("again");
  EXPECT_EQ(link->shuts, 1);
}

TEST_F(link_test, every_step_has_a_deadline) {
  const auto now = steady_ms();
  const auto never_open = make();
  never_open->tick(now + 9'000);
  EXPECT_TRUE(ended.empty());
  never_open->tick(now + 11'000);
  EXPECT_EQ(ended.size(), 1U);
  const auto not_reading = make();
  not_reading->on_opened();
  not_reading->send("x");
  not_reading->tick(now + 9'000);
  EXPECT_EQ(ended.size(), 1U);
  not_reading->tick(now + 11'000);
  EXPECT_EQ(ended.size(), 2U);
  const auto stubborn = make();
  stubborn->on_opened();
  stubborn->close("");
  EXPECT_EQ(stubborn->shuts, 1);
  stubborn->tick(now + 3'000);
  EXPECT_EQ(ended.size(), 3U);
  EXPECT_EQ(stubborn->destroyed, 1);
}

TEST_F(link_test, the_end_comes_once_whatever_happens_after_it) {
  const auto link = make();
  link->on_opened();
  link->drop("gone");
  link->drop("again");
  link->close("bye");
  link->send("x");
  link->on_text("x");
  link->on_written();
  link->tick(~uint64_t{0});
  EXPECT_EQ(ended, (std::vector<std::string>{"gone"}));
  EXPECT_TRUE(received.empty());
}

TEST_F(link_test, one_that_was_never_open_is_closed_without_a_message) {
  const auto link = make();
  link->close("refused");
  EXPECT_EQ(ended.size(), 1U);
  EXPECT_TRUE(link->wrote.empty());
}

} // namespace
} // namespace sluice::net
