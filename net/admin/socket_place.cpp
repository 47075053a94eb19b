#include "net/admin/socket_place.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>

namespace sluice::net {

result<socket_place> socket_place::in(const std::filesystem::path& folder, std::string_view name) {
  socket_place made;
  made.path_ = folder / name;
  made.folder_ = descriptor{::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  if (!made.folder_)
    return fault{ec::unreachable, folder.string() + ": " + std::strerror(errno)};
  auto text = made.path_.string();
  if (text.size() >= sizeof made.address_.sun_path)
    text = "/proc/self/fd/" + std::to_string(made.folder_.get()) + '/' + std::string{name};
  if (text.size() >= sizeof made.address_.sun_path)
    return fault{ec::invalid_argument, "a socket's name of " + std::to_string(name.size())
                                         + " bytes; expected at most 80"};
  made.address_.sun_family = AF_UNIX;
  std::memcpy(made.address_.sun_path, text.c_str(), text.size() + 1);
  return made;
}

} // namespace sluice::net
