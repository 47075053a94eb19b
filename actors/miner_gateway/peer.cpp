#include "actors/miner_gateway/peer.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/promised_answer.hpp"
#include "net/miner_gateway/wire.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <vector>

namespace sluice {

namespace {

class peer_state {
public:
  static inline const char* name = "peer";

  explicit peer_state(peer_actor::pointer self) : self_(self) {}
  ~peer_state() {
    if (!left_ && output_.end)
      output_.end({gateway_reason::closing,
                   stopped_ ? "this node stops or restarts its miner gateway; come back"
                            : "something broke here; come back",
                   0});
  }

  void setup(peer_config config, peer_output output, std::shared_ptr<peer_counts> counts) {
    config_ = std::move(config);
    output_ = std::move(output);
    counts_ = std::move(counts);
    if (is_flat())
      flat_codec_ = codec_of(config_.mechanisms->protocol_1);
  }

  caf::result<miner_answer> ask(const miner_question& question) {
    if (open_.size() >= config_.mechanisms->questions_max)
      return to_error({ec::busy, "too many questions are open"});
    const auto* codec = serves(question.mechanism) ? codec_of(question.mechanism) : nullptr;
    if (!codec)
      return to_error({ec::refused, "this miner speaks protocol " + std::to_string(config_.protocol)
                                      + ", in which there is no mechanism " + question.mechanism});
    const auto id = ++last_;
    auto& x = open_[id];
    x.answer = promised_answer<miner_answer>{self_};
    x.deadline = std::chrono::milliseconds{question.deadline_ms};
    x.codec = codec;
    ++counts_->asked;
    send(net::wire_question{id, question.mechanism, question.deadline_ms, {question.body.text()}},
         id);
    return x.answer.promise();
  }

  /// Answered when everything that was asked before is.
  caf::result<atom::done> fence() {
    if (open_.empty())
      return atom::done_v;
    fences_.emplace(last_, promised_answer<atom::done>{self_});
    return fences_.rbegin()->second.promise();
  }

  void written(uint64_t id) {
    if (const auto at = open_.find(id); at != open_.end())
      self_->delayed_send(self_, at->second.deadline, atom::due_v, id);
  }

  /// In protocol 1 an answer that cannot be read ends the session even when its question is over:
  /// it can only be of the one mechanism.
  void answered(uint64_t id, const body_text& body) {
    const auto at = open_.find(id);
    const auto* codec = at == open_.end() ? flat_codec_ : at->second.codec;
    if (!codec)
      return; // over, or never asked
    auto read = codec->answer(body);
    if (!read)
      return output_.end({gateway_reason::malformed, read.error().what, 0});
    if (at == open_.end())
      return;
    ++counts_->answered;
    close(id, miner_answer{*std::move(read)});
  }

  void due(uint64_t id) {
    if (!open_.contains(id))
      return;
    ++counts_->late;
    if (output_.expire)
      output_.expire(id);
    close(id, caf::make_error(caf::sec::request_timeout));
  }

  void pass_on(const miner_notice& notice) {
    if (!serves(notice.mechanism))
      return;
    if (notice.invalid)
      ++counts_->invalid;
    send(net::wire_notice{notice.mechanism, {notice.body.text()}}, 0);
  }

  /// Its owner ends it: the node stops, or the miner gateway is restarted.
  void stop(const caf::error& reason) {
    stopped_ = reason == caf::exit_reason::user_shutdown;
    self_->quit(reason);
  }

  /// Whoever waits is answered by what is promised_answer.
  void left() {
    left_ = true;
    self_->quit();
  }

private:
  struct open_question {
    promised_answer<miner_answer> answer;
    std::chrono::milliseconds deadline{0};
    const body_codec* codec = nullptr;
  };

  bool is_flat() const { return config_.protocol == gateway_protocol_oldest; }

  bool serves(const std::string& mechanism) const {
    return !is_flat() || mechanism == config_.mechanisms->protocol_1;
  }

  const body_codec* codec_of(const std::string& mechanism) const {
    const auto at = config_.mechanisms->codecs.find(mechanism);
    return at == config_.mechanisms->codecs.end() ? nullptr : &at->second;
  }

  void send(const net::gateway_message& x, uint64_t mark) {
    output_.send(net::write_message(x, config_.protocol), mark);
  }

  template <class X>
  void close(uint64_t id, X x) {
    auto question = open_.extract(id);
    question.mapped().answer.deliver(std::move(x));
    const auto oldest = open_.empty() ? last_ + 1 : open_.begin()->first;
    while (!fences_.empty() && fences_.begin()->first < oldest) {
      fences_.begin()->second.deliver(atom::done_v);
      fences_.erase(fences_.begin());
    }
  }

  peer_actor::pointer self_;
  peer_config config_;
  const body_codec* flat_codec_ = nullptr; // of every answer of protocol 1
  peer_output output_;
  std::shared_ptr<peer_counts> counts_;
  std::map<uint64_t, open_question> open_;
  std::multimap<uint64_t, promised_answer<atom::done>> fences_; // by the last question before
  uint64_t last_ = 0;
  bool left_ = false;
  bool stopped_ = false;
};

peer_actor::behavior_type
peer_behavior(observed_pointer<peer_actor, peer_state> self, peer_config config, peer_output output,
              std::shared_ptr<peer_counts> counts) {
  install_default_handlers(self);
  auto& state = self->state;
  state.setup(std::move(config), std::move(output), std::move(counts));
  self->set_exit_handler([&state](const caf::exit_msg& why) { state.stop(why.reason); });
  return {
    [&state](const miner_question& question) { return state.ask(question); },
    [&state](const miner_notice& notice) { state.pass_on(notice); },
    [&state](atom::fence) { return state.fence(); },
    [&state](const gateway_answered& x) { state.answered(x.id, x.body); },
    [&state](const gateway_written& x) { state.written(x.id); },
    [&state](const gateway_left&) { state.left(); },
    [&state](atom::due, uint64_t id) { state.due(id); },
  };
}

} // namespace

peer_actor spawn_peer(caf::actor_system& system, peer_config config, peer_output output,
                      std::shared_ptr<peer_counts> counts) {
  return system.spawn(peer_behavior, std::move(config), std::move(output), std::move(counts));
}

} // namespace sluice
