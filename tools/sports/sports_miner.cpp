#include "tools/sports/sports_miner.hpp"

#include "net/sports/bodies.hpp"
#include "rules/sports/command_picks.hpp"
#include "rules/sports/gateway_picks.hpp"
#include "rules/sports/miner_strategy.hpp"
#include "rules/sports/name.hpp"
#include "tools/bounded_command.hpp"
#include "tools/miner/miner_event.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace sluice::tools {

namespace {

/// Games that a model has learnt from are remembered for so long after their start, so that none
/// counts twice.
constexpr int64_t learnt_us = int64_t{60} * 86'400 * 1'000'000;

constexpr uint64_t command_ms_max = 30'000;

/// Of the time to answer, what a command gets; the rest is for the way.
uint64_t command_time_ms(uint64_t deadline_ms) {
  constexpr uint64_t tenths = 8;
  return std::clamp<uint64_t>(deadline_ms * tenths / 10, 1, command_ms_max);
}

std::string counted(size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// Answers questions of one node.
class gateway_sports_miner final : public miner_side {
public:
  gateway_sports_miner(const miner_side_config& config, sports_strategy strategy)
    : config_(config), strategy_(std::move(strategy)) {}

  void welcome(const std::string& node, const hotkey& key, miner_uid uid) override {
    if (!picks_)
      picks_.emplace(key);
    uid_ = uid;
    miner_event x{"welcome", fmt::format("{} knows {} as uid {}; strategy {}", node, key.value,
                                         uid.value, config_.strategy)};
    x.object["node"] = node;
    x.object["hotkey"] = key.value;
    x.object["uid"] = uid.value;
    x.object["strategy"] = config_.strategy;
    show(x);
  }

  result<miner_move> asked(const net::wire_question& question) override {
    if (question.mechanism != sports_name || !picks_)
      return miner_move{};
    const auto body = net::sports_codec().question(question.body);
    if (!body)
      return body.error();
    const auto read = net::sports_question_in(*body, question.deadline_ms);
    if (!read)
      return read.error();
    const auto games = picks_->undecided(*read);
    miner_event x{"question", fmt::format("{}, {} of them not predicted yet",
                                          counted(read->games.size(), "game"), games.size())};
    x.object["games"] = read->games.size();
    x.object["undecided"] = games.size();
    x.object["deadline_ms"] = read->deadline_ms;
    if (read->daily_left)
      x.object["daily_left"] = text_of_nano(*read->daily_left);
    show(x);
    decide(*read, games);
    auto answer = net::fitting_predictions(picks_->claims_for(*read));
    answered(answer.predictions.size());
    return miner_move{
      net::wire_answer{question.id, {net::sports_answer_body(std::move(answer)).text()}}, false};
  }

  result<nothing> noticed(const net::wire_notice& notice) override {
    if (notice.mechanism != sports_name || !picks_)
      return nothing{};
    const auto body = net::sports_codec().notice(notice.body);
    if (!body)
      return body.error();
    const auto read = net::sports_notice_in(*body);
    if (!read)
      return read.error();
    for (const auto& one : read->answers)
      if (picks_->take(one))
        show_answer(one);
    learn(*read);
    if (config_.once && answers_ > 0 && !read->answers.empty())
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
  /// A command that fails is shown; what was decided before is answered all the same.
  void decide(const sports_question& question, const std::vector<sports_game>& games) {
    if (games.empty())
      return;
    const auto left = picks_->left_for_new(question);
    auto picks = strategy_.model ? result{picks_of(*strategy_.model, games, left, {})}
                                 : picks_by_command(question, games, left);
    if (!picks) {
      miner_event x{"failed", picks.error().what};
      x.object["why"] = picks.error().what;
      return show(x);
    }
    picks_->decide(games, *std::move(picks), uid_, question.now_us);
  }

  result<std::vector<game_pick>>
  picks_by_command(const sports_question& question, const std::vector<sports_game>& games,
                   nano left) const {
    const auto output = run_bounded(strategy_.command, command_input(games),
                                    {command_time_ms(question.deadline_ms)});
    if (!output)
      return output.error();
    return picks_of_command(*output, games, left);
  }

  void learn(const sports_notice& notice) {
    const auto oldest_us = notice.now_us - learnt_us;
    std::erase_if(learnt_, [&](const auto& x) { return x.second < oldest_us; });
    if (strategy_.model)
      for (const auto& game : notice.games)
        if (game.outcome != game_outcome::undecided && game.start_us >= oldest_us
            && learnt_.emplace(game.external_id, game.start_us).second)
          strategy_.model->learn(game);
  }

  void answered(size_t predictions) {
    answers_ += predictions;
    const auto& all = picks_->counts();
    miner_event x{"answer", fmt::format("{}; so far {} confirmed, {} refused, {} pending",
                                        counted(predictions, "prediction"), all.confirmed,
                                        all.refused, all.pending)};
    x.object["predictions"] = predictions;
    x.object["made"] = all.made;
    x.object["confirmed"] = all.confirmed;
    x.object["refused"] = all.refused;
    x.object["pending"] = all.pending;
    x.object["expired"] = all.expired;
    show(x);
  }

  void show_answer(const prediction_answer& one) {
    miner_event x{one.confirmed() ? "confirmed" : "not_taken",
                  fmt::format("{}: {} ({})", one.prediction_id, one.message, name_of(one.code))};
    x.object["prediction_id"] = one.prediction_id;
    x.object["code"] = name_of(one.code);
    x.object["same"] = one.same;
    x.object["message"] = one.message;
    show(x);
  }

  void show(const miner_event& x) { config_.write(line_of(x, config_.json, config_.unix_ms)); }

  miner_side_config config_;
  sports_strategy strategy_;
  std::optional<gateway_picks> picks_; // from the first welcome
  miner_uid uid_;
  std::map<std::string, int64_t> learnt_; // start, by game
  uint64_t answers_ = 0;
  std::optional<int> over_;
};

} // namespace

result<std::unique_ptr<miner_side>> make_sports_miner(const miner_side_config& config) {
  auto strategy = parse_sports_strategy(config.strategy);
  if (!strategy)
    return strategy.error();
  return std::unique_ptr<miner_side>{
    std::make_unique<gateway_sports_miner>(config, *std::move(strategy))};
}

} // namespace sluice::tools
