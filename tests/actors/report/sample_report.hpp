/// Reports of small mechanisms that only count, and a run of them, without running one.
#pragma once

#include "actors/report/json_event.hpp"
#include "actors/report/run_memory.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sluice::report::test {

inline publish_record published() {
  publish_record x;
  x.epoch = {3};
  x.status = publish_status::confirmed;
  x.row = {{0, 65535}, {3, 49845}};
  x.read_back = x.row;
  x.included_block = 226;
  x.read_back_block = 227;
  x.hash = "ab12";
  return x;
}

struct count_detail : step_detail {
  explicit count_detail(uint64_t count) : n(count) {}
  uint64_t n;
};

/// Adds up what the steps of its own mechanism counted, and puts it into every form.
class count_report final : public mechanism_report {
public:
  explicit count_report(std::string name, miner_uid miner = {100})
    : name_(std::move(name)), miner_(miner) {}

  void start(const run_started& first) override {
    limit_ = *first.mechanisms.at(name_).find<uint64_t>();
    sources_ = first.sources.at(name_);
  }
  void take(const step_report& step) override {
    EXPECT_EQ(step.mechanism, name_);
    sum_ += count_of(step);
  }
  bool is_miner(miner_uid uid) const override { return uid == miner_; }

  std::vector<std::pair<std::string, std::string>> facts() const override {
    std::vector<std::pair<std::string, std::string>> all{
      {name_, "up to " + std::to_string(limit_)}};
    for (const auto& x : sources_)
      all.emplace_back("", x);
    return all;
  }
  std::string draw_step(const step_report& step, const page& on) const override {
    return cut_to(name_ + " counted " + std::to_string(count_of(step)), on);
  }
  std::string draw_summary(const page& on) const override {
    return cut_to(name_ + " counted " + std::to_string(sum_) + " in all", on);
  }

  void add_to_start_line(line& out) const override { out.add(name_, limit_); }
  std::string start_lines() const override {
    std::string text;
    for (const auto& x : sources_)
      text += line{name_ + "_source"}.add("what", x).end();
    return text;
  }
  std::string step_lines(const step_report& step) const override {
    return line{name_}.add("count", count_of(step)).end();
  }
  std::string summary_lines() const override { return line{name_}.add("sum", sum_).end(); }

  void add_to_start(json& out) const override { out[name_] = limit_; }
  std::string
  step_json(uint64_t number, const step_report& step, const json_extras& extras) const override {
    auto out = json_event(name_, extras);
    out["lap"] = number;
    out["count"] = count_of(step);
    return json_line(out);
  }
  void add_to_summary(json& out) const override { out[name_] = sum_; }

private:
  static uint64_t count_of(const step_report& step) {
    const auto* detail = dynamic_cast<const count_detail*>(step.detail.get());
    return detail ? detail->n : 0;
  }
  static std::string cut_to(const std::string& text, const page& on) {
    return text.substr(0, on.columns) + "\n\n";
  }

  std::string name_;
  miner_uid miner_;
  uint64_t limit_ = 0;
  uint64_t sum_ = 0;
  std::vector<std::string> sources_;
};

inline step_report count_step(const std::string& mechanism, uint64_t n) {
  step_report step;
  step.mechanism = mechanism;
  step.detail = std::make_shared<const count_detail>(n);
  return step;
}

/// Both mechanisms of the sample.
inline mechanism_reports count_reports() {
  mechanism_reports parts;
  parts["beta"] = std::make_unique<count_report>("beta", miner_uid{7});
  parts["alpha"] = std::make_unique<count_report>("alpha", miner_uid{3});
  return parts;
}

inline run_started count_started() {
  run_started first;
  first.title = "sluice dev, seed 7";
  first.data = "/tmp/sluice data";
  first.again = {"sluice", "node", "--dev", "--data", "/tmp/sluice data"};
  first.labels = {{"miner-a", "hold"}, {"miner-b", "wide"}, {"miner-c", "hold"}};
  first.mechanisms["alpha"] = mechanism_settings::of(uint64_t{10});
  first.mechanisms["beta"] = mechanism_settings::of(uint64_t{20});
  first.sources["alpha"] = {"fingers"};
  first.sources["beta"] = {"beads", "stones"};
  return first;
}

/// The second mechanism comes first in it: the order of names decides, not this one.
inline step_done count_step_done() {
  step_done step;
  step.number = 3;
  step.chain = {226, {3}};
  step.mechanisms = {count_step("beta", 5), count_step("alpha", 4)};
  step.published = published();
  return step;
}

/// A run of both mechanisms that took these steps.
inline run_memory count_memory(std::initializer_list<step_done> steps = {}) {
  run_memory memory{count_reports()};
  memory.start(count_started());
  for (const auto& step : steps)
    memory.take(step);
  return memory;
}

} // namespace sluice::report::test
