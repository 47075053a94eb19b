#include "actors/metrics/node_metrics.hpp"

#include "actors/observed/card.hpp"
#include "storage/tables.hpp"

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

/// Metrics by name; a point is added where its name is said.
class sheet_of_metrics {
public:
  metric& of(const std::string& name, metric_kind kind, const std::string& help) {
    auto& x = all_[name];
    x.name = name;
    x.kind = kind;
    x.help = help;
    return x;
  }
  void counter(const std::string& name, const std::string& help, double value,
               std::vector<std::pair<std::string, std::string>> labels = {}) {
    of(name, metric_kind::counter, help).points.push_back({std::move(labels), value, {}, 0});
  }
  void gauge(const std::string& name, const std::string& help, double value,
             std::vector<std::pair<std::string, std::string>> labels = {}) {
    of(name, metric_kind::gauge, help).points.push_back({std::move(labels), value, {}, 0});
  }
  std::vector<metric> take() {
    std::vector<metric> out;
    for (auto& [name, x] : all_)
      out.push_back(std::move(x));
    return out;
  }

private:
  std::map<std::string, metric> all_;
};

double seconds(uint64_t ticks) {
  return std::chrono::duration<double>(ticks_last(ticks)).count();
}

/// Ticks to the next of these bounds above, so that a share is never told too small.
metric_point message_times(const card_counts& counts) {
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

metric_point durations(const card_times& x) {
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

uint64_t mail_under(const card_seat& place) {
  const auto seen = place.look();
  if (!seen.card || seen.state != seat_state::running)
    return 0;
  auto all = seen.card->mailbox();
  for (const auto& x : seen.card->seats())
    all += mail_under(*x);
  return all;
}

void add_place(sheet_of_metrics& out, const std::string& path, const seat_view& seen,
               const card_counts& counts, uint64_t mail) {
  const std::vector<std::pair<std::string, std::string>> who{{"actor", path}};
  out.gauge("sluice_actor_up", "1 when the actor runs", seen.state == seat_state::running, who);
  out.counter("sluice_actor_messages_total", "Messages handled",
              static_cast<double>(counts.handled), who);
  out.gauge("sluice_actor_mailbox_messages", "Messages that wait", static_cast<double>(mail), who);
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

/// What an actor tells of its own work: sluice_<its name>_<what>.
void add_figures(sheet_of_metrics& out, const std::string& who, const std::string& help,
                 const card_figures& x,
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
void add_whole(sheet_of_metrics& out, const std::string& path,
               const std::shared_ptr<card_seat>& place) {
  add_place(out, path, place->look(), everything_under(*place), mail_under(*place));
}

void add_actors(sheet_of_metrics& out, const std::shared_ptr<card_seat>& root) {
  const auto node = root->look();
  add_place(out, node.name, node, root->counts(), node.card ? node.card->mailbox() : 0);
  if (!node.card)
    return;
  for (const auto& place : node.card->seats()) {
    const auto seen = place->look();
    const auto path = node.name + '/' + seen.name;
    if (seen.card)
      add_figures(out, seen.name, "As " + path + " tells", seen.card->figures(), {});
    if (seen.name != "liquidity" || !seen.card) {
      add_whole(out, path, place);
      continue;
    }
    add_place(out, path, seen, place->counts(), seen.card->mailbox());
    for (const auto& job : seen.card->seats()) {
      const auto at = job->look();
      add_whole(out, path + '/' + at.name, job);
      if (at.card)
        add_figures(out, "job", "As the job tells", at.card->figures(), {{"job", at.name}});
    }
  }
}

void add_jobs(sheet_of_metrics& out, const storage::data_dir& disk) {
  (void)tables::jobs.for_each(disk, [&](const job_id& id, const job_record& x) {
    const std::vector<std::pair<std::string, std::string>> who{{"job", id.value}};
    out.counter("sluice_job_rounds_total", "Rounds completed, over all lives of the folder",
                static_cast<double>(x.completed), who);
    out.gauge("sluice_job_ended", "1 when nothing will come any more", x.ended, who);
    out.gauge("sluice_job_failed", "1 when it ended because it cannot go on", x.failed, who);
  });
}

std::string reason_of(const publish_record& x) {
  return x.reason.empty() ? "unknown" : x.reason.substr(0, reason_bytes_max);
}

void add_weights(sheet_of_metrics& out, const storage::data_dir& disk) {
  std::optional<uint64_t> epoch, last;
  if (const auto chain = tables::chain_state.get(disk, tables::chain_key)) {
    out.gauge("sluice_chain_block", "Where the chain stands", static_cast<double>(chain->block));
    epoch = epoch_at(chain->block, chain->params).value;
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

void add_storage(sheet_of_metrics& out, const storage::data_dir& disk) {
  for (const auto* store : {&disk.node(), &disk.pool_events(), &disk.devchain()}) {
    std::error_code failed;
    const auto bytes = std::filesystem::file_size(store->path() / "data.mdb", failed);
    if (!failed)
      out.gauge("sluice_storage_bytes", "Size of a store's file", static_cast<double>(bytes),
                {{"store", store->store()}});
  }
}

void add_door(sheet_of_metrics& out, const door_view& x) {
  out.gauge("sluice_door_connections", "Open now, admitted or not", static_cast<double>(x.open));
  out.gauge("sluice_door_sessions", "Miners that are in", static_cast<double>(x.sessions.size()));
  out.counter("sluice_door_accepted_total", "Connections accepted",
              static_cast<double>(x.accepted));
  out.counter("sluice_door_admitted_total", "Connections that became a session",
              static_cast<double>(x.admitted));
  for (const auto& [reason, n] : x.refused)
    out.counter("sluice_door_refusals_total", "Refusals and ended sessions, by reason",
                static_cast<double>(n), {{"reason", reason}});
}

} // namespace

std::vector<metric>
node_metrics(const std::shared_ptr<card_seat>& root, const storage::data_dir& disk,
             const std::string& version, const std::optional<door_view>& door) {
  sheet_of_metrics out;
  out.gauge("sluice_build_info", "1; the version is in the label", 1, {{"version", version}});
  if (const auto card = root->look().card)
    out.gauge("sluice_uptime_seconds", "Since the node began",
              std::chrono::duration<double>(card->age()).count());
  add_actors(out, root);
  add_jobs(out, disk);
  add_weights(out, disk);
  add_storage(out, disk);
  if (door)
    add_door(out, *door);
  return out.take();
}

} // namespace sluice
