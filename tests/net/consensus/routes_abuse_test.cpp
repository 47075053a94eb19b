// Bytes of strangers: every malformed body is answered, and nothing grows.
#include "tests/support/consensus_routes_world.hpp"

#include <gtest/gtest.h>

#include <malloc.h>
#include <random>

namespace sluice::test {
namespace {

using nlohmann::json;

/// Bytes that the program has allocated and not given back.
size_t consensus_allocated_bytes() {
  return mallinfo2().uordblks;
}

/// Requests that are right but for what is done to them.
class malformed_calls {
public:
  explicit malformed_calls(uint64_t seed) : chance_(seed) {}

  struct call {
    std::string path;
    std::string type;
    std::string body;
  };

  call next() {
    static const std::vector<std::string> paths{"/api/v1/validators/miner-status",
                                                "/miners/performance",
                                                "/tasks",
                                                "/tasks/x/cancel",
                                                "/tasks/x/approve",
                                                "/tasks/fetch",
                                                "/task/x/responses",
                                                "/miners/register"};
    const auto& path = paths[chance_() % paths.size()];
    const bool form = chance_() % 3 == 0;
    return {path, form ? "application/x-www-form-urlencoded" : "application/json",
            damaged(form ? good_form() : good_json())};
  }

private:
  std::string damaged(const std::string& good) {
    switch (chance_() % 5) {
    case 0: {
      std::string out(1 + chance_() % 300, '\0');
      for (auto& c : out)
        c = static_cast<char>(chance_());
      return out;
    }
    case 1:
      return good.substr(0, 1 + chance_() % (good.size() - 1));
    case 2: {
      auto x = good;
      for (uint64_t n = 1 + chance_() % 5; n > 0; --n)
        x[chance_() % x.size()] = static_cast<char>(chance_());
      return x;
    }
    case 3: {
      const auto depth = 1 + chance_() % 5000;
      return "{\"miner_statuses\":" + std::string(depth, '[') + std::string(depth, ']') + '}';
    }
    default: {
      std::string out = "{";
      for (uint64_t i = 0, n = 20 + chance_() % 3000; i < n; ++i)
        out += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":0";
      return out + '}';
    }
    }
  }

  std::string good_json() {
    const std::vector<json> values{7,       -1,  1e300,         true,
                                   nullptr, "x", json::array(), json::object({{"a", 1}})};
    json x{{"validator_uid", 1}, {"epoch", 2}, {"miner_statuses", {consensus_world::item(3)}}};
    for (const auto* field : {"task_type", "payload", "priority", "ratings", "reason", "result",
                              "limit", "miner_uid", "epoch", "hotkey"})
      if (chance_() % 2 == 0)
        x[field] = values[chance_() % values.size()];
    return x.dump();
  }

  std::string good_form() {
    return "validator_uid=1&epoch=" + std::to_string(chance_() % 5)
           + "&miner_statuses=%5B%7B%22uid%22%3A1%7D%5D";
  }

  std::mt19937_64 chance_;
};

TEST(consensus_routes_abuse, ten_thousand_malformed_bodies_are_answered_and_leave_nothing_behind) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  consensus_world world{false}; // nothing of them is proved
  world.pages->open({});
  malformed_calls calls{seed};
  std::optional<bare_socket> peer;
  size_t after_some = 0;
  for (size_t i = 0; i < 10'000; ++i) {
    if (i % 500 == 0)
      peer.emplace(world.port()); // a thousand requests on a connection are the most
    const auto x = calls.next();
    peer->send("POST " + x.path + " HTTP/1.1\r\nHost: node\r\nContent-Type: " + x.type
               + "\r\nContent-Length: " + std::to_string(x.body.size()) + "\r\n\r\n" + x.body);
    const auto got = consensus_world::response_of_text(peer->read_until("}\n"));
    // A task may be good by chance; nobody here is a validator or a worker.
    const bool task = x.path == "/tasks" && got.status == 200;
    ASSERT_TRUE(task || (got.status >= 400 && got.status < 500)) << got.status << x.path << x.body;
    if (!task) {
      ASSERT_TRUE(got.body.is_object() && got.body.contains("detail")
                  && got.body.contains("error_type"))
        << got.body;
    }
    if (i == 2000)
      after_some = consensus_allocated_bytes();
  }
  EXPECT_EQ(world.backend->book.reports(), 0U);
  EXPECT_LT(consensus_allocated_bytes(), after_some + (size_t{2} << 20)) << "8,000 bodies more";
}

TEST(consensus_routes_abuse, the_longest_body_is_answered_in_bounded_memory) {
  consensus_world world;
  const auto bytes = consensus_world::quick_terms().limits.body_bytes;
  for (const auto& body : {std::string(bytes, '['), std::string(bytes, ' '),
                           "{\"x\":\"" + std::string(bytes - 8, 'x') + "\"}",
                           "{\"epoch\":" + std::string(bytes - 10, '1') + "}"}) {
    for (const auto* path : {"/api/v1/validators/miner-status", "/tasks"}) {
      const auto got = world.call("POST", path, body, "Content-Type: application/json\r\n");
      EXPECT_GE(got.status, 400U);
      EXPECT_LT(got.status, 500U);
      EXPECT_LT(got.body.dump().size(), 800U);
    }
  }
}

} // namespace
} // namespace sluice::test
