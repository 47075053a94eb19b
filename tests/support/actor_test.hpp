/// A fixture that owns time: no actor runs until the test lets it, nothing is waited for.
#pragma once

#include "actors/mechanism_module.hpp"
#include "messages/storage_writer.hpp"
#include "storage/data_dir.hpp"
#include "tests/support/layout.hpp"
#include "tests/support/scratch_folder.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/detail/test_actor_clock.hpp>
#include <caf/expected.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::test {

struct test_config : caf::actor_system_config {
  test_config() {
    set("scheduler.policy", caf::atom("testing"));
    set("logger.verbosity", caf::atom("quiet"));
    add_messages(*this, all_mechanisms());
  }
};

/// A question whose answer may take its time: settle() or advance(), then look.
template <class Answer>
class question {
public:
  template <class Handle, class... Ts>
  question(caf::actor_system& sys, const Handle& whom, Ts&&... xs)
    : self_(std::make_unique<caf::scoped_actor>(sys, true)) {
    auto reply = std::make_shared<decltype((*self_)->request(whom, caf::infinite, xs...))>(
      (*self_)->request(whom, caf::infinite, std::forward<Ts>(xs)...));
    receive_ = [this, reply] {
      reply->receive([this](Answer x) { result_ = std::move(x); },
                     [this](caf::error& why) { result_ = std::move(why); });
    };
  }
  question(const question&) = delete;
  question& operator=(const question&) = delete;

  /// Has the answer, or an error, come?
  bool answered() {
    if (receive_ && (*self_)->has_next_message())
      std::exchange(receive_, nullptr)();
    return !receive_;
  }

  /// What came; sec::request_timeout when nothing has.
  const caf::expected<Answer>& look() {
    answered();
    return result_;
  }

private:
  std::unique_ptr<caf::scoped_actor> self_;
  std::function<void()> receive_;
  caf::expected<Answer> result_{caf::make_error(caf::sec::request_timeout, "no answer yet")};
};

/// A promise in the hands of the test, which keeps it while its actor is not running.
template <class T>
class held_promise {
public:
  held_promise() = default;
  explicit held_promise(caf::local_actor* self)
    : self_(self), promise_(self->make_response_promise<T>()) {}

  const caf::typed_response_promise<T>& promise() const { return promise_; }

  /// `x` is a T or an error. The actor's last context is gone by now: it lay on a stack.
  template <class X>
  void deliver(X x) {
    self_->context(nullptr);
    promise_.deliver(std::move(x));
  }

private:
  caf::local_actor* self_ = nullptr; // kept alive by the promise
  caf::typed_response_promise<T> promise_;
};

/// Roots (what spawn_… returned) go through keep(): they are killed at the end, the last one first.
class actor_test : public ::testing::Test {
protected:
  actor_test() { sched.clock().current_time += std::chrono::hours(1); }

  ~actor_test() override {
    for (auto x = roots_.rbegin(); x != roots_.rend(); ++x)
      caf::anon_send_exit(*x, caf::exit_reason::kill);
    roots_.clear();
    settle();
    sched.clock().cancel_all(); // test_coordinator::stop() would follow a ticker for ever
    settle();
    if (const auto left = sys.registry().running(); left != 0) {
      ADD_FAILURE() << left << " actors are still alive: keep() every root, quit with its children";
      (void)system_.release(); // its destructor would wait for them for ever
    }
  }

  /// Remembers an actor that has to go at the end of the test.
  template <class Handle>
  Handle keep(Handle x) {
    roots_.push_back(caf::actor_cast<caf::strong_actor_ptr>(x));
    return x;
  }

  /// An actor of this interface that answers with these lambdas, one per row of it.
  template <class Handle, class... Fs>
  Handle mock(Fs... rows) {
    return keep<Handle>(
      sys.spawn([rows...](typename Handle::pointer self) -> typename Handle::behavior_type {
        self->set_error_handler([](caf::error&) {});
        return {rows...};
      }));
  }

  /// A storage writer that writes nothing and answers why.
  storage_writer_actor refusing_storage_writer(ec code, std::string why) {
    const auto no = caf::make_error(code, std::move(why));
    return mock<storage_writer_actor>(
      [no](const storage::batch&) -> caf::result<atom::done> { return no; },
      [no](const incarnation_batch&) -> caf::result<atom::done> { return no; },
      [](atom::fence, const std::string&) -> uint64_t { return 1; }, [](atom::flush) {});
  }

  /// Ends an actor as a crash would.
  template <class Handle>
  void kill(const Handle& x) {
    caf::anon_send_exit(x, caf::exit_reason::kill);
    settle();
  }

  /// Delivers messages until every mailbox is empty. Time stands still.
  void settle() {
    for (size_t i = 0; sched.try_run_once(); ++i)
      if (i == messages_max) {
        ADD_FAILURE() << "a storm: actors keep sending without time passing";
        return;
      }
  }

  /// Moves the clock, timer by timer in the order they are due, and delivers what that brings.
  /// `by`: from 0; of the test's clock.
  template <class Rep, class Period>
  void advance(std::chrono::duration<Rep, Period> by) {
    auto& clock = sched.clock();
    const auto until = clock.now() + by;
    for (settle(); !clock.schedule().empty() && clock.schedule().begin()->first <= until; settle())
      if (!clock.trigger_timeout())
        break;
    clock.current_time = std::max(clock.current_time, until);
  }

  /// Asks, lets everything run, and answers what came; a test failure when that is an error.
  template <class Answer, class Handle, class... Ts>
  Answer ask(const Handle& whom, Ts&&... xs) {
    question<Answer> asked{sys, whom, std::forward<Ts>(xs)...};
    settle();
    const auto& came = asked.look();
    if (came)
      return *came;
    ADD_FAILURE() << sys.render(came.error());
    return Answer{};
  }

  /// Asks what cannot be answered; a test failure when there is an answer or nothing at all comes.
  template <class Answer, class Handle, class... Ts>
  caf::error ask_error(const Handle& whom, Ts&&... xs) {
    question<Answer> asked{sys, whom, std::forward<Ts>(xs)...};
    settle();
    EXPECT_TRUE(asked.answered()) << "no answer yet";
    if (!asked.look())
      return asked.look().error();
    ADD_FAILURE() << "there was an answer";
    return {};
  }

  /// The data folder of this test, made at the first call; drop the last one before opening it
  /// again. Its maps begin with 2^28 bytes. A fault of the disk is a std::runtime_error.
  std::shared_ptr<storage::data_dir> open_disk(std::string_view name = "data") {
    storage::data_dir_options options;
    options.map_bytes = size_t{1} << 28;
    options.layout = &layout();
    auto opened = storage::data_dir::open(folder.path() / name, {"0.1.0", 1, ""},
                                          storage::open_mode::create_or_continue, options);
    if (!opened)
      throw std::runtime_error(opened.error().what);
    return std::make_shared<storage::data_dir>(*std::move(opened));
  }

  /// Deliveries of one settle(), a count; more are a test failure.
  static constexpr size_t messages_max = 10'000'000;

  scratch_folder folder; // outlives everything in it
  test_config config_;

private:
  std::unique_ptr<caf::actor_system> system_ = std::make_unique<caf::actor_system>(config_);
  std::vector<caf::strong_actor_ptr> roots_;

protected:
  caf::actor_system& sys = *system_;
  caf::scheduler::test_coordinator& sched
    = dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());
};

} // namespace sluice::test
