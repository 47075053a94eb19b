#include "tests/support/bare_socket.hpp"
#include "tests/support/openapi_check.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice::test;
using nlohmann::json;

TEST(openapi_program, a_node_states_every_route_of_its_mechanisms_and_answers_it) {
  scratch_folder folder;
  running_program node{{"node", "--dev", "--data", folder.at("state"), "--output", "json",
                        "--log-level", "info", "--api", "127.0.0.1:0"}};
  const auto line = node.wait_for("api at http://127.0.0.1:");
  const auto port = static_cast<uint16_t>(std::stoi(line.substr(line.find("127.0.0.1:") + 10)));
  const auto ask = [port](const std::string& method, const std::string& path) {
    const bare_socket peer{port};
    peer.send(method + ' ' + path + " HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n");
    return peer.read_until();
  };
  const auto got = ask("GET", "/openapi.json");
  ASSERT_TRUE(got.starts_with("HTTP/1.1 200 ")) << got.substr(0, 500);
  const auto document = json::parse(got.substr(got.find("\r\n\r\n") + 4), nullptr, false);
  EXPECT_EQ(openapi_check{document}.troubles(), std::vector<std::string>{});
  size_t routes = 0;
  for (const auto& [path, item] : document["paths"].items())
    for (const auto& [method, operation] : item.items()) {
      ++routes;
      const bool upgrades = operation["responses"].contains("101"); // HEAD cannot
      const auto answer = ask(upgrades           ? "GET"
                              : method == "get"  ? "HEAD"
                              : method == "post" ? "POST"
                                                 : "DELETE",
                              path); // {name} is a value as any other
      const auto status = answer.substr(9, 3);
      EXPECT_NE(status, "405") << method << ' ' << path;
      EXPECT_TRUE(operation["responses"].contains(status) || status == "404" || status == "426")
        << method << ' ' << path << ": " << answer.substr(0, 300);
    }
  EXPECT_GT(routes, 17U);
  EXPECT_TRUE(ask("GET", "/no-such-path").starts_with("HTTP/1.1 404 "));
  EXPECT_EQ(node.stop(), 0) << node.output();
}

} // namespace
