#include "actors/admin/actor_json.hpp"

#include "rules/json_text.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <ctime>

namespace sluice {

namespace {

using json = nlohmann::ordered_json;

constexpr uint64_t traced_by_default = 100;

json parsed(const std::string& text) {
  auto x = json::parse(text, nullptr, false);
  return x.is_discarded() ? json(text) : x;
}

std::string time_text(std::chrono::system_clock::time_point at) {
  const auto seconds = std::chrono::system_clock::to_time_t(at);
  const auto ms
    = std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count() % 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[40];
  const auto n = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  auto fraction = std::to_string(1000 + ms).substr(1);
  return std::string{text, n} + '.' + fraction + 'Z';
}

std::string dump(const json& x) {
  return x.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace

std::string top_json(std::vector<actor_row> rows, std::string_view order) {
  sort_rows(rows, order.empty() ? "rate" : order);
  return json_of(rows);
}

std::string mailboxes_json(std::vector<actor_row> rows) {
  std::erase_if(rows, [](const actor_row& x) { return x.mailbox == 0; });
  sort_rows(rows, "mailbox");
  return json_of(rows);
}

std::string
actor_json(const std::shared_ptr<actor_slot>& root, const std::shared_ptr<actor_slot>& place,
           const std::string& path, const std::string& view, rate_memory& rates) {
  json all{{"path", path}};
  for (const auto& row : rows_of(place, rates)) {
    all.update(parsed(json_of(row)));
    break; // the place itself
  }
  all["path"] = path;
  all.erase("depth");
  auto own = parsed(view);
  all["config"] = nullptr;
  if (own.is_object() && own.contains("config")) {
    all["config"] = own["config"];
    own.erase("config");
  }
  all["view"] = std::move(own);
  all["trace"] = json::array();
  if (const auto stats = place->look().stats)
    for (const auto& x : stats->traced())
      all["trace"].push_back(
        {{"time", time_text(x.time)},
         {"from", path_of_actor(root, x.from)},
         {"text", x.text},
         {"took_us", std::chrono::duration<double, std::micro>(x.took).count()},
         {"handled", x.handled}});
  return dump(all);
}

std::string peers_json(const std::string& gateway, const std::string& fleet) {
  json all = json::array();
  for (const auto& [entrance, text] : {std::pair{"miner_gateway", &gateway}, {"fleet", &fleet}}) {
    const auto view = parsed(*text);
    const auto* list = std::string_view{entrance} == "miner_gateway" ? "sessions" : "peers";
    if (!view.is_object() || !view.contains(list) || !view[list].is_array())
      continue;
    for (const auto& peer : view[list]) {
      json row{{"entrance", entrance}};
      row.update(peer);
      all.push_back(std::move(row));
    }
  }
  return dump(all);
}

uint64_t trace_length(std::string_view argument) {
  if (argument == "on")
    return traced_by_default;
  uint64_t count = 0;
  std::from_chars(argument.data(), argument.data() + argument.size(), count);
  return count;
}

std::pair<std::string, std::string> split_level(std::string_view argument) {
  const auto equals = argument.find('=');
  if (equals == std::string_view::npos)
    return {std::string{argument}, ""};
  return {std::string{argument.substr(0, equals)}, std::string{argument.substr(equals + 1)}};
}

std::filesystem::path snapshot_place(const std::filesystem::path& data, uint64_t unix_ms) {
  auto name = time_text(std::chrono::system_clock::time_point{std::chrono::milliseconds{unix_ms}});
  std::erase(name, ':');
  return std::filesystem::absolute(data) / "snapshots" / name;
}

} // namespace sluice
