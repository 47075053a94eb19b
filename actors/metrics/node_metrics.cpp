#include "actors/metrics/node_metrics.hpp"

#include "actors/metrics/metric_list.hpp"
#include "actors/observed/actor_stats.hpp"
#include "io/process_figures.hpp"
#include "storage/tables.hpp"
#include "tools/queued_output.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

namespace sluice {

namespace {

namespace tables = storage::tables;
using net::metric;
using net::metric_kind;
using net::metric_point;

constexpr size_t reasons_max = 20; // more become "other"
constexpr size_t reason_bytes_max = 80;

double seconds(uint64_t ticks) {
  return std::chrono::duration<double>(ticks_last(ticks)).count();
}

/// Ticks to the next of these bounds above, so that a share is never shown too small.
metric_point message_times(const actor_counts& counts) {
  metric_point point;
  uint64_t below = 0;
  size_t i = 0;
  for (double bound = 1e-6; bound < 20; bound *= 4) {
    for (; i < counts.times.size() && seconds(uint64_t{1} << i) <= bound; ++i)
      below += counts.times[i];
    point.at_most.emplace_back(bound, below);
  }
  for (; i < counts.times.size(); ++i)
    below += counts.times[i];
  point.count = below;
  point.value = seconds(counts.busy_ticks);
  return point;
}

metric_point durations(const actor_times& x) {
  metric_point point;
  uint64_t below = 0;
  for (size_t i = 0; i < x.below.size(); ++i) {
    below += x.below[i];
    if (i + 1 < x.below.size()) // the last holds all that is longer
      point.at_most.emplace_back(static_cast<double>(uint64_t{1} << i) / 1000, below);
  }
  point.count = x.count;
  point.value = x.seconds;
  return point;
}

uint64_t messages_waiting_under(const actor_slot& place) {
  const auto seen = place.look();
  if (!seen.stats || seen.state != slot_state::running)
    return 0;
  auto all = seen.stats->mailbox();
  for (const auto& x : seen.stats->slots())
    all += messages_waiting_under(*x);
  return all;
}

void add_place(metric_list& out, const std::string& path, const slot_view& seen,
               const actor_counts& counts, uint64_t messages_waiting) {
  const std::vector<std::pair<std::string, std::string>> who{{"actor", path}};
  out.gauge("sluice_actor_up", "1 when the actor runs", seen.state == slot_state::running, who);
  out.counter("sluice_actor_messages_total", "Messages handled",
              static_cast<double>(counts.handled), who);
  out.gauge("sluice_actor_mailbox_messages", "Messages that wait",
            static_cast<double>(messages_waiting), who);
  out.counter("sluice_actor_restarts_total", "Restarts by its owner", seen.restarts, who);
  out.counter("sluice_actor_slow_messages_total", "Messages, or batches of them, of 8 ms or more",
              static_cast<double>(counts.slow), who);
  out.counter("sluice_actor_dead_letters_total", "Messages that came after the actor had ended",
              static_cast<double>(counts.dead_letters), who);
  out.counter("sluice_actor_unhandled_messages_total", "Messages that the actor does not know",
              static_cast<double>(counts.unhandled), who);
  auto times = message_times(counts);
  times.labels = who;
  out
    .of("sluice_actor_message_seconds", metric_kind::histogram,
        "Time in handlers; of short messages one batch in 16 is measured")
    .points.push_back(std::move(times));
}

/// What an actor reports of its own work: sluice_<its name>_<what>.
void add_figures(metric_list& out, const std::string& who, const std::string& help,
                 const actor_figures& x,
                 const std::vector<std::pair<std::string, std::string>>& labels) {
  const auto prefix = "sluice_" + who + '_';
  for (const auto& [name, n] : x.counts)
    out.counter(prefix + name + "_total", help, static_cast<double>(n), labels);
  for (const auto& [name, n] : x.levels)
    out.gauge(prefix + name, help, n, labels);
  for (const auto& [name, times] : x.times) {
    auto point = durations(times);
    point.labels = labels;
    out.of(prefix + name + "_seconds", metric_kind::histogram, help)
      .points.push_back(std::move(point));
  }
}

/// The same place counted together with everything under it.
void add_whole(metric_list& out, const std::string& path,
               const std::shared_ptr<actor_slot>& place) {
  add_place(out, path, place->look(), everything_under(*place), messages_waiting_under(*place));
}

/// A mechanism's parts one by one, by their label.
void add_parts(metric_list& out, const std::string& path, const actor_stats& mechanism,
               const std::string& label) {
  for (const auto& part : mechanism.slots()) {
    const auto at = part->look();
    add_whole(out, path + '/' + at.name, part);
    if (at.stats)
      add_figures(out, label, "As reported by the " + label, at.stats->figures(),
                  {{label, at.name}});
  }
}

void add_actors(metric_list& out, const std::shared_ptr<actor_slot>& root,
                mechanism_list mechanisms) {
  const auto node = root->look();
  add_place(out, node.name, node, root->counts(), node.stats ? node.stats->mailbox() : 0);
  if (!node.stats)
    return;
  for (const auto& place : node.stats->slots()) {
    const auto seen = place->look();
    const auto path = node.name + '/' + seen.name;
    if (seen.stats)
      add_figures(out, seen.name, "As reported by " + path, seen.stats->figures(), {});
    const auto* module = find_mechanism(mechanisms, seen.name);
    if (!module || module->part_label().empty() || !seen.stats) {
      add_whole(out, path, place);
      continue;
    }
    add_place(out, path, seen, place->counts(), seen.stats->mailbox());
    add_parts(out, path, *seen.stats, std::string{module->part_label()});
  }
}

std::string reason_of(const publish_record& x) {
  return x.reason.empty() ? "unknown" : x.reason.substr(0, reason_bytes_max);
}

void add_weights(metric_list& out, const storage::data_dir& disk,
                 const std::optional<chain_head>& chain) {
  std::optional<uint64_t> epoch, last;
  if (chain) {
    out.gauge("sluice_chain_block", "Where the chain stands", static_cast<double>(chain->block));
    epoch = chain->epoch.value;
    out.gauge("sluice_chain_epoch", "The epoch it is in", static_cast<double>(*epoch));
  }
  uint64_t good = 0, skipped = 0;
  std::map<std::string, uint64_t> failed;
  (void)tables::published.for_each(disk, [&](epoch_no at, const publish_record& x) {
    if (x.status == publish_status::confirmed) {
      ++good;
      last = at.value;
    } else if (x.status == publish_status::skipped) {
      ++skipped;
    } else if (x.status == publish_status::failed) {
      const auto why = reason_of(x);
      ++failed[failed.contains(why) || failed.size() < reasons_max ? why : "other"];
    }
  });
  out.counter("sluice_weights_published_total", "Epochs whose weights the chain holds as sent",
              static_cast<double>(good));
  out.counter("sluice_weights_skipped_total", "Epochs for which it was decided to send nothing",
              static_cast<double>(skipped));
  for (const auto& [why, n] : failed)
    out.counter("sluice_weights_failures_total", "Epochs whose weights did not reach the chain",
                static_cast<double>(n), {{"error", why}});
  if (epoch)
    out.gauge("sluice_weights_age_epochs",
              "Epochs since weights were last published; the whole chain's when never",
              static_cast<double>(*epoch - std::min(*epoch, last.value_or(0))));
}

void add_storage(metric_list& out, const storage::data_dir& disk) {
  for (const auto* store : {&disk.node(), &disk.pool_events(), &disk.devchain()}) {
    std::error_code failed;
    const auto bytes = std::filesystem::file_size(store->path() / "data.mdb", failed);
    if (!failed)
      out.gauge("sluice_storage_bytes", "Size of a store's file", static_cast<double>(bytes),
                {{"store", store->store()}});
  }
}

void add_output(metric_list& out) {
  for (const auto& [name, counts] : tools::output_views()) {
    const metric_list::labels who{{"stream", name}};
    out.gauge("sluice_output_flowing",
              "1 while what is printed is taken, 0: nobody reads, or it fails",
              counts.state == io::output_state::flowing ? 1 : 0, who);
    out.counter("sluice_output_dropped_lines_total", "Lines that could not be written",
                static_cast<double>(counts.dropped_lines), who);
  }
}

/// By the names that every Prometheus client library uses.
void add_process(metric_list& out, const io::process_figures& x) {
  out.counter("process_cpu_seconds_total", "User and system time", x.cpu_seconds);
  out.gauge("process_resident_memory_bytes", "Memory that is there",
            static_cast<double>(x.memory_bytes));
  out.gauge("process_virtual_memory_bytes", "Address space, the stores' maps among it",
            static_cast<double>(x.virtual_bytes));
  out.gauge("process_open_fds", "File descriptors", static_cast<double>(x.open_files));
  out.gauge("process_max_fds", "File descriptors that are allowed",
            static_cast<double>(x.open_files_max));
  out.gauge("process_threads", "Threads", static_cast<double>(x.threads));
  out.gauge("process_start_time_seconds", "Since 1970-01-01 UTC", x.started);
}

void add_gateway(metric_list& out, const gateway_view& x) {
  out.gauge("sluice_miner_gateway_connections", "Open now, admitted or not",
            static_cast<double>(x.open));
  out.gauge("sluice_miner_gateway_sessions", "Miners that are in",
            static_cast<double>(x.sessions.size()));
  out.counter("sluice_miner_gateway_accepted_total", "Connections accepted",
              static_cast<double>(x.accepted));
  out.counter("sluice_miner_gateway_admitted_total", "Connections that became a session",
              static_cast<double>(x.admitted));
  for (const auto& [reason, n] : x.refused)
    out.counter("sluice_miner_gateway_refusals_total", "Refusals and ended sessions, by reason",
                static_cast<double>(n), {{"reason", reason}});
}

} // namespace

std::vector<metric> node_metrics(const metrics_sources& from, mechanism_list mechanisms,
                                 const std::string& version, const metrics_seen& seen) {
  metric_list out;
  out.gauge("sluice_build_info", "1; the version is in the label", 1, {{"version", version}});
  if (const auto stats = from.root->look().stats)
    out.gauge("sluice_uptime_seconds", "Since the node began",
              std::chrono::duration<double>(stats->age()).count());
  if (const auto process = io::read_process_figures())
    add_process(out, *process);
  add_actors(out, from.root, mechanisms);
  for (const auto* module : mechanisms)
    module->add_metrics(out, *from.disk);
  add_weights(out, *from.disk, seen.chain);
  add_storage(out, *from.disk);
  add_output(out);
  if (seen.gateway)
    add_gateway(out, *seen.gateway);
  return out.take();
}

} // namespace sluice
