/// What a question, an answer or a notice is about: opaque to everybody but its mechanism.
#pragma once

#include <memory>
#include <string>
#include <utility>

namespace sluice {

/// The text of a JSON object, or a value of a mechanism that becomes such a text only where
/// somebody needs bytes: a miner in this process is asked without any. Never changes; copies share
/// what is inside, in any thread.
class miner_body {
public:
  /// The empty object.
  miner_body() = default;

  /// The text of a JSON object; nothing about it is checked here.
  explicit miner_body(std::string text)
    : inside_(std::make_shared<const written>(std::move(text))) {}

  /// A value. `write` gives the text of its JSON object; it may be called in any thread.
  template <class T>
  static miner_body of(T value, std::string (*write)(const T&)) {
    miner_body x;
    x.inside_ = std::make_shared<const held<T>>(std::move(value), write);
    return x;
  }

  /// The value inside; null when there is a text, or a value of another type. Exists as long as any
  /// copy of this body.
  template <class T>
  const T* as() const {
    const auto* x = dynamic_cast<const held<T>*>(inside_.get());
    return x ? &x->value : nullptr;
  }

  /// The text of the JSON object; of a value, written anew at each call.
  std::string text() const { return inside_ ? inside_->text() : "{}"; }

  /// Equal texts.
  friend bool operator==(const miner_body& a, const miner_body& b) {
    return a.inside_ == b.inside_ || a.text() == b.text();
  }

private:
  struct content {
    virtual ~content() = default;
    virtual std::string text() const = 0;
  };

  struct written final : content {
    explicit written(std::string x) : bytes(std::move(x)) {}
    std::string text() const override { return bytes; }
    std::string bytes;
  };

  template <class T>
  struct held final : content {
    held(T x, std::string (*f)(const T&)) : value(std::move(x)), write(f) {}
    std::string text() const override { return write(value); }
    T value;
    std::string (*write)(const T&);
  };

  std::shared_ptr<const content> inside_;
};

} // namespace sluice
