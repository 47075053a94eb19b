#include "actors/metrics/metric_list.hpp"

namespace sluice {

net::metric&
metric_list::of(const std::string& name, net::metric_kind kind, const std::string& help) {
  auto& x = all_[name];
  x.name = name;
  x.kind = kind;
  x.help = help;
  return x;
}

void metric_list::counter(const std::string& name, const std::string& help, double value,
                          labels who) {
  of(name, net::metric_kind::counter, help).points.push_back({std::move(who), value, {}, 0});
}

void metric_list::gauge(const std::string& name, const std::string& help, double value,
                        labels who) {
  of(name, net::metric_kind::gauge, help).points.push_back({std::move(who), value, {}, 0});
}

std::vector<net::metric> metric_list::take() {
  std::vector<net::metric> out;
  for (auto& [name, x] : all_)
    out.push_back(std::move(x));
  all_.clear();
  return out;
}

} // namespace sluice
