/// What one mechanism is configured with: a value of its own type that everybody else only carries.
#pragma once

#include <memory>
#include <typeinfo>
#include <utility>

namespace sluice {

/// Copies share the value until one of them is edited.
class mechanism_settings {
public:
  mechanism_settings() = default;

  /// `T` is a value type with ==.
  template <class T>
  static mechanism_settings of(T x) {
    mechanism_settings made;
    made.value_ = std::make_shared<holder<T>>(std::move(x));
    return made;
  }

  /// Null when it holds nothing, or another type.
  template <class T>
  const T* find() const {
    const auto* held = dynamic_cast<const holder<T>*>(value_.get());
    return held ? &held->value : nullptr;
  }

  /// The value itself, to be changed; what held nothing, or another type, holds a T{} from now on.
  template <class T>
  T& edit() {
    auto* held = dynamic_cast<holder<T>*>(value_.get());
    if (!held || value_.use_count() > 1) {
      auto own = held ? std::make_shared<holder<T>>(held->value) : std::make_shared<holder<T>>(T{});
      held = own.get();
      value_ = std::move(own);
    }
    return held->value;
  }

  friend bool operator==(const mechanism_settings& a, const mechanism_settings& b) {
    if (a.value_ == b.value_)
      return true;
    return a.value_ && b.value_ && a.value_->equals(*b.value_);
  }

private:
  struct base {
    virtual ~base() = default;
    virtual bool equals(const base& other) const = 0;
  };
  template <class T>
  struct holder : base {
    explicit holder(T x) : value(std::move(x)) {}
    bool equals(const base& other) const override {
      const auto* same = dynamic_cast<const holder*>(&other);
      return same && value == same->value;
    }
    T value;
  };

  std::shared_ptr<base> value_;
};

} // namespace sluice
