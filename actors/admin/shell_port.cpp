#include "actors/admin/shell_port.hpp"

#include "messages/errors.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <mutex>
#include <utility>
#include <vector>

namespace sluice {

namespace {

struct open_request {
  admin_request asked;
  net::shell_server::reply_function reply;
  bool again = false; // an admin actor ended while it had this
};

} // namespace

/// Those that wait for an admin actor, and the one that answers. Any thread.
class shell_port::requests : public std::enable_shared_from_this<requests> {
public:
  requests(caf::actor_system& system, reads_function reads)
    : system_(system), reads_(std::move(reads)) {}

  void serve(const admin_actor& admin) {
    std::vector<open_request> waiting;
    {
      const std::lock_guard lock{mutex_};
      admin_ = caf::actor_cast<caf::actor_addr>(admin);
      waiting.swap(waiting_);
    }
    for (auto& x : waiting)
      ask(admin, std::move(x));
  }

  /// Asks whoever answers now; without one it waits for the next.
  void take(open_request request) {
    admin_actor admin;
    {
      const std::lock_guard lock{mutex_};
      if (closed_)
        return;
      admin = caf::actor_cast<admin_actor>(admin_);
      if (!admin) {
        waiting_.push_back(std::move(request));
        return;
      }
    }
    ask(admin, std::move(request));
  }

  void close() {
    std::vector<open_request> waiting;
    const std::lock_guard lock{mutex_};
    closed_ = true;
    waiting.swap(waiting_);
  }

private:
  /// `admin` ended while it had this. What only reads is asked a second time, not more: the request
  /// may be why it ended.
  void lost(const admin_actor& admin, open_request request) {
    if (!reads_(request.asked.line))
      return request.reply({false, "the admin actor was restarted before it answered; the command "
                                   "may have been done: see actions"});
    if (std::exchange(request.again, true))
      return request.reply({false, "the admin actor ended twice over this command; see the log"});
    {
      const std::lock_guard lock{mutex_};
      if (admin_ == admin.address())
        admin_ = {}; // the next one is not there yet
    }
    take(std::move(request));
  }

  /// One actor per command; it ends with the answer.
  void ask(const admin_actor& admin, open_request request) {
    auto open = std::make_shared<open_request>(std::move(request));
    system_.spawn([self = shared_from_this(), admin, open](caf::event_based_actor* one) {
      one->request(admin, caf::infinite, open->asked)
        .then(
          [open](const admin_reply& x) {
            open->reply({x.ok, x.text});
          },
          [self, admin, open](const caf::error& why) {
            if (why == caf::sec::request_receiver_down)
              self->lost(admin, std::move(*open));
            else
              open->reply({false, to_fault(why).what});
          });
    });
  }

  caf::actor_system& system_;
  reads_function reads_;
  std::mutex mutex_; // of all that follows
  caf::actor_addr admin_;
  std::vector<open_request> waiting_;
  bool closed_ = false;
};

shell_port::shell_port(std::shared_ptr<requests> waiting, net::shell_server server)
  : requests_(std::move(waiting)), server_(std::move(server)) {}

shell_port::shell_port(shell_port&&) noexcept = default;

shell_port::~shell_port() {
  server_.reset(); // no request comes after this
  if (requests_)
    requests_->close();
}

result<shell_port> shell_port::open(caf::actor_system& system, const std::filesystem::path& folder,
                                    reads_function reads) {
  auto waiting = std::make_shared<requests>(system, std::move(reads));
  auto server = net::shell_server::open(
    folder, [waiting](net::shell_request asked, const net::shell_server::reply_function& reply) {
      waiting->take({{std::move(asked.who), std::move(asked.line)}, reply, false});
    });
  if (!server)
    return server.error();
  return shell_port{std::move(waiting), *std::move(server)};
}

void shell_port::serve(const admin_actor& admin) {
  requests_->serve(admin);
}

} // namespace sluice
