/// Bytes on their way to a peer: heads and small bodies one behind the other, larger bodies by
/// reference.
#pragma once

#include <boost/asio/buffer.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::net {

/// All quantities are bytes, from 0.
class output_queue {
public:
  /// At most so many pieces are handed out at once.
  static constexpr size_t pieces_max = 8;
  /// A body from here on is referred to and not copied; inclusive.
  static constexpr size_t referred_bytes_min = 8192;

  /// What comes last so far; only to be appended to.
  std::string& text() { return text_; }
  /// Copies a body, or refers to it for as long as it is not sent.
  void add(std::string_view bytes, const std::shared_ptr<const void>& owner);

  size_t bytes() const { return text_.size() + referred_bytes_ - sent_; }
  bool empty() const { return bytes() == 0; }

  struct pieces {
    std::array<boost::asio::const_buffer, pieces_max> list{};
    size_t count = 0;

    const boost::asio::const_buffer* begin() const { return list.data(); }
    const boost::asio::const_buffer* end() const { return list.data() + count; }
  };
  /// What is to be sent next; stays where it is until something is added.
  pieces next() const;
  /// `bytes`: of what `next` handed out; not checked. Empty afterwards, everything is let go of,
  /// but for a little memory.
  void sent(size_t bytes);

  void swap(output_queue& other) noexcept;

private:
  struct referred {
    size_t behind = 0; // comes behind so many bytes of `text_`
    std::string_view bytes;
    std::shared_ptr<const void> owner;
  };

  std::string text_;
  std::vector<referred> referred_;
  size_t referred_bytes_ = 0;
  size_t sent_ = 0;
};

} // namespace sluice::net
