#include "actors/leads/ranker.hpp"
#include "tests/support/leads_world.hpp"

namespace sluice::test {
namespace {

class lead_ranker : public leads_test {
protected:
  lead_ranker_actor make(std::vector<std::string> command) {
    return keep(spawn_lead_ranker(sys, {std::move(command), {10'000, 1000}, false}));
  }
  ranking wanted{{some_lead("a"), some_lead("b"), some_lead("c")}, 2, "bakeries"};
};

TEST_F(lead_ranker, answers_in_the_order_of_the_program) {
  const auto best = ask<std::vector<lead>>(make({"/bin/sh", "-c", "echo [2,0,1]"}), wanted);
  EXPECT_EQ(best, (std::vector{some_lead("c"), some_lead("a")}));
}

TEST_F(lead_ranker, states_what_was_wrong_with_the_program) {
  EXPECT_EQ(sentence(ask_error<std::vector<lead>>(make({"/bin/sh", "-c", "exit 3"}), wanted)),
            "/bin/sh: exit code 3");
  EXPECT_NE(sentence(ask_error<std::vector<lead>>(make({"echo", "[7]"}), wanted))
              .find("expected a JSON list of places from 0"),
            std::string::npos);
}

} // namespace
} // namespace sluice::test
