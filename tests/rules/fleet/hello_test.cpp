#include "rules/fleet/hello.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <vector>

namespace sluice {
namespace {

hello_message good_worker() {
  return {fleet_role::worker, "w1", "DER", "", "engine-1", 2, {}};
}

const hello_terms secure{false, "engine-1"};
const hello_terms insecure{true, "engine-1"};

TEST(hello, what_is_right_goes_on) {
  EXPECT_EQ(hello_fault(good_worker(), secure), "");
  auto plain = good_worker();
  plain.certificate.clear();
  EXPECT_EQ(hello_fault(plain, insecure), "");
  auto another = good_worker(); // node, of the same operator
  another.role = fleet_role::node;
  EXPECT_EQ(hello_fault(another, secure), "");
  EXPECT_EQ(version_fault(fleet_version, fleet_version), "");
  EXPECT_EQ(identity_fault(good_worker(), fleet_role::worker, "w1"), "");
}

TEST(hello, every_refusal_states_what_was_expected_and_what_to_do) {
  struct wrong {
    std::function<void(hello_message&)> change;
    hello_terms terms;
    std::string text;
  };
  const std::vector<wrong> all{
    {[](auto& x) { x.name = "a b"; }, secure, "name: expected"},
    {[](auto& x) { x.name.clear(); }, secure, "name: expected"},
    {[](auto& x) { x.name.assign(65, 'a'); }, secure, "name: expected"},
    {[](auto& x) { x.engine = "engine-2"; }, secure, "run the same release"},
    {[](auto& x) { x.cores = 0; }, secure, "cores: expected"},
    {[](auto& x) { x.cores = 100'000; }, secure, "cores: expected"},
    {[](auto& x) { x.role = fleet_role::miner; }, secure, "hotkey: expected"},
    {[](auto& x) { x.certificate.clear(); }, secure, "use --ca"},
    {[](auto&) {}, insecure, "use --insecure"},
    {[](auto& x) {
       x.role = fleet_role::operating;
       x.certificate.clear();
     },
     insecure, "role operator: refused without certificates"},
  };
  for (const auto& [change, terms, text] : all) {
    auto hello = good_worker();
    change(hello);
    EXPECT_NE(hello_fault(hello, terms).find(text), std::string::npos)
      << text << " | " << hello_fault(hello, terms);
  }
  EXPECT_NE(version_fault(99, 1).find("protocol version 99: expected 1"), std::string::npos);
}

TEST(hello, a_certificate_gives_its_own_role_and_name_only) {
  EXPECT_NE(identity_fault(good_worker(), fleet_role::operating, "w1").find("is of a operator"),
            std::string::npos);
  EXPECT_NE(identity_fault(good_worker(), fleet_role::worker, "w2"), "");
  auto hello = good_worker();
  hello.role = fleet_role::operating;
  EXPECT_NE(identity_fault(hello, fleet_role::worker, "w1").find("is of a worker"),
            std::string::npos);
}

TEST(hello, no_two_messages_are_signed_as_one_text) {
  const std::set<std::string> all{node_statement("ab", "c"), node_statement("a", "bc"),
                                  node_statement("", "abc"), peer_statement("ab", "c"),
                                  peer_statement("ab\n1\nc", "")};
  EXPECT_EQ(all.size(), 5u);
}

} // namespace
} // namespace sluice
