#!/usr/bin/env bash
# CAF 0.17.6 (Debian 12: libcaf-dev 0.17.6-2.1+b1): a response promise that is still open when its actor ends is never
# answered. A good engineer expects what CAF gives for every other request to an actor that ends, sec::request_receiver_down
# (it is what a request still in the mailbox gets); with `infinite` as its timeout, the requester waits for ever.
# Seen: mailbox: request_receiver_down, open promise: request_timeout (after the second that this program allows)
# Exits 0 when that is so, 1 when it is not any more, 2 when it could not be tried. Needs g++ and apt-get.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
{ apt-get download -q libcaf-dev=0.17.6-2.1+b1 libcaf-core0.17=0.17.6-2.1+b1 >log 2>&1 \
  && for package in *.deb; do dpkg -x "$package" root; done; } \
  || { cat log >&2; echo "cannot get the packages; apt-get update first" >&2; exit 2; }
library=$(dirname "$(find root -name 'libcaf_core.so*' | head -1)")

cat >try.cpp <<'CPP'
#include <caf/all.hpp>
#include <iostream>

using namespace caf;

// Keeps a promise for "keep" and ends at "end": whatever comes after that is still in its mailbox.
behavior ending(stateful_actor<std::vector<response_promise>>* self) {
  return {
    [=](const std::string& what) -> result<std::string> {
      if (what == "end")
        self->quit();
      if (what != "keep")
        return what;
      self->state.push_back(self->make_response_promise());
      return self->state.back();
    },
  };
}

int main() {
  actor_system_config config;
  actor_system system{config};
  scoped_actor self{system};
  const auto outcome = [&](const char* what, const actor& whom, const std::string& last) {
    auto open = self->request(whom, std::chrono::seconds(1), std::string{what});
    if (!last.empty())
      self->send(whom, last);
    open.receive([&](const std::string& x) { std::cout << what << ": " << x << '\n'; },
                 [&](const error& why) { std::cout << what << ": " << system.render(why) << '\n'; });
  };
  outcome("keep", system.spawn(ending), "end");
  const auto gone = system.spawn(ending);
  self->send_exit(gone, exit_reason::user_shutdown);
  self->wait_for(gone);
  outcome("late", gone, "");
}
CPP
g++ -std=c++17 -O1 -w -Iroot/usr/include try.cpp -o try -L"$library" -l:"$(basename "$(find root -name 'libcaf_core.so.*' | head -1)")" -lpthread
LD_LIBRARY_PATH="$library" ./try | tee seen
grep -q '^keep: .*request_timeout' seen && grep -q '^late: .*request_receiver_down' seen
