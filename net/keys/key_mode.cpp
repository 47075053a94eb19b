#include "net/keys/key_mode.hpp"

#include <sys/stat.h>

namespace sluice::net {

std::optional<fault> open_key_fault(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_nlink == 0
      || (facts.st_mode & (S_IRWXO | S_IWGRP)) == 0)
    return std::nullopt;
  return fault{ec::refused, path
                              + ": others may read or write this private key: expected mode 0600, "
                                "or 0640 for a group; chmod 600 "
                              + path + ", and make a new one if somebody could have read it"};
}

} // namespace sluice::net
