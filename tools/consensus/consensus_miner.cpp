#include "tools/consensus/consensus_miner.hpp"

#include "net/consensus/task_bodies.hpp"
#include "rules/consensus/name.hpp"
#include "rules/consensus/worker_strategy.hpp"
#include "tools/miner/miner_event.hpp"

#include <fmt/format.h>

#include <utility>

namespace sluice::tools {

namespace {

class task_miner final : public miner_side {
public:
  task_miner(const miner_side_config& config, worker_strategy what)
    : config_(config), what_(what) {}

  void welcome(const std::string& node, const hotkey& key, miner_uid uid) override {
    key_ = key;
    miner_event x{"welcome", fmt::format("{} knows {} as uid {}", node, key.value, uid.value)};
    x.object["node"] = node;
    x.object["hotkey"] = key.value;
    x.object["uid"] = uid.value;
    show(x);
  }

  result<miner_move> asked(const net::wire_question& question) override {
    if (question.mechanism != consensus_name)
      return miner_move{};
    const auto body = net::task_codec().question(question.body);
    if (!body)
      return body.error();
    const auto read = *net::task_question_in(*body, question.deadline_ms);
    miner_event x{
      "task", fmt::format("{}: {} of {} bytes", read.task_id, read.task_type, read.payload.size())};
    x.object["task_id"] = read.task_id;
    x.object["task_type"] = read.task_type;
    x.object["bytes"] = read.payload.size();
    x.object["deadline_ms"] = read.deadline_ms;
    show(x);
    auto answer = worker_answer(what_, key_, read);
    if (!answer)
      return miner_move{};
    miner_event y{"answer", fmt::format("{}: {} bytes", read.task_id, answer->result.size())};
    y.object["task_id"] = read.task_id;
    y.object["bytes"] = answer->result.size();
    show(y);
    return miner_move{
      net::wire_answer{question.id, {net::task_answer_body(*std::move(answer)).text()}}, false};
  }

  result<nothing> noticed(const net::wire_notice& notice) override {
    if (notice.mechanism != consensus_name)
      return nothing{};
    const auto body = net::task_codec().notice(notice.body);
    if (!body)
      return body.error();
    const auto read = *net::task_notice_in(*body);
    miner_event x{"ended", fmt::format("{}: {}, score {:.4f} (accuracy {:.2f}, speed {:.2f}){}",
                                       read.task_id, read.state, read.score, read.accuracy,
                                       read.speed, read.best ? ", the best" : "")};
    x.object["task_id"] = read.task_id;
    x.object["status"] = read.state;
    x.object["score"] = read.score;
    x.object["accuracy"] = read.accuracy;
    x.object["speed"] = read.speed;
    x.object["best"] = read.best;
    show(x);
    if (config_.once)
      over_ = 0;
    return nothing{};
  }

  void refused(const gateway_refusal& why) override {
    const auto what = advice(why.reason);
    miner_event x{"refused",
                  fmt::format("{}: {} (what to do: {})", to_string(why.reason), why.text, what)};
    x.object["reason"] = to_string(why.reason);
    x.object["text"] = why.text;
    x.object["advice"] = what;
    x.object["retry_ms"] = why.retry_ms;
    show(x);
    if (config_.once && why.reason != gateway_reason::closing)
      over_ = 1;
  }

  void lost(const std::string& node, const std::string& why, uint64_t pause_ms) override {
    constexpr double ms_per_s = 1000;
    miner_event x{"lost", fmt::format("{}: {}; trying again in {:.1f} s", node, why,
                                      static_cast<double>(pause_ms) / ms_per_s)};
    x.object["node"] = node;
    x.object["why"] = why;
    x.object["pause_ms"] = pause_ms;
    show(x);
  }

  const std::optional<int>& over() const override { return over_; }

private:
  void show(const miner_event& x) { config_.write(line_of(x, config_.json, config_.unix_ms)); }

  miner_side_config config_;
  worker_strategy what_;
  hotkey key_;
  std::optional<int> over_;
};

} // namespace

result<std::unique_ptr<miner_side>> make_consensus_miner(const miner_side_config& config) {
  const auto what = parse_worker_strategy(config.strategy);
  if (!what)
    return what.error();
  return std::unique_ptr<miner_side>{std::make_unique<task_miner>(config, *what)};
}

} // namespace sluice::tools
