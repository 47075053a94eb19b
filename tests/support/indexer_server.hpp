/// Both providers' transaction lists on a real socket, with every failure that a test wants.
#pragma once

#include "tests/support/byte_server.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace sluice::test {

/// One question as the server understood it.
struct indexer_request {
  std::string path;
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> headers; // names in lower case
  std::string coldkey;                        // nominator or coldkey of the query
  uint32_t page = 0;
};

/// Serves `rows` (JSON texts, in their order) of a coldkey in pages of `page_size`; what is
/// scripted for a request comes instead. Any thread may change what it serves.
class indexer_server {
public:
  enum class form : uint8_t { taostats, taoapp };

  explicit indexer_server(form what, std::string key = "secret");
  ~indexer_server();

  std::string url() const;

  /// All rows of a coldkey, from now on.
  void set_rows(const std::string& coldkey, std::vector<std::string> rows);
  /// `page_size`: rows of a page, from 1; not checked.
  void set_page_size(size_t page_size);
  void set_key(std::string key);

  /// Called for every request, before it is answered, in the server's thread: what it returns is
  /// sent instead, unless it is nothing at all (no bytes, keep).
  using interception = std::function<byte_reply(const indexer_request&)>;
  void intercept(interception x);
  /// The next requests get these, one each; an empty one is answered as usual.
  void script(std::deque<byte_reply> replies);
  /// Changes the rows of a page before they are sent: repeats, leaves out, sorts anew.
  using page_change
    = std::function<void(const indexer_request&, std::vector<std::string>& rows, uint64_t& total)>;
  void change_pages(page_change x);

  std::vector<indexer_request> requests() const;

  /// Of this page, as it would be answered now.
  std::string document(const indexer_request& x) const;

private:
  byte_reply answer(const std::string& request);

  const form form_;
  mutable std::mutex mutex_;
  std::string key_;
  size_t page_size_ = 2;
  std::map<std::string, std::vector<std::string>> rows_;
  interception intercept_;
  std::deque<byte_reply> script_;
  page_change change_;
  std::vector<indexer_request> requests_;
  std::unique_ptr<byte_server> server_; // the last: its thread uses all of these
};

/// A row of each provider. `time`: ISO; amounts: in rao and alpha units, from 0. `stake`: else an
/// unstake. Errors: none.
std::string taostats_row(const std::string& coldkey, const std::string& hotkey,
                         const std::string& extrinsic, const std::string& time, uint64_t block,
                         uint16_t netuid, bool stake, int64_t rao, int64_t alpha);
/// `tao` and `alpha`: whole units as decimal texts.
std::string taoapp_row(const std::string& coldkey, const std::string& hotkey,
                       const std::string& extrinsic, const std::string& time, uint16_t netuid,
                       bool stake, const std::string& tao, const std::string& alpha);

/// 429 with Retry-After as it is given: seconds or a date.
byte_reply too_many_requests(const std::string& retry_after);

} // namespace sluice::test
