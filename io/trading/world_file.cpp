#include "io/trading/world_file.hpp"

#include "io/text/json_fields.hpp"
#include "io/text/lines.hpp"
#include "io/trading/rows.hpp"

#include <cmath>

namespace sluice::io {

namespace {

constexpr std::string_view correct_world = "correct this record of the world file";

/// A key as world records have it; which letters it has is not looked at.
std::string world_key(json_fields& fields, std::string_view name) {
  constexpr size_t bytes_max = 96;
  auto key = fields.text(name);
  if (!fields.failed() && (key.empty() || key.size() > bytes_max))
    fields.fail(name, "an address", io::quoted(key), correct_world);
  return key;
}

int64_t world_time(json_fields& fields, std::string_view name) {
  const auto text = fields.text(name);
  const auto time = parse_iso_time(text);
  if (!fields.failed() && !time)
    fields.fail(name, "an ISO time (2025-04-01T00:00:00Z)", io::quoted(text), correct_world);
  return time.value_or(0);
}

double world_number(json_fields& fields, const json& object, std::string_view name) {
  const auto found = object.find(name);
  if (found == object.end())
    return 0;
  const double x = found->is_number() ? found->get<double>() : NAN;
  if (!std::isfinite(x) || x < 0)
    fields.fail(name, "a number from 0", shown(*found), correct_world);
  return x;
}

class world_reading {
public:
  explicit world_reading(std::string path) : path_(std::move(path)) {}

  result<world_file> read() {
    auto lines = line_reader::open(path_, world_line_bytes_max);
    if (!lines)
      return lines.error();
    while (true) {
      const auto line = lines->next();
      if (!line)
        return line.error();
      if (!*line)
        return std::move(out_);
      const auto record = parse_object(*lines, **line);
      if (!record)
        return record.error();
      if (auto taken = take(*record, lines->number()); !taken)
        return taken.error();
    }
  }

private:
  result<nothing> take(const json& record, uint32_t line) {
    json_fields fields{record, path_, line};
    const auto kind = fields.text("kind");
    if (kind == "settings")
      take_settings(record, fields);
    else if (kind == "metagraph")
      return take_metagraph(fields, line);
    else if (kind == "registered")
      take_registered(fields);
    else if (kind == "tracking")
      set_tracking_start(out_.world, world_key(fields, "hotkey"), world_key(fields, "coldkey"),
                         world_time(fields, "tracking_start"));
    else if (!fields.failed())
      fields.fail("kind", "settings, metagraph, registered or tracking", io::quoted(kind),
                  correct_world);
    if (fields.failed())
      return fields.error();
    return nothing{};
  }

  void take_settings(const json& record, json_fields& fields) {
    if (record.contains("now"))
      out_.now_us = world_time(fields, "now");
    if (record.contains("taoapp_mapping")) {
      const auto word = fields.text("taoapp_mapping");
      if (word == "in_is_tao")
        out_.mapping = tao_mapping::in_is_tao;
      else if (word == "by_direction")
        out_.mapping = tao_mapping::by_direction;
      else
        fields.fail("taoapp_mapping", "in_is_tao or by_direction", io::quoted(word), correct_world);
    }
    if (!record.contains("blacklisted_hotkeys"))
      return;
    for (const auto& x : texts(fields, "blacklisted_hotkeys"))
      out_.world.blacklist.insert(x);
  }

  result<nothing> take_metagraph(json_fields& fields, uint32_t line) {
    metagraph_snapshot snapshot;
    snapshot.block = static_cast<uint64_t>(fields.number("block", 0, INT64_MAX));
    snapshot.time_us = world_time(fields, "time");
    const auto& neurons = fields.part("neurons", true);
    if (fields.failed())
      return fields.error();
    if (neurons.size() > world_neurons_max)
      fields.fail("neurons", "at most 65536 neurons", std::to_string(neurons.size()),
                  correct_world);
    if (++snapshots_ > world_snapshots_max)
      fields.fail("kind", "at most 100000 metagraphs", std::to_string(snapshots_), correct_world);
    for (size_t i = 0; !fields.failed() && i < neurons.size(); ++i) {
      const auto prefix = "neurons[" + std::to_string(i) + "].";
      if (!neurons[i].is_object()) {
        fields.fail(prefix, "an object", shown(neurons[i]), correct_world);
        break;
      }
      json_fields one{neurons[i], path_, line, prefix};
      trading_neuron x;
      x.uid = static_cast<uint16_t>(one.number("uid", 0, UINT16_MAX));
      x.hotkey = world_key(one, "hotkey");
      x.coldkey = world_key(one, "coldkey");
      x.dividends = world_number(one, neurons[i], "dividends");
      x.stake = world_number(one, neurons[i], "stake");
      if (one.failed())
        return one.error();
      snapshot.neurons.push_back(std::move(x));
    }
    if (fields.failed())
      return fields.error();
    if (auto seen = observe(out_.world, snapshot); !seen)
      return fault{ec::bad_input, path_ + ':' + std::to_string(line) + ": " + seen.error().what};
    return nothing{};
  }

  void take_registered(json_fields& fields) {
    const auto netuid = static_cast<uint16_t>(fields.number("netuid", 0, UINT16_MAX));
    const auto coldkeys = texts(fields, "coldkeys");
    registered_ += coldkeys.size();
    if (registered_ > world_registered_max)
      fields.fail("coldkeys", "at most a million registered coldkeys", std::to_string(registered_),
                  correct_world);
    if (!fields.failed())
      out_.world.registered[netuid].insert(coldkeys.begin(), coldkeys.end());
  }

  static std::vector<std::string> texts(json_fields& fields, std::string_view name) {
    std::vector<std::string> out;
    const auto& list = fields.part(name, true);
    if (fields.failed())
      return out;
    for (const auto& x : list) {
      if (!x.is_string()) {
        fields.fail(name, "a list of addresses", shown(x), correct_world);
        break;
      }
      out.push_back(x.get<std::string>());
    }
    return out;
  }

  std::string path_;
  world_file out_;
  size_t snapshots_ = 0;
  size_t registered_ = 0;
};

} // namespace

result<world_file> read_world_file(const std::string& path) {
  return world_reading{path}.read();
}

} // namespace sluice::io
