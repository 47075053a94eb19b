#include "storage/map_guard.hpp"

#include "storage/files.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace sluice::storage {

namespace {

constexpr size_t guards_max = 16;
constexpr size_t text_bytes = 512;
constexpr int code_environment = 3;

/// What the handler of signals reads: no allocation, no lock.
struct guarded_file {
  std::atomic<bool> taken{false};
  std::atomic<uint64_t> inode{0}; // 0: not guarded (yet)
  std::array<char, text_bytes> folder{};
};

std::array<guarded_file, guards_max> guarded;
struct sigaction bus_before {};
struct sigaction segv_before {};

void say(std::string_view text) {
  while (!text.empty()) {
    const auto n = ::write(STDERR_FILENO, text.data(), text.size());
    if (n <= 0)
      return;
    text.remove_prefix(static_cast<size_t>(n));
  }
}

/// The value of a hexadecimal digit; 16 for anything else.
uint64_t hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return static_cast<uint64_t>(c - '0');
  return c >= 'a' && c <= 'f' ? static_cast<uint64_t>(c - 'a' + 10) : 16;
}

/// One line of /proc/self/maps, read byte by byte: "BEGIN-END rights offset device INODE path".
struct maps_line {
  std::array<uint64_t, 2> range{};
  uint64_t inode = 0;
  size_t side = 0;
  int field = 0;
  bool between = false; // the last byte was a space

  void take(char c) {
    if (c == ' ') {
      field += between ? 0 : 1;
      between = true;
      return;
    }
    between = false;
    const auto digit = hex_digit(c);
    if (field == 0 && c == '-')
      side = 1;
    else if (field == 0 && digit < 16)
      range[side] = range[side] * 16 + digit;
    else if (field == 4 && digit < 10)
      inode = inode * 10 + digit;
  }
};

/// The inode of the file that is mapped at this address; 0: none.
uint64_t inode_at(uintptr_t address) {
  const int fd = ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return 0;
  uint64_t found = 0;
  maps_line line;
  std::array<char, 1024> bytes{};
  for (auto n = ::read(fd, bytes.data(), bytes.size()); n > 0 && found == 0;
       n = ::read(fd, bytes.data(), bytes.size()))
    for (size_t i = 0; i < static_cast<size_t>(n); ++i) {
      if (bytes[i] != '\n') {
        line.take(bytes[i]);
        continue;
      }
      if (line.range[0] <= address && address < line.range[1])
        found = line.inode;
      line = {};
    }
  ::close(fd);
  return found;
}

void on_fault(int signal, siginfo_t* info, void*) {
  const auto inode = inode_at(reinterpret_cast<uintptr_t>(info->si_addr));
  for (const auto& one : guarded)
    if (inode != 0 && one.inode == inode) {
      say("sluice: ");
      say(one.folder.data());
      say(signal == SIGBUS
            ? ": the file is damaged: it ends before bytes that it counts, or the disk fails"
            : ": the file is damaged: reading it ends beyond it");
      say("; stopped. `sluice db verify` shows what is damaged\n");
      ::_exit(code_environment);
    }
  ::sigaction(signal, signal == SIGBUS ? &bus_before : &segv_before, nullptr); // and again
}

void install_handler() {
  struct sigaction action {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(SIGBUS, &action, &bus_before);
  ::sigaction(SIGSEGV, &action, &segv_before);
}

} // namespace

map_guard::map_guard(const std::filesystem::path& folder) {
  static std::once_flag installed;
  std::call_once(installed, install_handler);
  for (size_t i = 0; i < guards_max && slot_ < 0; ++i)
    if (!guarded[i].taken.exchange(true))
      slot_ = static_cast<int>(i);
  if (slot_ < 0)
    return;
  auto& mine = guarded[static_cast<size_t>(slot_)];
  const auto text = folder.string();
  mine.folder.fill('\0');
  std::memcpy(mine.folder.data(), text.data(), std::min(text.size(), text_bytes - 1));
  mine.inode = mark_of(folder / "data.mdb").number;
}

map_guard::map_guard(map_guard&& other) noexcept : slot_(std::exchange(other.slot_, -1)) {}

map_guard& map_guard::operator=(map_guard&& other) noexcept {
  std::swap(slot_, other.slot_);
  return *this;
}

map_guard::~map_guard() {
  if (slot_ < 0)
    return;
  auto& mine = guarded[static_cast<size_t>(slot_)];
  mine.inode = 0;
  mine.taken = false;
}

void end_over_damage(const std::filesystem::path& folder, const char* detail) {
  say("sluice: ");
  say(folder.native());
  say(": the file is damaged: ");
  say(detail);
  say("; stopped. `sluice db verify` shows what is damaged\n");
  ::_exit(code_environment);
}

} // namespace sluice::storage
