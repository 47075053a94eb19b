#include "tools/leads/leads_miner.hpp"

#include "io/leads/document.hpp"
#include "io/text/lines.hpp"
#include "net/leads/bodies.hpp"
#include "rules/leads/intake.hpp"
#include "rules/leads/name.hpp"
#include "tools/miner/miner_event.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace sluice::tools {

namespace {

constexpr std::string_view pool_prefix = "pool:";
constexpr size_t word_letters_min = 3; // shorter ones tell nothing

/// The words of a text in lower case; what is no letter or digit of ASCII, or beyond, separates.
std::set<std::string> words_of(std::string_view text) {
  std::set<std::string> all;
  std::string word;
  const auto end = [&] {
    if (word.size() >= word_letters_min)
      all.insert(word);
    word.clear();
  };
  for (const char c : lower_ascii(text)) {
    const bool inside
      = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    inside ? word.push_back(c) : end();
  }
  end();
  return all;
}

size_t shared_words(const lead& x, const std::set<std::string>& wanted) {
  const auto own = words_of(x.business + ' ' + x.industry + ' ' + x.sub_industry + ' ' + x.region
                            + ' ' + x.role);
  return static_cast<size_t>(
    std::ranges::count_if(own, [&](const auto& word) { return wanted.contains(word); }));
}

std::string field_of(const io::record_fault& x) {
  return io::to_text(x.path);
}

/// Answers from a file.
class pool_miner final : public miner_side {
public:
  pool_miner(const miner_side_config& config, std::vector<lead> pool)
    : config_(config), pool_(std::move(pool)) {}

  void welcome(const std::string& node, const hotkey& key, miner_uid uid) override {
    key_ = key;
    miner_event x{"welcome", fmt::format("{} knows {} as uid {}; {} leads to offer", node,
                                         key.value, uid.value, pool_.size())};
    x.object["node"] = node;
    x.object["hotkey"] = key.value;
    x.object["uid"] = uid.value;
    x.object["leads"] = pool_.size();
    show(x);
  }

  result<miner_move> asked(const net::wire_question& question) override {
    if (question.mechanism != leads_name)
      return miner_move{};
    const auto body = net::leads_codec().question(question.body);
    if (!body)
      return body.error();
    const auto read = *net::lead_question_in(*body, question.deadline_ms);
    miner_event x{"question",
                  fmt::format("{}: {} lead{} for \"{}\"", read.request_id, read.num_leads,
                              read.num_leads == 1 ? "" : "s", read.business_desc)};
    x.object["request_id"] = read.request_id;
    x.object["num_leads"] = read.num_leads;
    x.object["business_desc"] = read.business_desc;
    x.object["deadline_ms"] = read.deadline_ms;
    show(x);
    auto leads = pool_answer(pool_, read);
    for (auto& one : leads)
      if (one.source.empty())
        one.source = key_.value;
    auto answer = net::fitting_leads(std::move(leads));
    answered(read.request_id, answer.leads.size());
    return miner_move{
      net::wire_answer{question.id, {net::lead_answer_body(std::move(answer)).text()}}, false};
  }

  result<nothing> noticed(const net::wire_notice& notice) override {
    if (notice.mechanism != leads_name)
      return nothing{};
    const auto body = net::leads_codec().notice(notice.body);
    if (!body)
      return body.error();
    const auto read = *net::lead_notice_in(*body);
    miner_event x{"share", fmt::format("{:.6f} ({:.2f}%), curated {}, sourced {}; {}", read.share,
                                       read.share * 100, read.curated, read.sourced, read.status)};
    x.object["share"] = read.share;
    x.object["curated"] = read.curated;
    x.object["sourced"] = read.sourced;
    x.object["status"] = read.status;
    show(x);
    if (config_.once && answers_ > 0)
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
    miner_event x{"lost", fmt::format("{}: {}; trying again in {:.1f} s", node, why,
                                      static_cast<double>(pause_ms) / 1000)};
    x.object["node"] = node;
    x.object["why"] = why;
    x.object["pause_ms"] = pause_ms;
    show(x);
  }

  const std::optional<int>& over() const override { return over_; }

private:
  void answered(const std::string& request, size_t leads) {
    ++answers_;
    miner_event x{"answer", fmt::format("{}: {} lead{}", request, leads, leads == 1 ? "" : "s")};
    x.object["request_id"] = request;
    x.object["leads"] = leads;
    show(x);
  }

  void show(const miner_event& x) { config_.write(line_of(x, config_.json, config_.unix_ms)); }

  miner_side_config config_;
  std::vector<lead> pool_;
  hotkey key_;
  uint64_t answers_ = 0;
  std::optional<int> over_;
};

} // namespace

result<std::vector<lead>> read_lead_pool(const std::string& path) {
  auto lines = io::line_reader::open(path);
  if (!lines)
    return lines.error();
  std::vector<lead> pool;
  while (true) {
    const auto line = lines->next();
    if (!line)
      return line.error();
    if (!*line)
      return pool;
    if (pool.size() == lead_pool_max)
      return io::bad_line(path, lines->number(), "",
                          "at most " + std::to_string(lead_pool_max) + " leads", "more",
                          "split the file");
    const auto object = io::parse_object(*lines, **line);
    if (!object)
      return object.error();
    io::record_fault wrong;
    auto read = io::read_lead(*object, wrong);
    if (!read)
      return io::bad_line(path, lines->number(), field_of(wrong), wrong.expected, wrong.got,
                          "correct this line");
    if (read->owner_email.empty())
      return io::bad_line(path, lines->number(), "owner_email", "an e-mail address", "nothing",
                          "correct this line");
    pool.push_back(*std::move(read));
  }
}

std::vector<lead> pool_answer(const std::vector<lead>& pool, const lead_question& question) {
  const auto wanted = words_of(question.business_desc);
  struct place {
    size_t words;
    double score;
    size_t index;
  };
  std::vector<place> order;
  for (size_t i = 0; i < pool.size(); ++i)
    order.push_back({shared_words(pool[i], wanted), pool[i].conversion_score.value_or(0), i});
  std::ranges::sort(order, [](const place& a, const place& b) {
    return std::tuple{b.words, b.score, a.index} < std::tuple{a.words, a.score, b.index};
  });
  std::vector<lead> made;
  std::set<std::string> addresses;
  for (const auto& x : order) {
    if (made.size() >= question.num_leads)
      break;
    if (addresses.insert(pool_ident_of(pool[x.index])).second)
      made.push_back(pool[x.index]);
  }
  return made;
}

result<std::unique_ptr<miner_side>> make_leads_miner(const miner_side_config& config) {
  if (!config.strategy.starts_with(pool_prefix))
    return fault{ec::bad_input, "expected pool:FILE, a JSON lines file of leads, got "
                                  + io::quoted(config.strategy)};
  auto pool = read_lead_pool(config.strategy.substr(pool_prefix.size()));
  if (!pool)
    return pool.error();
  return std::unique_ptr<miner_side>{std::make_unique<pool_miner>(config, *std::move(pool))};
}

} // namespace sluice::tools
