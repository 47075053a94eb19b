#include "io/process_limits.hpp"

#include <sys/mman.h>
#include <sys/resource.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <limits>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace sluice::io {

namespace {

constexpr uint64_t mib = uint64_t{1} << 20;

fault too_little(const process_needs& needs, const std::string& what) {
  return {ec::unreachable, needs.who + " needs " + what};
}

/// The first word of a file that the kernel writes; none when it is not there.
std::optional<std::string> word_of(const std::string& path) {
  std::ifstream file{path};
  std::string word;
  if (file >> word)
    return word;
  return std::nullopt;
}

/// What this process's group may have of something; none: no limit, or it is not known. In a
/// container its own group is at the root of the tree that it sees.
std::optional<uint64_t> group_limit(std::string_view version_2, std::string_view version_1) {
  std::vector<std::string> files{"/sys/fs/cgroup/" + std::string{version_2},
                                 "/sys/fs/cgroup/" + std::string{version_1}};
  std::ifstream groups{"/proc/self/cgroup"};
  constexpr size_t groups_max = 32;
  std::string line;
  for (size_t i = 0; i < groups_max && std::getline(groups, line); ++i) {
    const auto kind = line.find(':');
    const auto path = line.find(':', kind + 1);
    if (kind == std::string::npos || path == std::string::npos)
      continue;
    const auto name = line.substr(kind + 1, path - kind - 1);
    const auto under = line.substr(path + 1) + '/';
    if (name.empty())
      files.push_back("/sys/fs/cgroup" + under + std::string{version_2});
    else if (version_1.substr(0, version_1.find('/')) == name)
      files.push_back("/sys/fs/cgroup/" + name + under
                      + std::string{version_1.substr(version_1.find('/') + 1)});
  }
  std::optional<uint64_t> least;
  for (const auto& file : files)
    if (const auto word = word_of(file);
        word && word->find_first_not_of("0123456789") == std::string::npos && word->size() < 19)
      least = std::min(least.value_or(std::numeric_limits<uint64_t>::max()), std::stoull(*word));
  return least;
}

/// Threads that wait for each other's number to be known.
class trial_threads {
public:
  trial_threads() = default;
  trial_threads(const trial_threads&) = delete;
  trial_threads& operator=(const trial_threads&) = delete;
  ~trial_threads() {
    {
      const std::lock_guard lock{mutex_};
      over_ = true;
    }
    changed_.notify_all();
    for (const auto x : all_)
      ::pthread_join(x, nullptr);
  }

  /// False: the system refuses.
  bool add() {
    pthread_t made{};
    if (::pthread_create(&made, nullptr, wait_in, this) != 0)
      return false;
    all_.push_back(made);
    return true;
  }
  size_t size() const { return all_.size(); }

private:
  static void* wait_in(void* self) {
    auto& all = *static_cast<trial_threads*>(self);
    std::unique_lock lock{all.mutex_};
    all.changed_.wait(lock, [&] { return all.over_; });
    return nullptr;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::vector<pthread_t> all_;
};

std::string limits_of_threads() {
  std::string text;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NPROC, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    text += "; of this user's account " + std::to_string(limit.rlim_cur)
            + " are allowed in all (ulimit -u, LimitNPROC)";
  if (const auto group = group_limit("pids.max", "pids/pids.max"))
    text += "; of this container or service " + std::to_string(*group)
            + " are allowed in all (docker --pids-limit, TasksMax)";
  return text;
}

result<nothing> check_threads(const process_needs& needs) {
  trial_threads trial;
  while (trial.size() < needs.threads)
    if (!trial.add())
      return too_little(needs, std::to_string(needs.threads) + " threads beside its first, and "
                                 + std::to_string(trial.size()) + " can be made here"
                                 + limits_of_threads());
  return nothing{};
}

result<nothing> check_descriptors(const process_needs& needs) {
  const auto allowed = raise_descriptor_limit();
  std::vector<int> trial;
  while (trial.size() < needs.descriptors) {
    const int made = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    if (made < 0)
      break;
    trial.push_back(made);
  }
  for (const int x : trial)
    ::close(x);
  if (trial.size() == needs.descriptors)
    return nothing{};
  return too_little(
    needs, std::to_string(needs.descriptors) + " descriptors beside those that are open, and "
             + std::to_string(trial.size()) + " can be opened here; " + std::to_string(allowed)
             + " are allowed in all (ulimit -n, LimitNOFILE)");
}

result<nothing> check_memory(const process_needs& needs) {
  if (needs.address_bytes != 0) {
    void* trial = ::mmap(nullptr, needs.address_bytes, PROT_NONE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (trial == MAP_FAILED)
      return too_little(needs, std::to_string(needs.address_bytes / mib)
                                 + " MiB of address space (not of memory) in one piece: "
                                 + std::strerror(errno) + "; see ulimit -v, LimitAS");
    ::munmap(trial, needs.address_bytes);
  }
  const auto group = group_limit("memory.max", "memory/memory.limit_in_bytes");
  if (group && *group < needs.memory_bytes)
    return too_little(needs, std::to_string(needs.memory_bytes / mib) + " MiB of memory, and "
                               + std::to_string(*group / mib)
                               + " are allowed here (docker --memory, MemoryMax)");
  return nothing{};
}

} // namespace

uint64_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return 0;
  if (limit.rlim_cur < limit.rlim_max) {
    rlimit raised = limit;
    raised.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &raised) == 0)
      limit = raised;
  }
  return limit.rlim_cur;
}

result<nothing> check_process(const process_needs& needs) {
  for (const auto check : {check_memory, check_descriptors, check_threads})
    if (auto enough = check(needs); !enough)
      return enough;
  return nothing{};
}

void open_standard_streams() {
  for (const int x : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(x, F_GETFD) < 0 && errno == EBADF) // the lowest free number is the one that is
                                                   // missing
      [[maybe_unused]]
      const int made = ::open("/dev/null", x == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

} // namespace sluice::io
