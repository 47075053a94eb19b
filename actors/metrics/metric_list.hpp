/// Metrics by name; a point is added where its name is given.
#pragma once

#include "net/metrics/page.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

class metric_list {
public:
  using labels = std::vector<std::pair<std::string, std::string>>; // name and value

  /// The metric of this name, made when it is new.
  net::metric& of(const std::string& name, net::metric_kind kind, const std::string& help);

  /// Adds one point: of what only grows (a name that ends in _total), or of what goes up and down.
  /// Seconds and bytes are named so. From 0, only rising; not checked.
  void counter(const std::string& name, const std::string& help, double value, labels who = {});
  /// The same for what may also decrease: any number. Errors: none.
  void gauge(const std::string& name, const std::string& help, double value, labels who = {});

  /// All of them, by name; none are left.
  std::vector<net::metric> take();

private:
  std::map<std::string, net::metric> all_;
};

} // namespace sluice
