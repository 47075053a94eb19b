/// A file descriptor that is closed by whoever owns it.
#pragma once

#include <unistd.h>
#include <utility>

namespace sluice::net {

class descriptor {
public:
  descriptor() = default;
  /// `number`: from 0, or -1 for none.
  explicit descriptor(int number) : number_(number) {}
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~descriptor() {
    if (number_ >= 0)
      ::close(number_);
  }

  /// -1 when there is none.
  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

private:
  int number_ = -1;
};

} // namespace sluice::net
