#include "tests/fuzz/replay_input.hpp"

#include "tools/replay/replay.hpp"

#include <sys/mman.h>

#include <stdexcept>
#include <unistd.h>

namespace sluice::test {

namespace {

/// A file that lies in memory only and has a path all the same.
class memory_file {
public:
  explicit memory_file(std::string_view bytes) : fd_(::memfd_create("input", MFD_CLOEXEC)) {
    while (fd_ >= 0 && !bytes.empty()) {
      const auto n = ::write(fd_, bytes.data(), bytes.size());
      if (n <= 0)
        throw std::runtime_error("cannot write to memory");
      bytes.remove_prefix(static_cast<size_t>(n));
    }
    if (fd_ < 0)
      throw std::runtime_error("no file in memory");
  }
  memory_file(const memory_file&) = delete;
  ~memory_file() { ::close(fd_); }

  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

private:
  int fd_;
};

/// One line, about this file, or of nothing in it that could be named.
std::string complaint_about(const fault& why, const std::string& path) {
  if (why.what.empty() || why.what.size() > 2000)
    return "a fault of " + std::to_string(why.what.size()) + " bytes";
  for (const char c : why.what)
    if (static_cast<unsigned char>(c) < 0x20)
      return "a fault with a control character: " + io::quoted(why.what, 400);
  if (!why.what.starts_with(path))
    return "a fault that does not name its file: " + why.what;
  return {};
}

} // namespace

replay_end replay_anything(std::string_view bytes) {
  replay_end end;
  const memory_file file{bytes};
  for (const auto mode :
       {tools::corpus_mode::count, tools::corpus_mode::check, tools::corpus_mode::dump}) {
    tools::replay_options options;
    options.mode = mode;
    auto out = io::output_file::open("/dev/null");
    if (!out)
      throw std::runtime_error(out.error().what);
    options.out = &*out;
    const auto report = tools::replay_file(file.path(), options);
    if (!report)
      end.wrong = complaint_about(report.error(), file.path());
    else if (tools::as_text(*report).empty() || tools::as_json(*report).empty())
      end.wrong = "a report without words";
    end.read = end.read || report;
    if (!end.wrong.empty())
      return end;
  }
  return end;
}

} // namespace sluice::test
