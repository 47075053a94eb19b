#include "net/consensus/stream.hpp"

#include "rules/json_text.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace sluice::net {

namespace {

namespace asio = boost::asio;

constexpr size_t goodbye_bytes = 1024;      // in the queue, for the reason of the end
constexpr size_t subscriber_says_max = 256; // bytes of one text; any text ends it

std::string closed_line(const std::string& why) {
  return json_object{}.add("type", "closed").add("reason", std::string_view{why}).text();
}

} // namespace

/// Who is there. Subscribers belong to what waits in their server's context, and end with it.
struct consensus_stream::hub {
  struct place {
    std::weak_ptr<subscriber> who;
    std::weak_ptr<asio::io_context> io;
  };

  explicit hub(stream_terms x) : terms(x) {}

  void erase(uint64_t number) {
    const std::lock_guard lock{mutex};
    all.erase(number);
  }

  const stream_terms terms;
  mutable std::mutex mutex;
  std::map<uint64_t, place> all;
  uint64_t last = 0;
};

class consensus_stream::subscriber : public std::enable_shared_from_this<subscriber> {
public:
  /// `number`: 0 for one that is only sent why it is not taken.
  subscriber(std::shared_ptr<hub> all, uint64_t number, std::optional<uint16_t> uid,
             asio::io_context& io)
    : all_(std::move(all)), number_(number), uid_(uid), timer_(io) {}
  ~subscriber() { all_->erase(number_); }
  subscriber(const subscriber&) = delete;
  subscriber& operator=(const subscriber&) = delete;

  /// `refusal`: closed with this at once; "": stays.
  void start(websocket_request request, std::string first, std::string refusal) {
    link_terms terms;
    terms.text_bytes_max = subscriber_says_max;
    terms.queue_bytes_max = all_->terms.queue_bytes_max + goodbye_bytes;
    link_owner owner;
    owner.opened = [who = weak_from_this(), refusal = std::move(refusal)] {
      if (const auto self = who.lock(); self && !refusal.empty())
        self->link_->close(refusal);
    };
    owner.received = [who = weak_from_this()](std::string_view) {
      if (const auto self = who.lock())
        self->end("nothing is taken here but pings; open another connection to ask for more");
    };
    owner.written = [](uint64_t) {};
    owner.ended = [who = weak_from_this()](const std::string&) {
      if (const auto self = who.lock()) {
        self->link_.reset();
        self->all_->erase(self->number_);
      }
    };
    link_ = make_link(std::move(request), terms, std::move(owner));
    const auto link = link_;
    alive_at_ = steady_ms() + all_->terms.alive_ms;
    if (!first.empty())
      link->send(std::move(first));
    link->accept();
    tick();
  }

  /// Any thread.
  void add(std::span<const stream_line> lines, asio::io_context& io) {
    {
      const std::lock_guard lock{mutex_};
      for (const auto& x : lines) {
        if (uid_ && *uid_ != x.uid)
          continue;
        slow_ = slow_ || pending_bytes_ + x.text.size() > all_->terms.queue_bytes_max;
        if (slow_)
          break;
        pending_bytes_ += x.text.size();
        pending_.push_back(x.text);
      }
      if ((pending_.empty() && !slow_) || std::exchange(posted_, true))
        return;
    }
    asio::post(io, [self = shared_from_this()] { self->flush(); });
  }

private:
  void flush() {
    std::deque<std::string> lines;
    bool slow = false;
    {
      const std::lock_guard lock{mutex_};
      lines.swap(pending_);
      pending_bytes_ = 0;
      posted_ = false;
      slow = slow_;
    }
    for (auto& x : lines) {
      const auto link = link_; // it may end in there
      if (!link)
        return;
      slow = slow || link->waiting_bytes() + x.size() > all_->terms.queue_bytes_max;
      if (slow)
        break;
      link->send(std::move(x));
    }
    if (slow)
      end("more than " + std::to_string(all_->terms.queue_bytes_max)
          + " bytes were waiting to be read; read faster, or ask for one miner with ?uid=");
  }

  /// Nothing more is sent to it but this.
  void end(const std::string& why) {
    all_->erase(number_);
    if (const auto link = link_)
      link->close(closed_line(why));
  }

  void tick() {
    const auto link = link_;
    if (!link)
      return; // nothing holds this any more
    const auto now = steady_ms();
    if (now >= alive_at_) {
      alive_at_ = now + all_->terms.alive_ms;
      if (link->idle())
        link->send(R"({"type":"alive"})");
    }
    link->tick(now);
    timer_.expires_after(std::chrono::milliseconds{all_->terms.tick_ms});
    timer_.async_wait(
      [self = shared_from_this()](const boost::system::error_code&) { self->tick(); });
  }

  const std::shared_ptr<hub> all_;
  const uint64_t number_;
  const std::optional<uint16_t> uid_;
  asio::steady_timer timer_;
  std::shared_ptr<websocket_link> link_; // null: it has ended
  uint64_t alive_at_ = 0;
  std::mutex mutex_; // all below
  std::deque<std::string> pending_;
  size_t pending_bytes_ = 0;
  bool posted_ = false;
  bool slow_ = false;
};

consensus_stream::consensus_stream(stream_terms terms) : hub_(std::make_shared<hub>(terms)) {}

consensus_stream::~consensus_stream() = default;

void consensus_stream::subscribe(websocket_request request, std::optional<uint16_t> uid,
                                 std::string first) {
  const auto io = request.context().lock();
  if (!io)
    return;
  std::shared_ptr<subscriber> made;
  {
    const std::lock_guard lock{hub_->mutex};
    if (hub_->all.size() < hub_->terms.subscribers_max) {
      const auto number = ++hub_->last;
      made = std::make_shared<subscriber>(hub_, number, uid, *io);
      hub_->all.emplace(number, hub::place{made, io});
    }
  }
  if (made)
    made->start(std::move(request), std::move(first), {});
  else
    refuse(std::move(request), "there are " + std::to_string(hub_->terms.subscribers_max)
                                 + " subscribers already; try again later");
}

void consensus_stream::refuse(websocket_request request, const std::string& why) {
  if (const auto io = request.context().lock())
    std::make_shared<subscriber>(hub_, 0, std::nullopt, *io)
      ->start(std::move(request), {}, closed_line(why));
}

void consensus_stream::publish(std::span<const stream_line> lines) {
  if (lines.empty())
    return;
  std::vector<hub::place> all;
  {
    const std::lock_guard lock{hub_->mutex};
    all.reserve(hub_->all.size());
    for (const auto& [number, x] : hub_->all)
      all.push_back(x);
  }
  for (const auto& x : all) {
    const auto io = x.io.lock(); // outlives the subscriber, whose socket is in it
    if (!io)
      continue;
    if (const auto who = x.who.lock())
      who->add(lines, *io);
  }
}

size_t consensus_stream::subscribers() const {
  const std::lock_guard lock{hub_->mutex};
  return hub_->all.size();
}

} // namespace sluice::net
