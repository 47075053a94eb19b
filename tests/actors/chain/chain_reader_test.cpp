#include "actors/chain/chain_reader.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/chain_world.hpp"

namespace sluice::test {
namespace {

class chain_reader : public actor_test {
protected:
  std::vector<std::string> asked;
  chain_reader_actor reader = keep(spawn_chain_reader(sys, {our_validator, 75}, {backend()}));

  chain_backend_actor backend() {
    return mock<chain_backend_actor>(
      [this](atom::view, const hotkey& who) {
        asked.push_back("view of " + who.value);
        return chain_view{{100, {2}}, {}, {}, {{{1, 65535}}, 99}, 7};
      },
      [this](atom::advance, uint64_t block) -> caf::result<chain_head> {
        asked.push_back("advance to " + std::to_string(block));
        if (block > 1000)
          return caf::make_error(ec::storage_full, std::string{"disk full"});
        return chain_head{block, {block / 75}};
      },
      [](const weights_extrinsic&) { return std::string{}; },
      [](atom::included, const std::string&) { return inclusion{}; });
  }
};

TEST_F(chain_reader, sees_the_chain_as_our_validator) {
  const auto seen = ask<chain_view>(reader, atom::view_v);
  EXPECT_EQ(seen, (chain_view{{100, {2}}, {}, {}, {{{1, 65535}}, 99}, 7}));
  EXPECT_EQ(asked, std::vector<std::string>{"view of validator"});
}

TEST_F(chain_reader, a_step_is_so_many_blocks_from_block_one) {
  EXPECT_EQ(ask<chain_head>(reader, atom::step_v, uint64_t{0}).block, 1u);
  EXPECT_EQ(ask<chain_head>(reader, atom::step_v, uint64_t{1}).block, 76u);
  EXPECT_EQ(ask<chain_head>(reader, atom::step_v, uint64_t{4}), (chain_head{301, {4}}));
}

TEST_F(chain_reader, what_the_chain_refuses_is_passed_on) {
  const auto why = ask_error<chain_head>(reader, atom::step_v, uint64_t{100});
  EXPECT_EQ(why, caf::make_error(ec::storage_full));
  EXPECT_EQ(sentence(why), "disk full");
}

} // namespace
} // namespace sluice::test
