#include "storage/guarded_work.hpp"

#include "storage/disk_fault.hpp"
#include "storage/files.hpp"
#include "storage/key.hpp"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <poll.h>
#include <unistd.h>

namespace sluice::storage {

/// Where the child is. Written by the child only; a text that is half written when a signal comes
/// is a text that is half right.
struct work_place {
  std::atomic<uint64_t> done{0};
  std::atomic<uint64_t> total{0};
  std::array<uint16_t, 3> sizes{}; // of store, table, key
  std::array<std::array<char, 128>, 2> names{};
  std::array<char, 511> key{};
};

namespace {

constexpr size_t answer_bytes_max = size_t{256} << 20;
constexpr int look_ms = 200;
constexpr int looks_without_progress_max = 3000; // ten minutes
constexpr int answer_fd = STDERR_FILENO + 1;

/// Memory that both processes see; unmapped at the end.
class shared_place {
public:
  shared_place() {
    void* at = ::mmap(nullptr, sizeof(work_place), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (at != MAP_FAILED)
      place_ = new (at) work_place;
  }
  shared_place(const shared_place&) = delete;
  ~shared_place() {
    if (place_)
      ::munmap(place_, sizeof(work_place));
  }
  work_place* get() { return place_; }

private:
  work_place* place_ = nullptr;
};

bool send_answer(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(answer_fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    bytes.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

/// In the child: never returns, and leaves no trace of a crash.
[[noreturn]] void work_and_end(int out, const guarded_work& work, work_place* place) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::dup2(out, answer_fd);
  ::close_range(answer_fd + 1, ~0U, 0); // the lock of a folder ends with the parent
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL})
    std::signal(signal, SIG_DFL);
  const int silence = ::open("/dev/null", O_WRONLY); // what LMDB says before it aborts
  if (silence >= 0)
    ::dup2(silence, STDERR_FILENO);
  work_progress progress{place};
  std::string answer(1, '\0');
  try {
    auto made = work(progress);
    answer[0] = static_cast<char>(made ? ec::none : made.error().code);
    answer += made ? *made : made.error().what;
  } catch (const std::exception& why) {
    answer[0] = static_cast<char>(ec::unreachable);
    answer += std::string{"the work ended by an exception: "} + why.what();
  }
  ::_exit(send_answer(answer) ? 0 : 1);
}

std::string place_text(const work_place& x) {
  const auto text = [](const auto& from, uint16_t size) {
    return std::string_view{from.data(), std::min<size_t>(size, from.size())};
  };
  std::string made;
  if (x.sizes[0] > 0)
    made += " in store " + std::string{text(x.names[0], x.sizes[0])};
  if (x.sizes[1] > 0)
    made += ", table " + std::string{text(x.names[1], x.sizes[1])};
  if (x.sizes[2] > 0)
    made += ", at or behind row " + to_hex(text(x.key, x.sizes[2]));
  return made;
}

/// Everything the child answers; a fault when it does not move any more, or answers too much.
result<std::string> read_answer(const std::filesystem::path& what, int from, const work_place& at,
                                const progress_shown& shown) {
  std::string answer;
  std::array<char, 1 << 16> chunk{};
  uint64_t before = UINT64_MAX;
  for (int still = 0; still < looks_without_progress_max;) {
    pollfd watched{from, POLLIN, 0};
    const int ready = ::poll(&watched, 1, look_ms);
    const uint64_t done = at.done;
    still = done == before && ready == 0 ? still + 1 : 0;
    before = done;
    if (shown && at.total > 0)
      shown(done, at.total);
    if (ready <= 0)
      continue;
    const auto got = ::read(from, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return disk_fault(errno, what, "be read: the child's answer is lost");
    if (got == 0)
      return answer;
    answer.append(chunk.data(), static_cast<size_t>(got));
    if (answer.size() > answer_bytes_max)
      return fault{ec::corrupt_data, what.string() + ": there is more to say about it than "
                                       + std::to_string(answer_bytes_max) + " bytes"};
  }
  return fault{ec::timeout,
               what.string() + ": reading it has not moved for ten minutes" + place_text(at)};
}

} // namespace

void work_progress::at(std::string_view store, std::string_view table, std::string_view key) {
  if (!place_)
    return;
  const auto put = [](auto& to, uint16_t& size, std::string_view text) {
    size = static_cast<uint16_t>(std::min(text.size(), to.size()));
    std::memcpy(to.data(), text.data(), size);
  };
  put(place_->names[0], place_->sizes[0], store);
  put(place_->names[1], place_->sizes[1], table);
  put(place_->key, place_->sizes[2], key);
}

void work_progress::done(uint64_t done, uint64_t total) {
  if (!place_)
    return;
  place_->done = done;
  place_->total = total;
}

void work_progress::add_row() {
  if (place_)
    place_->done.fetch_add(1, std::memory_order_relaxed);
}

result<std::string> run_guarded(const std::filesystem::path& what, const guarded_work& work,
                                const progress_shown& shown) {
  shared_place place;
  std::array<int, 2> ends{-1, -1};
  if (!place.get() || ::pipe2(ends.data(), O_CLOEXEC) != 0)
    return disk_fault(errno, what, "be read in a process of its own");
  const open_file in{ends[0]};
  open_file out{ends[1]};
  std::fflush(nullptr); // or both processes would write it
  const pid_t child = ::fork();
  if (child < 0)
    return disk_fault(errno, what, "be read in a process of its own");
  if (child == 0)
    work_and_end(out.get(), work, place.get());
  out = open_file{};
  auto answer = read_answer(what, in.get(), *place.get(), shown);
  if (!answer)
    ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return disk_fault(errno, what, "be read in a process of its own");
  if (!answer)
    return answer;
  if (WIFSIGNALED(status))
    return fault{ec::corrupt_data, what.string() + ": the file is damaged: reading it ends with "
                                     + "signal " + std::to_string(WTERMSIG(status)) + " ("
                                     + ::strsignal(WTERMSIG(status)) + ")"
                                     + place_text(*place.get())};
  if (WEXITSTATUS(status) != 0 || answer->empty())
    return fault{ec::unreachable, what.string() + ": the process that read it gave no answer"};
  const auto code = static_cast<ec>((*answer)[0]);
  if (code != ec::none)
    return fault{code, answer->substr(1)};
  return answer->substr(1);
}

} // namespace sluice::storage
