#include "storage/readers.hpp"

#include "storage/transaction.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <string_view>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace sluice::storage {

namespace {

/// The next word of a line; "" at its end.
std::string_view next_word(std::string_view& line) {
  const auto from = std::min(line.find_first_not_of(" \t\r"), line.size());
  line.remove_prefix(from);
  const auto word = line.substr(0, line.find_first_of(" \t\r"));
  line.remove_prefix(word.size());
  return word;
}

template <class T>
bool whole_number(std::string_view text, T& out, int base = 10) {
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, out, base);
  return !text.empty() && read.ec == std::errc{} && read.ptr == end;
}

std::optional<reader_slot> slot_of(std::string_view line, const std::string& store) {
  reader_slot slot;
  slot.store = store;
  const bool read = whole_number(next_word(line), slot.pid)
                    && whole_number(next_word(line), slot.thread, 16)
                    && whole_number(next_word(line), slot.commit);
  if (!read || !next_word(line).empty())
    return std::nullopt;
  return slot;
}

int append_line(const char* line, void* to) {
  static_cast<std::string*>(to)->append(line);
  return 0;
}

} // namespace

std::vector<reader_slot> parse_readers(std::string_view lines, const std::string& store) {
  std::vector<reader_slot> all;
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size());
    if (auto slot = slot_of(lines.substr(0, end), store))
      all.push_back(*std::move(slot));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return all;
}

result<std::vector<reader_slot>> environment::readers() const {
  const map_gate::pass inside{*gate_};
  std::string lines;
  if (const int rc = mdb_reader_list(env_.get(), append_line, &lines); rc < 0)
    return failed(rc, "list who reads");
  return parse_readers(lines, options_.store);
}

result<uint32_t> environment::clear_dead_readers() const {
  if (options_.no_lock)
    return uint32_t{0};
  const map_gate::pass inside{*gate_};
  int dead = 0;
  if (const int rc = mdb_reader_check(env_.get(), &dead))
    return failed(rc, "look for readers that are gone");
  return static_cast<uint32_t>(dead);
}

result<std::vector<reader_slot>> readers_of(const data_dir& disk) {
  std::vector<reader_slot> all;
  for (const auto* store : {&disk.node(), &disk.pool_events(), &disk.devchain()}) {
    auto some = store->readers();
    if (!some)
      return some.error();
    all.insert(all.end(), some->begin(), some->end());
  }
  std::ranges::sort(all);
  return all;
}

result<uint32_t> clear_dead_readers(const data_dir& disk) {
  uint32_t dead = 0;
  for (const auto* store : {&disk.node(), &disk.pool_events(), &disk.devchain()}) {
    const auto some = store->clear_dead_readers();
    if (!some)
      return some.error();
    dead += *some;
  }
  return dead;
}

std::vector<held_reader>
reader_ages::look(uint64_t now_ms, const std::vector<reader_slot>& seen, int64_t own_pid) {
  std::map<reader_slot, known_reader> now;
  std::vector<held_reader> all;
  for (const auto& slot : seen) {
    const auto before = known_.find(slot);
    const auto known = before == known_.end() ? known_reader{now_ms, 0} : before->second;
    now[slot] = known;
    all.push_back({slot, now_ms - std::min(now_ms, known.since_ms), slot.pid == own_pid});
  }
  known_ = std::move(now);
  std::ranges::stable_sort(
    all, [](const held_reader& a, const held_reader& b) { return a.held_ms > b.held_ms; });
  return all;
}

std::vector<held_reader>
reader_ages::to_warn(const std::vector<held_reader>& all, uint64_t patience_ms) {
  std::vector<held_reader> found;
  for (const auto& x : all) {
    const auto known = known_.find(x.slot);
    if (x.own || known == known_.end() || x.held_ms < patience_ms
        || x.held_ms < 2 * known->second.warned_ms)
      continue;
    known->second.warned_ms = std::max<uint64_t>(x.held_ms, 1);
    found.push_back(x);
  }
  return found;
}

result<nothing> end_reader(const data_dir& disk, int64_t pid, reader_end how) {
  if (pid == ::getpid())
    return fault{ec::invalid_argument,
                 "process " + std::to_string(pid) + " is this node itself; end it with stop"};
  if (auto cleared = clear_dead_readers(disk); !cleared)
    return cleared.error();
  const auto all = readers_of(disk);
  if (!all)
    return all.error();
  if (pid <= 1 || std::ranges::none_of(*all, [pid](const auto& x) { return x.pid == pid; })) {
    std::string there;
    for (const auto& x : *all)
      if (const auto name = std::to_string(x.pid);
          x.pid != ::getpid() && there.find(name) == std::string::npos)
        there += (there.empty() ? "" : ", ") + name;
    return fault{ec::no_such_key, "process " + std::to_string(pid)
                                    + " reads nothing of this folder; readers are "
                                    + (there.empty() ? "none but this node" : there)};
  }
  const auto target = static_cast<pid_t>(pid);
  bool sent = ::kill(target, how == reader_end::forced ? SIGKILL : SIGTERM) == 0;
  const int why = errno;
  if (sent && how == reader_end::asked)
    sent = ::kill(target, SIGCONT) == 0 || errno == ESRCH; // one that is stopped takes no signal
  if (sent || why == ESRCH)
    return nothing{};
  return fault{why == EPERM ? ec::read_only : ec::unreachable,
               "process " + std::to_string(pid) + " cannot be ended from here: "
                 + std::generic_category().message(why) + "; end it as the user who started it"};
}

} // namespace sluice::storage
