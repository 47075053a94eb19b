#include "net/keys/session_key.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sluice::net {
namespace {

TEST(session_key, both_sides_find_the_same_secret_and_nobody_else_does) {
  const auto a = session_half::fresh(), b = session_half::fresh(), c = session_half::fresh();
  const auto ab = a.agree(b.open(), "transcript"), ba = b.agree(a.open(), "transcript");
  ASSERT_TRUE(ab && ba);
  EXPECT_EQ(*ab, *ba);
  EXPECT_NE(*ab, *c.agree(b.open(), "transcript"));
  EXPECT_NE(*ab, *a.agree(b.open(), "another transcript"));
  EXPECT_FALSE(a.agree({}, "transcript")) << "a key of small order gives everybody the same secret";
}

TEST(session_key, a_proof_is_of_one_frame_in_one_direction) {
  const fleet_bytes secret = fresh_bytes();
  const auto key = direction_key(secret, frame_direction::to_node);
  EXPECT_NE(key, direction_key(secret, frame_direction::to_peer));
  const std::set<fleet_bytes> proofs{
    frame_proof(key, 1, 2, frame_kind::work, "bytes"),
    frame_proof(key, 2, 2, frame_kind::work, "bytes"),
    frame_proof(key, 1, 3, frame_kind::work, "bytes"),
    frame_proof(key, 1, 2, frame_kind::ready, "bytes"),
    frame_proof(key, 1, 2, frame_kind::work, "bytez"),
    frame_proof(direction_key(secret, frame_direction::to_peer), 1, 2, frame_kind::work, "bytes"),
  };
  EXPECT_EQ(proofs.size(), 6u);
  EXPECT_TRUE(same_proof(frame_proof(key, 1, 2, frame_kind::work, "bytes"),
                         frame_proof(key, 1, 2, frame_kind::work, "bytes")));
}

TEST(session_key, a_proof_is_hmac_sha256_as_rfc_4231_has_it) {
  // Computed with Python's hmac: key 0x0b * 32, message: 1 and 2 as 64 bits, little endian, 6, "Hi
  // There".
  fleet_bytes key;
  key.fill(0x0b);
  EXPECT_EQ(frame_proof(key, 1, 2, frame_kind::work, "Hi There"),
            (fleet_bytes{0x00, 0x98, 0x31, 0x7c, 0x84, 0x9c, 0x98, 0xee, 0x74, 0x6c, 0xa0,
                         0x24, 0x12, 0x48, 0xee, 0xe4, 0xcc, 0xa5, 0xb8, 0x65, 0x6a, 0x4e,
                         0x90, 0xab, 0xf9, 0xe8, 0xac, 0xb7, 0x8a, 0x3e, 0xf5, 0x81}));
}

TEST(session_key, chance_is_not_repeated) {
  EXPECT_NE(fresh_bytes(), fresh_bytes());
  EXPECT_NE(fresh_number(), fresh_number());
}

} // namespace
} // namespace sluice::net
