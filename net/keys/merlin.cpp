#include "net/keys/merlin.hpp"

#include <bit>
#include <cstring>
#include <sodium.h>

namespace sluice::net {

namespace {

static_assert(std::endian::native == std::endian::little, "lanes are read as they lie in memory");

constexpr size_t strobe_rate = 166; // bytes: 200, less 2 * 16 of security, less 2 of its own
constexpr uint8_t strobe_inbound = 1;
constexpr uint8_t strobe_data = 2;
constexpr uint8_t strobe_cipher = 4;
constexpr uint8_t strobe_meta = 16;

constexpr std::array<uint64_t, 24> keccak_constants{
  0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
  0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
  0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
  0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
  0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
  0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
/// The lanes in the order in which rho and pi move them, and by how many bits.
constexpr std::array<uint8_t, 24> keccak_lanes{10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                               15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};
constexpr std::array<uint8_t, 24> keccak_turns{1,  3,  6,  10, 15, 21, 28, 36, 45, 55, 2,  14,
                                               27, 41, 56, 8,  25, 43, 62, 18, 39, 61, 20, 44};

std::array<uint8_t, 4> merlin_length(size_t n) {
  return {static_cast<uint8_t>(n), static_cast<uint8_t>(n >> 8), static_cast<uint8_t>(n >> 16),
          static_cast<uint8_t>(n >> 24)};
}

std::string_view merlin_text(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace

void keccak_f1600(std::array<uint64_t, 25>& lanes) {
  std::array<uint64_t, 5> column{};
  for (const auto constant : keccak_constants) {
    for (size_t x = 0; x < 5; ++x)
      column[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20];
    for (size_t x = 0; x < 5; ++x) {
      const auto mixed = column[(x + 4) % 5] ^ std::rotl(column[(x + 1) % 5], 1);
      for (size_t y = 0; y < 25; y += 5)
        lanes[x + y] ^= mixed;
    }
    auto moved = lanes[1];
    for (size_t i = 0; i < keccak_lanes.size(); ++i) {
      const auto to = keccak_lanes[i];
      const auto was = lanes[to];
      lanes[to] = std::rotl(moved, keccak_turns[i]);
      moved = was;
    }
    for (size_t y = 0; y < 25; y += 5) {
      for (size_t x = 0; x < 5; ++x)
        column[x] = lanes[x + y];
      for (size_t x = 0; x < 5; ++x)
        lanes[x + y] = column[x] ^ (~column[(x + 1) % 5] & column[(x + 2) % 5]);
    }
    lanes[0] ^= constant;
  }
}

strobe_128::strobe_128(std::string_view protocol) {
  constexpr std::array<uint8_t, 6> head{1, strobe_rate + 2, 1, 0, 1, 96};
  constexpr std::string_view version = "STROBEv1.0.2";
  std::memcpy(state_.data(), head.data(), head.size());
  std::memcpy(state_.data() + head.size(), version.data(), version.size());
  step();
  meta_ad(protocol, false);
}

strobe_128::~strobe_128() {
  ::sodium_memzero(state_.data(), state_.size());
}

void strobe_128::step() {
  std::array<uint64_t, 25> lanes{};
  std::memcpy(lanes.data(), state_.data(), state_.size());
  keccak_f1600(lanes);
  std::memcpy(state_.data(), lanes.data(), state_.size());
  ::sodium_memzero(lanes.data(), sizeof lanes);
}

void strobe_128::run() {
  state_[at_] ^= static_cast<uint8_t>(begun_);
  state_[at_ + 1] ^= 0x04;
  state_[strobe_rate + 1] ^= 0x80;
  step();
  at_ = 0;
  begun_ = 0;
}

void strobe_128::absorb(uint8_t byte) {
  state_[at_] ^= byte;
  if (++at_ == strobe_rate)
    run();
}

void strobe_128::begin(uint8_t flags, bool more) {
  if (more)
    return;
  const auto before = static_cast<uint8_t>(begun_);
  begun_ = at_ + 1;
  absorb(before);
  absorb(flags);
  if ((flags & strobe_cipher) != 0 && at_ != 0)
    run();
}

void strobe_128::meta_ad(std::string_view data, bool more) {
  begin(strobe_meta | strobe_data, more);
  for (const char c : data)
    absorb(static_cast<uint8_t>(c));
}

void strobe_128::ad(std::string_view data) {
  begin(strobe_data, false);
  for (const char c : data)
    absorb(static_cast<uint8_t>(c));
}

void strobe_128::prf(std::span<uint8_t> out) {
  begin(strobe_inbound | strobe_data | strobe_cipher, false);
  for (auto& byte : out) {
    byte = state_[at_];
    state_[at_] = 0;
    if (++at_ == strobe_rate)
      run();
  }
}

void strobe_128::key(std::span<const uint8_t> secret) {
  begin(strobe_data | strobe_cipher, false);
  for (const auto byte : secret) {
    state_[at_] = byte;
    if (++at_ == strobe_rate)
      run();
  }
}

merlin_transcript::merlin_transcript(std::string_view label) : strobe_("Merlin v1.0") {
  append("dom-sep", label);
}

void merlin_transcript::append(std::string_view label, std::string_view message) {
  strobe_.meta_ad(label, false);
  strobe_.meta_ad(merlin_text(merlin_length(message.size())), true);
  strobe_.ad(message);
}

void merlin_transcript::append(std::string_view label, std::span<const uint8_t> message) {
  append(label, merlin_text(message));
}

void merlin_transcript::challenge(std::string_view label, std::span<uint8_t> out) {
  strobe_.meta_ad(label, false);
  strobe_.meta_ad(merlin_text(merlin_length(out.size())), true);
  strobe_.prf(out);
}

void merlin_transcript::witness(std::string_view label, std::span<const uint8_t> secret,
                                std::span<const uint8_t> fresh, std::span<uint8_t> out) const {
  auto branch = strobe_;
  branch.meta_ad(label, false);
  branch.meta_ad(merlin_text(merlin_length(secret.size())), true);
  branch.key(secret);
  branch.meta_ad("rng", false);
  branch.key(fresh);
  branch.meta_ad(merlin_text(merlin_length(out.size())), false);
  branch.prf(out);
}

} // namespace sluice::net
