/// How long it takes until a validator's report is seen by a reader, over real sockets.
///
///     effect_bench [ITEMS_PER_SECOND] [SECONDS] [memory|disk]
///
/// One connection reports 256 miners at a time for 64 validators in turn, at this rate (50,000); a
/// second one reads GET /api/v1/miners/7/consensus all the time, a third network-status. Each
/// report states its number as the newest `last_seen`, which the consensus takes over: the time
/// from the report's last byte being sent until a reader has an answer that shows it. The writer is
/// one thread as in a node: it reads the list, merges it, commits the rows (`disk`, durable), and
/// puts the records where readers find them.
#include "net/consensus/pages.hpp"
#include "net/consensus/routes.hpp"
#include "net/http/server.hpp"
#include "rules/consensus/status_list.hpp"
#include "storage/consensus/reports.hpp"
#include "storage/consensus/tables.hpp"
#include "storage/data_dir.hpp"
#include "tests/support/bare_socket.hpp"
#include "tests/support/pause.hpp"
#include "tests/support/scratch_folder.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace sluice::bench {
namespace {

using steady = std::chrono::steady_clock;
constexpr uint64_t miners = 256;
constexpr uint64_t validators = 64;

uint64_t unix_ms_now() {
  using namespace std::chrono;
  return static_cast<uint64_t>(
    duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

/// Takes reports in a thread of its own; whatever waits shares one commit.
class writing_backend final : public net::consensus_backend {
public:
  writing_backend(std::shared_ptr<net::consensus_pages> pages, storage::data_dir* disk)
    : pages_(std::move(pages)), disk_(disk), thread_([this] { run(); }) {}
  ~writing_backend() override {
    {
      const std::lock_guard lock{mutex_};
      over_ = true;
    }
    came_.notify_all();
    thread_.join();
  }

  void take_report(net::consensus_report_call call,
                   net::consensus_reply<net::consensus_report_answer> reply) override {
    {
      const std::lock_guard lock{mutex_};
      waiting_.emplace_back(std::move(call), std::move(reply));
    }
    came_.notify_all();
  }
  void register_miner(hotkey, net::consensus_reply<net::registered_miner>) override {}
  void submit_task(submit_task_call, net::consensus_reply<submitted_task>) override {}
  void find_task(task_caller, std::string, net::consensus_reply<task_record>) override {}
  void list_tasks(list_tasks_call, net::consensus_reply<std::vector<task_record>>) override {}
  void cancel_task(cancel_task_call, net::consensus_reply<changed_task>) override {}
  void approve_task(approve_task_call, net::consensus_reply<changed_task>) override {}
  void fetch_tasks(fetch_tasks_call, net::consensus_reply<std::vector<task_work>>) override {}
  void answer_task(answer_task_call, net::consensus_reply<answered_task>) override {}
  void task_statistics(net::consensus_reply<task_stats>) override {}

private:
  using waiting_report
    = std::pair<net::consensus_report_call, net::consensus_reply<net::consensus_report_answer>>;

  void run() {
    std::deque<waiting_report> now;
    while (true) {
      {
        std::unique_lock lock{mutex_};
        came_.wait(lock, [this] { return over_ || !waiting_.empty(); });
        if (over_)
          return;
        now.swap(waiting_);
      }
      take(now);
      now.clear();
    }
  }

  void take(const std::deque<waiting_report>& all) {
    storage::batch rows;
    std::vector<net::pages_update> updates;
    std::vector<net::consensus_report_answer> answers;
    for (const auto& [call, reply] : all) {
      auto list = read_status_list(call.report.miner_statuses);
      status_report report;
      report.validator_uid = call.report.validator_uid;
      report.epoch = call.report.epoch;
      report.received_ms = unix_ms_now();
      if (list)
        report.statuses = std::move(list->statuses);
      book_.prepare(report);
      const auto row = report;
      const auto put = book_.put(std::move(report));
      if (!put)
        continue;
      storage::add_report(rows, book_, row, *put);
      updates.push_back(net::update_of(book_, put->changed, row.received_ms));
      answers.push_back({true, "", put->miners_processed, put->consensus_updated});
    }
    if (disk_ && !disk_->commit(rows))
      std::abort();
    for (auto& x : updates)
      pages_->put(std::move(x));
    for (size_t i = 0; i < answers.size(); ++i)
      all[i].second(answers[i]);
  }

  report_book book_;
  std::shared_ptr<net::consensus_pages> pages_;
  storage::data_dir* disk_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<waiting_report> waiting_;
  bool over_ = false;
  std::thread thread_;
};

/// False when the other side has closed.
bool receive_some(const test::bare_socket& peer, std::string& into) {
  std::array<char, 65'536> chunk{};
  const auto n = ::recv(peer.fd(), chunk.data(), chunk.size(), 0);
  if (n > 0)
    into.append(chunk.data(), static_cast<size_t>(n));
  return n > 0;
}

/// A whole answer of keep-alive, by its Content-Length.
std::string answer(const test::bare_socket& peer, std::string& rest) {
  while (true) {
    const auto end = rest.find("\r\n\r\n");
    if (end != std::string::npos) {
      const auto at = rest.find("Content-Length: ");
      const auto bytes = end + 4 + std::strtoul(rest.c_str() + at + 16, nullptr, 10);
      while (rest.size() < bytes)
        if (!receive_some(peer, rest))
          return {};
      auto whole = rest.substr(0, bytes);
      rest.erase(0, bytes);
      return whole;
    }
    if (!receive_some(peer, rest))
      return {};
  }
}

std::string report_text(uint64_t number) {
  std::string list = "[";
  for (uint64_t m = 0; m < miners; ++m)
    list += (m == 0 ? "" : ",") + ("{\"uid\":" + std::to_string(m))
            + R"(,"hotkey":"5DwGisbDgMGpPf9rdgE4M2pbEaRAb9fbiQBgmCBKt2cCaXK3","ip":"192.0.2.219",)"
              R"("port":8095,"is_serving":true,"stake":1422.562382,"performance_score":0.4832,)"
              R"("current_load":2,"max_capacity":5,"last_seen":")"
            + std::to_string(number) + "\"}";
  const auto body = "{\"validator_uid\":" + std::to_string(number % validators)
                    + ",\"epoch\":" + std::to_string(number) + ",\"miner_statuses\":" + list + "]}";
  return "POST /api/v1/validators/miner-status HTTP/1.1\r\nHost: n\r\nContent-Type: "
         "application/json\r\nContent-Length: "
         + std::to_string(body.size()) + "\r\n\r\n" + body;
}

double at_part(std::vector<double>& sorted, double part) {
  std::ranges::sort(sorted);
  return sorted.empty()
           ? 0
           : sorted[std::min(sorted.size() - 1,
                             static_cast<size_t>(part * static_cast<double>(sorted.size())))];
}

class effect_run {
public:
  effect_run(uint64_t rate, uint64_t seconds, bool on_disk)
    : rate_(rate), reports_(rate * seconds / miners) {
    if (on_disk) {
      const std::vector parts{storage::consensus_schema()};
      const auto layout = storage::schema_with(parts);
      storage::data_dir_options options;
      options.layout = &layout;
      auto opened = storage::data_dir::open(folder_.at("data"), {"bench", 1, ""},
                                            storage::open_mode::create_or_continue, options);
      if (!opened)
        fail(opened.error().what);
      disk_.emplace(*std::move(opened));
    }
    pages_ = std::make_shared<net::consensus_pages>(consensus_settings{}, unix_ms_now);
    pages_->open({});
    net::consensus_routes_terms terms;
    terms.unix_ms = unix_ms_now;
    terms.unproved_reports = true;
    net::http_router routes;
    net::add_consensus_routes(
      routes, std::make_shared<writing_backend>(pages_, disk_ ? &*disk_ : nullptr), pages_, terms);
    auto socket = net::listening_socket::open("127.0.0.1:0");
    if (!socket)
      fail(socket.error().what);
    port_ = socket->port();
    net::http_server_terms server_terms;
    server_terms.limits.requests_max = 100'000'000;
    auto made = net::http_server::start(*socket, server_terms, std::move(routes));
    if (!made)
      fail(made.error().what);
    server_ = *std::move(made);
    sent_ = std::vector<std::atomic<steady::rep>>(reports_ + 1);
  }

  void go() {
    std::thread reader{[this] { read("/api/v1/miners/7/consensus", one_); }};
    std::thread other{[this] { read("/api/v1/miners/network-status", all_); }};
    const test::bare_socket peer{port_};
    std::string rest;
    auto at = steady::now();
    const std::chrono::duration<double> pause{static_cast<double>(miners)
                                              / static_cast<double>(rate_)};
    const auto begin = at;
    for (uint64_t i = 1; i <= reports_; ++i) {
      const auto text = report_text(i);
      test::pause_until(at);
      at += std::chrono::duration_cast<steady::duration>(pause);
      peer.send(text);
      sent_[i] = steady::now().time_since_epoch().count();
      if (!answer(peer, rest).starts_with("HTTP/1.1 200 "))
        fail("a report was refused");
    }
    const std::chrono::duration<double> took = steady::now() - begin;
    over_ = true;
    reader.join();
    other.join();
    std::printf("reports %llu, items/s %.0f\n", static_cast<unsigned long long>(reports_),
                static_cast<double>(reports_ * miners) / took.count());
    show("one miner     ", one_);
    show("network-status", all_);
  }

private:
  struct reading {
    std::vector<double> ms;
    uint64_t reads = 0;
  };

  [[noreturn]] static void fail(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    std::exit(1);
  }

  void read(const std::string& path, reading& out) {
    const test::bare_socket peer{port_};
    const auto request = "GET " + path + " HTTP/1.1\r\nHost: n\r\n\r\n";
    std::string rest;
    uint64_t seen = validators; // by then everybody has reported
    while (!over_) {
      peer.send(request);
      const auto got = answer(peer, rest);
      const auto now = steady::now().time_since_epoch().count();
      ++out.reads;
      test::pause_for(std::chrono::microseconds{200}); // leaves the others a processor
      const auto at = got.find("\"last_seen\":\"");
      if (at == std::string::npos)
        continue;
      const auto shown = std::strtoull(got.c_str() + at + 13, nullptr, 10);
      for (; seen < shown; ++seen) {
        const auto sent = sent_[seen + 1].load();
        const std::chrono::duration<double, std::milli> late{steady::duration{now - sent}};
        out.ms.push_back(sent == 0 ? 0 : late.count());
      }
    }
  }

  static void show(const char* what, reading& x) {
    std::printf("%s effects %zu, reads %llu, p50 %.3f ms, p99 %.3f ms, most %.3f ms\n", what,
                x.ms.size(), static_cast<unsigned long long>(x.reads), at_part(x.ms, 0.5),
                at_part(x.ms, 0.99), at_part(x.ms, 1));
  }

  test::scratch_folder folder_;
  std::optional<storage::data_dir> disk_;
  std::shared_ptr<net::consensus_pages> pages_;
  uint64_t rate_;
  uint64_t reports_;
  uint16_t port_ = 0;
  std::vector<std::atomic<steady::rep>> sent_;
  std::atomic<bool> over_ = false;
  reading one_;
  reading all_;
  std::unique_ptr<net::http_server> server_;
};

} // namespace
} // namespace sluice::bench

int main(int count, char** arguments) {
  const auto number = [&](int i, uint64_t otherwise) {
    return count > i ? std::strtoull(arguments[i], nullptr, 10) : otherwise;
  };
  const bool on_disk = count > 3 && std::string{arguments[3]} == "disk";
  sluice::bench::effect_run{number(1, 50'000), number(2, 10), on_disk}.go();
}
