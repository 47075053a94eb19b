// Bytes of strangers: every malformed body is answered, and nothing grows.
#include "net/leads/routes.hpp"
#include "tests/support/leads_routes_world.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <malloc.h>
#include <random>

namespace sluice::test {
namespace {

using nlohmann::json;

/// Bytes that the program has allocated and not given back.
size_t allocated_bytes() {
  return mallinfo2().uordblks;
}

/// Bodies of calls that are right but for what is done to them.
class malformed_bodies {
public:
  malformed_bodies(const leads_world& world, uint64_t seed) : world_(world), chance_(seed) {}

  std::string next() {
    switch (chance_() % 6) {
    case 0:
      return bytes(1 + chance_() % 300);
    case 1:
      return cut(good());
    case 2:
      return changed(good());
    case 3:
      return nested();
    case 4:
      return wide();
    default:
      return wrong_types();
    }
  }

private:
  std::string good() {
    return world_.signed_body(who_, {{"leads", {{{"owner_email", "a@b.test"}}}}, {"limit", 5}});
  }

  std::string bytes(size_t count) {
    std::string out(count, '\0');
    for (auto& c : out)
      c = static_cast<char>(chance_());
    return out;
  }

  std::string cut(const std::string& x) { return x.substr(0, 1 + chance_() % (x.size() - 1)); }

  std::string changed(const std::string& from) {
    auto x = from;
    while (x == from)
      for (uint64_t n = 1 + chance_() % 5; n > 0; --n)
        x[chance_() % x.size()] = static_cast<char>(chance_());
    return x;
  }

  std::string nested() {
    const auto depth = 1 + chance_() % 5000;
    return "{\"leads\":" + std::string(depth, '[') + std::string(depth, ']') + '}';
  }

  /// Many members: what looks each of them up in all others would take for ever.
  std::string wide() {
    std::string out = "{";
    for (uint64_t i = 0, n = 1000 + chance_() % 3000; i < n; ++i)
      out += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":0";
    return out + '}';
  }

  std::string wrong_types() {
    const std::vector<json> values{
      7, -1, 1e300, true, nullptr, "x", json::array({json::array()}), json::object({{"a", 1}})};
    json payload;
    for (const auto* field : {"leads", "prospects", "limit", "num_leads", "business_desc",
                              "request_id", "lease", "weights"})
      payload[field] = values[chance_() % values.size()];
    return leads_world::signed_with(who_, payload, "no such text");
  }

  const leads_world& world_;
  std::mt19937_64 chance_;
  net::key_pair who_ = leads_world::key(1);
};

TEST(leads_routes_abuse, ten_thousand_malformed_bodies_are_refused_and_leave_nothing_behind) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  leads_world world{{"/curate", "/validator_weights"}};
  malformed_bodies bodies{world, seed};
  const auto& paths = leads_paths;
  std::optional<bare_socket> peer;
  size_t refused = 0, after_some = 0;
  for (size_t i = 0; i < 10'000; ++i) {
    if (i % 500 == 0)
      peer.emplace(world.port()); // a thousand requests on a connection are the most
    const auto body = bodies.next();
    peer->send("POST " + std::string{paths.at(i % paths.size())}
               + " HTTP/1.1\r\nHost: node\r\nContent-Length: " + std::to_string(body.size())
               + "\r\n\r\n" + body);
    const auto status = leads_world::response_of_text(peer->read_until("}\n")).status;
    ASSERT_TRUE(status == 400 || status == 401)
      << status << ' ' << paths.at(i % paths.size()) << body;
    ++refused;
    if (i == 2000)
      after_some = allocated_bytes();
  }
  EXPECT_EQ(refused, 10'000U);
  EXPECT_TRUE(world.backend->pool.empty());
  EXPECT_EQ(world.backend->queues.counts(lead_queue::requests, *world.now), queue_counts{});
  EXPECT_LT(allocated_bytes(), after_some + (size_t{2} << 20)) << "8,000 bodies more";
}

TEST(leads_routes_abuse, the_longest_body_is_answered_in_bounded_memory) {
  leads_world world;
  const auto bytes = leads_world::quick_terms().limits.body_bytes;
  std::vector<std::string> long_ones{std::string(bytes, '['), std::string(bytes, ' '),
                                     '"' + std::string(bytes - 2, 'x') + '"'};
  std::string list = "{\"leads\":[0";
  while (list.size() + 4 < bytes)
    list += ",0";
  long_ones.push_back(list + "]}");
  std::string objects = "{\"leads\":[{}";
  while (objects.size() + 5 < bytes)
    objects += ",{}";
  long_ones.push_back(objects + "]}");
  for (const auto& body : long_ones) {
    const auto got = world.post("/leads", body);
    EXPECT_EQ(got.status, 400U);
    EXPECT_LT(got.body.value("detail", "").size(), 400U);
  }
}

} // namespace
} // namespace sluice::test
