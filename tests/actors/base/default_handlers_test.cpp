#include "actors/base/default_handlers.hpp"
#include "messages/storage_writer.hpp"
#include "tests/support/actor_end.hpp"
#include "tests/support/actor_test.hpp"

#include <caf/event_based_actor.hpp>

namespace sluice::test {
namespace {

class default_handlers : public actor_test {
protected:
  actor_end end;

  /// Throws on start and on due, each in its own way; anything else is a stranger to it.
  caf::actor raise() {
    auto x = keep(sys.spawn([](caf::event_based_actor* self) {
      install_default_handlers(self);
      return caf::behavior{
        [](atom::start) { throw std::runtime_error("broken invariant"); },
        [](atom::due) { throw 42; },
        [](atom::fence) { return atom::done_v; },
      };
    }));
    end = actor_end{x};
    return x;
  }
};

TEST_F(default_handlers, an_exception_ends_the_actor_with_its_text_as_the_reason) {
  const auto x = raise();
  caf::anon_send(x, atom::start_v);
  settle();
  ASSERT_TRUE(end);
  EXPECT_EQ(sentence(*end), "broken invariant");
  EXPECT_EQ(*end, caf::sec::runtime_error);
}

TEST_F(default_handlers, something_thrown_that_is_no_exception_ends_it_as_well) {
  const auto x = raise();
  caf::anon_send(x, atom::due_v);
  settle();
  ASSERT_TRUE(end);
  EXPECT_EQ(sentence(*end), "an unknown exception");
}

TEST_F(default_handlers, messages_of_strangers_are_ignored) {
  const auto x = raise();
  caf::anon_send(x, std::string{"hello?"}, 42);
  caf::anon_send(x, atom::publish_v);
  settle();
  EXPECT_FALSE(end);
  EXPECT_EQ(ask<atom::done>(x, atom::fence_v), atom::done_v);
}

TEST_F(default_handlers, errors_that_come_back_for_one_way_messages_are_ignored) {
  const auto refusing = refusing_storage_writer(ec::refused, "no");
  const auto x = keep(sys.spawn([refusing](caf::event_based_actor* self) {
    install_default_handlers(self);
    return caf::behavior{[self, refusing](atom::fence) {
      self->send(refusing, storage::batch{});
      return atom::done_v;
    }};
  }));
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(ask<atom::done>(x, atom::fence_v), atom::done_v) << i;
}

} // namespace
} // namespace sluice::test
