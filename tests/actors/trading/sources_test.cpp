#include "actors/trading/sources.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/trading_feed_of.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

class trading_sources_test : public actor_test {
protected:
  trading_sources_actor start(std::vector<std::string> names) {
    sources_config config;
    for (const auto& name : names)
      config.feeds.push_back(trading_feed_of(name, trading_feed_kind::taostats));
    config.spawn = [this](caf::actor_system& system, const trading_feed& feed) {
      ++spawned;
      return trading_source_actor{
        system.spawn([this, name = feed.name](
                       trading_source_actor::pointer self) -> trading_source_actor::behavior_type {
          return {[name](const source_request&) {
                    return source_delivery{
                      name, {1, 0}, std::make_shared<const std::vector<source_rows>>(), false};
                  },
                  [name](atom::view) {
                    source_view view;
                    view.feed = name;
                    return view;
                  },
                  [self, name, this](const source_command& x) -> caf::result<source_view> {
                    if (x.order == source_order::pause) {
                      self->quit(caf::make_error(ec::unreachable, "it fails"));
                      return caf::make_error(ec::refused, "going");
                    }
                    ++obeyed;
                    return source_view{};
                  },
                  [](atom::due, uint64_t) {}};
        })};
    };
    return keep(spawn_trading_sources(sys, std::move(config)));
  }

  size_t spawned = 0;
  size_t obeyed = 0;
};

TEST_F(trading_sources_test, hand_every_question_to_the_feed_of_that_name) {
  const auto all = start({"one", "two"});
  EXPECT_EQ(ask<source_delivery>(all, feed_request{"two", {}}).feed, "two");
  const auto views = ask<std::vector<source_view>>(all, atom::view_v);
  ASSERT_EQ(views.size(), 2U);
  EXPECT_EQ(views[0].feed, "one");
  EXPECT_EQ(views[1].feed, "two");
  const auto nobody = to_fault(ask_error<source_delivery>(all, feed_request{"three", {}}));
  EXPECT_EQ(nobody.code, ec::no_such_key);
  EXPECT_NE(nobody.what.find("one, two"), std::string::npos) << nobody.what;
}

TEST_F(trading_sources_test, start_a_feed_again_that_fails_and_leave_the_others_alone) {
  const auto all = start({"one", "two"});
  settle();
  EXPECT_EQ(spawned, 2U);
  EXPECT_TRUE(ask_error<source_view>(all, feed_command{"one", {source_order::pause}}));
  settle();
  EXPECT_EQ(spawned, 3U);
  EXPECT_EQ(ask<source_delivery>(all, feed_request{"one", {}}).feed, "one");
}

TEST_F(trading_sources_test, give_a_feed_up_that_fails_again_and_again) {
  const auto all = start({"one", "two"});
  fault last;
  for (int i = 0; i < 10; ++i) {
    last = to_fault(ask_error<source_view>(all, feed_command{"one", {source_order::pause}}));
    advance(std::chrono::seconds{1});
  }
  EXPECT_NE(last.what.find("given up"), std::string::npos) << last.what;
  EXPECT_EQ(ask<source_delivery>(all, feed_request{"two", {}}).feed, "two");
}

TEST_F(trading_sources_test, without_feeds_there_is_nobody_to_ask) {
  const auto none = start({});
  EXPECT_TRUE(ask<std::vector<source_view>>(none, atom::view_v).empty());
  EXPECT_EQ(to_fault(ask_error<source_delivery>(none, feed_request{"one", {}})).code,
            ec::no_such_key);
}

} // namespace
} // namespace sluice::test
