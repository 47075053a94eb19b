#include "storage/codec.hpp"

namespace sluice::storage {

void input_archive::refuse(const char* why) const {
  throw cereal::Exception("the value " + std::string{why} + " at byte "
                          + std::to_string(at_ - begin_) + " of " + std::to_string(end_ - begin_));
}

void read_versions(input_archive& in, uint8_t expected) {
  if (in.left() < 2)
    throw cereal::Exception("the value has no version");
  uint8_t wire = 0;
  uint8_t type = 0;
  in(wire, type);
  if (wire != wire_version || type != expected)
    throw cereal::Exception("the value has version " + std::to_string(wire) + '.'
                            + std::to_string(type) + ", expected " + std::to_string(wire_version)
                            + '.' + std::to_string(expected));
}

} // namespace sluice::storage
