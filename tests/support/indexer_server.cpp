#include "tests/support/indexer_server.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

namespace sluice::test {

namespace {

std::string decoded(const std::string& x) {
  std::string out;
  for (size_t i = 0; i < x.size(); ++i)
    if (x[i] == '%' && i + 2 < x.size()) {
      out += static_cast<char>(std::stoi(x.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += x[i];
    }
  return out;
}

std::map<std::string, std::string> query_of(const std::string& target) {
  std::map<std::string, std::string> all;
  const auto mark = target.find('?');
  if (mark == std::string::npos)
    return all;
  std::istringstream rest{target.substr(mark + 1)};
  for (std::string part; std::getline(rest, part, '&');) {
    const auto equals = std::min(part.find('='), part.size());
    all[decoded(part.substr(0, equals))]
      = equals < part.size() ? decoded(part.substr(equals + 1)) : "";
  }
  return all;
}

indexer_request understood(const std::string& text) {
  indexer_request x;
  std::istringstream lines{text};
  std::string line;
  std::getline(lines, line);
  std::istringstream first{line};
  std::string method, target;
  first >> method >> target;
  x.path = target.substr(0, target.find('?'));
  x.query = query_of(target);
  while (std::getline(lines, line) && line != "\r") {
    auto name = line.substr(0, line.find(':'));
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const auto value = line.substr(std::min(line.find(": ") + 2, line.size()));
    x.headers[name] = value.substr(0, value.find('\r'));
  }
  x.coldkey = x.query.contains("nominator") ? x.query["nominator"] : x.query["coldkey"];
  x.page = x.query.contains("page") ? static_cast<uint32_t>(std::stoul(x.query["page"])) : 1;
  return x;
}

/// Joins with commas.
std::string list_of(const std::vector<std::string>& rows) {
  std::string all = "[";
  for (const auto& row : rows)
    all += (all.size() == 1 ? "" : ",") + row;
  return all + "]";
}

} // namespace

indexer_server::indexer_server(form what, std::string key)
  : form_(what), key_(std::move(key)),
    server_(std::make_unique<byte_server>([this](const std::string& x) { return answer(x); })) {}

indexer_server::~indexer_server() = default;

std::string indexer_server::url() const {
  return server_->url();
}

void indexer_server::set_rows(const std::string& coldkey, std::vector<std::string> rows) {
  const std::lock_guard lock{mutex_};
  rows_[coldkey] = std::move(rows);
}

void indexer_server::set_page_size(size_t page_size) {
  const std::lock_guard lock{mutex_};
  page_size_ = page_size;
}

void indexer_server::set_key(std::string key) {
  const std::lock_guard lock{mutex_};
  key_ = std::move(key);
}

void indexer_server::intercept(interception x) {
  const std::lock_guard lock{mutex_};
  intercept_ = std::move(x);
}

void indexer_server::script(std::deque<byte_reply> replies) {
  const std::lock_guard lock{mutex_};
  script_ = std::move(replies);
}

void indexer_server::change_pages(page_change x) {
  const std::lock_guard lock{mutex_};
  change_ = std::move(x);
}

std::vector<indexer_request> indexer_server::requests() const {
  const std::lock_guard lock{mutex_};
  return requests_;
}

byte_reply indexer_server::answer(const std::string& request) {
  const auto x = understood(request);
  interception intercept;
  {
    const std::lock_guard lock{mutex_};
    requests_.push_back(x);
    intercept = intercept_;
    if (!script_.empty()) {
      auto next = std::move(script_.front());
      script_.pop_front();
      if (!next.bytes.empty() || next.after != byte_reply::then::keep)
        return next;
    }
  }
  if (intercept)
    if (auto own = intercept(x); !own.bytes.empty() || own.after != byte_reply::then::keep)
      return own;
  const std::lock_guard lock{mutex_};
  const auto header = form_ == form::taostats ? "authorization" : "x-api-key";
  if (!x.headers.contains(header) || x.headers.at(header) != key_)
    return {http_bytes("401 Unauthorized", "{\"error\":\"no\"}")};
  return {http_bytes("200 OK", document(x))};
}

std::string indexer_server::document(const indexer_request& x) const {
  const auto found = rows_.find(x.coldkey);
  const std::vector<std::string> none;
  const auto& all = found == rows_.end() ? none : found->second;
  const auto first = std::min(all.size(), (x.page - 1) * page_size_);
  const auto last = std::min(all.size(), first + page_size_);
  std::vector<std::string> rows(all.begin() + static_cast<ptrdiff_t>(first),
                                all.begin() + static_cast<ptrdiff_t>(last));
  uint64_t total = all.size();
  if (change_)
    change_(x, rows, total);
  const auto next = last < all.size() ? std::to_string(x.page + 1) : "null";
  const auto pages = std::to_string((all.size() + page_size_ - 1) / page_size_);
  if (form_ == form::taoapp)
    return "{\"data\":" + list_of(rows) + ",\"next_page\":" + next
           + ",\"total\":" + std::to_string(total) + "}";
  return "{\"pagination\":{\"current_page\":" + std::to_string(x.page)
         + ",\"per_page\":" + std::to_string(page_size_)
         + ",\"total_items\":" + std::to_string(total) + ",\"total_pages\":" + pages
         + ",\"next_page\":" + next + "},\"data\":" + list_of(rows) + "}";
}

std::string taostats_row(const std::string& coldkey, const std::string& hotkey,
                         const std::string& extrinsic, const std::string& time, uint64_t block,
                         uint16_t netuid, bool stake, int64_t rao, int64_t alpha) {
  return "{\"block_number\":" + std::to_string(block) + ",\"timestamp\":\"" + time
         + "\",\"netuid\":" + std::to_string(netuid) + ",\"action\":\""
         + (stake ? "DELEGATE" : "UNDELEGATE") + "\",\"nominator\":{\"ss58\":\"" + coldkey
         + "\"},\"delegate\":{\"ss58\":\"" + hotkey + "\"},\"amount\":\"" + std::to_string(rao)
         + "\",\"alpha\":\"" + std::to_string(alpha)
         + "\",\"alpha_price_in_tao\":\"0.1\",\"alpha_price_in_usd\":\"40\",\"usd\":\"1\","
           "\"extrinsic_id\":\""
         + extrinsic + "\"}";
}

std::string taoapp_row(const std::string& coldkey, const std::string& hotkey,
                       const std::string& extrinsic, const std::string& time, uint16_t netuid,
                       bool stake, const std::string& tao, const std::string& alpha) {
  return "{\"coldkey\":\"" + coldkey + "\",\"timestamp\":\"" + time + "\",\"event_id\":\""
         + (stake ? "StakeAdded" : "StakeRemoved") + "\",\"netuid\":" + std::to_string(netuid)
         + ",\"amount_in\":" + tao + ",\"amount_out\":" + alpha + ",\"hotkey\":\"" + hotkey
         + "\",\"extrinsics\":\"" + extrinsic + "\"}";
}

byte_reply too_many_requests(const std::string& retry_after) {
  return {http_bytes("429 Too Many Requests", "{}", "Retry-After: " + retry_after + "\r\n")};
}

} // namespace sluice::test
