#include "actors/leads/backend.hpp"

#include "storage/leads/queues.hpp"
#include "storage/leads/tables.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace sluice {

namespace {

namespace tables = storage::tables;

/// The newest of the pool, newest first.
result<std::vector<lead>> newest_leads(const storage::data_dir& disk, uint64_t limit) {
  std::vector<pool_lead> newest; // a heap with the oldest in front
  const auto older = [](const pool_lead& a, const pool_lead& b) { return a.arrival > b.arrival; };
  auto read = tables::lead_pool.for_each(disk, [&](const std::string&, pool_lead x) {
    if (newest.size() == limit) {
      if (x.arrival < newest.front().arrival)
        return;
      std::ranges::pop_heap(newest, older);
      newest.pop_back();
    }
    newest.push_back(std::move(x));
    std::ranges::push_heap(newest, older);
  });
  if (!read)
    return read.error();
  std::ranges::sort(newest, older);
  std::vector<lead> out;
  out.reserve(newest.size());
  for (auto& x : newest)
    out.push_back(std::move(x.value));
  return out;
}

class actors_backend final : public net::leads_backend {
public:
  explicit actors_backend(leads_backend_links links) : links_(std::move(links)) {}

  void list_leads(uint64_t limit, net::leads_reply<std::vector<lead>> reply) override {
    reply(newest_leads(*links_.disk, limit));
  }
  void store_leads(store_leads_call call, net::leads_reply<leads_stored> reply) override {
    caf::anon_send(links_.intake, store_leads_message{std::move(call), std::move(reply)});
  }
  void queue_prospects(queue_prospects_call call, net::leads_reply<uint64_t> reply) override {
    caf::anon_send(links_.queues, queue_prospects_message{std::move(call), std::move(reply)});
  }
  void queue_request(queue_request_call call, net::leads_reply<std::string> reply) override {
    caf::anon_send(links_.queues, queue_request_message{std::move(call), std::move(reply)});
  }
  void fetch(fetch_call call, net::leads_reply<std::vector<leased_item>> reply) override {
    caf::anon_send(links_.queues, fetch_message{std::move(call), std::move(reply)});
  }
  void acknowledge(acknowledge_call call, net::leads_reply<uint64_t> reply) override {
    caf::anon_send(links_.queues, acknowledge_message{std::move(call), std::move(reply)});
  }
  void store_result(store_result_call call, net::leads_reply<nothing> reply) override {
    caf::anon_send(links_.queues, store_result_message{std::move(call), std::move(reply)});
  }
  void find_result(std::string request_id,
                   net::leads_reply<std::optional<request_result>> reply) override {
    reply(tables::lead_answers.find(*links_.disk, request_id));
  }
  void store_weights(store_weights_call call, net::leads_reply<nothing> reply) override {
    caf::anon_send(links_.queues, store_weights_message{std::move(call), std::move(reply)});
  }
  void buy(buy_leads_call call, net::leads_reply<buy_leads_answer> reply) override {
    caf::anon_send(links_.curation, buy_leads_message{std::move(call), std::move(reply)});
  }

private:
  leads_backend_links links_;
};

} // namespace

std::shared_ptr<net::leads_backend> make_leads_backend(leads_backend_links links) {
  return std::make_shared<actors_backend>(std::move(links));
}

} // namespace sluice
