#include "net/http/output_queue.hpp"

#include <utility>

namespace sluice::net {

namespace {

constexpr size_t kept_bytes_max = size_t{16} << 10; // of memory that an empty queue keeps

} // namespace

void output_queue::add(std::string_view bytes, const std::shared_ptr<const void>& owner) {
  if (bytes.size() < referred_bytes_min) {
    text_ += bytes;
    return;
  }
  referred_.push_back({text_.size(), bytes, owner});
  referred_bytes_ += bytes.size();
}

output_queue::pieces output_queue::next() const {
  pieces out;
  size_t passed = sent_; // of what is still to be passed over
  const auto take = [&](std::string_view x) {
    if (passed >= x.size()) {
      passed -= x.size();
      return;
    }
    out.list[out.count++] = boost::asio::const_buffer{x.data() + passed, x.size() - passed};
    passed = 0;
  };
  size_t from = 0;
  const std::string_view text{text_};
  for (const auto& x : referred_) {
    if (out.count + 2 > pieces_max)
      return out;
    take(text.substr(from, x.behind - from));
    take(x.bytes);
    from = x.behind;
  }
  if (out.count < pieces_max)
    take(text.substr(from));
  return out;
}

void output_queue::sent(size_t bytes) {
  sent_ += bytes;
  if (!empty())
    return;
  if (text_.capacity() > kept_bytes_max)
    text_ = {};
  text_.clear();
  referred_.clear();
  referred_bytes_ = sent_ = 0;
}

void output_queue::swap(output_queue& other) noexcept {
  text_.swap(other.text_);
  referred_.swap(other.referred_);
  std::swap(referred_bytes_, other.referred_bytes_);
  std::swap(sent_, other.sent_);
}

} // namespace sluice::net
