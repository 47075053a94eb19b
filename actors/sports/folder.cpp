#include "actors/sports/folder.hpp"

#include "actors/mechanism_module.hpp"
#include "io/sports/record_file.hpp"
#include "rules/sports/book.hpp"
#include "rules/sports/scoring.hpp"
#include "rules/sports/tier_weights.hpp"
#include "rules/sports/tiers.hpp"
#include "storage/data_dir.hpp"
#include "storage/sports/recall.hpp"
#include "storage/sports/steps.hpp"
#include "storage/sports/tables.hpp"
#include "storage/sports/writer.hpp"
#include "storage/tables.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>
#include <variant>

namespace sluice {

namespace {

namespace tables = storage::tables;

/// Records that are written together.
constexpr size_t sports_rows_per_batch = 1000;

/// A folder that is there goes on as whose it is; a new one is nobody's run.
result<storage::identity> identity_of_folder(const sports_folder& at, bool make) {
  storage::identity who{at.version, 0, ""};
  std::error_code error;
  if (!std::filesystem::exists(at.folder, error)) {
    if (!make)
      return fault{ec::unreachable, at.folder
                                      + ": there is no such folder; `sluice sports import` "
                                        "makes one"};
    return who;
  }
  auto marker = storage::find_marker(at.folder, storage::tables::schema_version);
  if (!marker)
    return marker.error();
  if (*marker)
    who = (*marker)->who;
  return who;
}

result<storage::data_dir> open_sports_folder(const sports_folder& at, bool make) {
  const auto who = identity_of_folder(at, make);
  if (!who)
    return who.error();
  const auto layout = schema_of(all_mechanisms());
  auto disk = storage::data_dir::open(at.folder, *who, storage::open_mode::create_or_continue,
                                      {.layout = &layout});
  if (!disk && disk.error().code == ec::busy)
    return fault{ec::busy, disk.error().what
                             + ", then try again; a running node does this by itself, and `sluice "
                               "shell` has `sports settle` and `sports score`"};
  return disk;
}

/// The newest moment that anything stored states.
result<int64_t> newest_sports_moment(const storage::data_dir& disk, const sports_book& book) {
  int64_t newest = 0;
  const auto step = tables::sports_steps.last(disk);
  if (!step)
    return step.error();
  if (*step)
    newest = (*step)->second.time_us;
  const auto scoring = storage::last_scoring(disk);
  if (!scoring)
    return scoring.error();
  if (*scoring)
    newest = std::max(newest, (*scoring)->scores.now_us);
  for (const auto& [id, game] : book.games())
    newest = std::max(newest, game.updated_us);
  for (const auto& [number, x] : book.predictions())
    newest = std::max({newest, x.received_us, x.settled_us});
  return newest;
}

/// What a folder begins with.
struct opened_sports {
  storage::data_dir disk;
  sports_settings rules;
  sports_book book;
};

result<opened_sports> open_with_book(const sports_folder& at, bool make) {
  auto disk = open_sports_folder(at, make);
  if (!disk)
    return disk.error();
  auto rules = storage::recall_rules(*disk);
  if (!rules)
    return rules.error();
  auto book = storage::recall_book(*disk, *rules);
  if (!book)
    return book.error();
  return opened_sports{*std::move(disk), *std::move(rules), *std::move(book)};
}

/// The uid that a claim states; none: it states no such number.
std::optional<miner_uid> claimed_uid(const prediction_claim& x) {
  const auto number = number_of(x.miner_uid);
  if (!number || *number < 0 || *number % nano_one != 0 || *number / nano_one > UINT16_MAX)
    return std::nullopt;
  return miner_uid{static_cast<uint16_t>(*number / nano_one)};
}

/// Judges, applies and commits, batch by batch.
class sports_importing {
public:
  sports_importing(opened_sports& at, storage::prediction_counts counts)
    : at_(at), counts_(std::move(counts)) {}

  result<nothing> take(io::sports_record_line&& x) {
    if (auto* game = std::get_if<game_update>(&x.what))
      take_game(*game);
    else if (auto* arrival = std::get_if<prediction_arrival>(&x.what)) {
      if (auto taken = take_prediction(*arrival); !taken)
        return taken;
    } else {
      for (const auto& one : std::get<io::sports_file_settings>(x.what).miners)
        known_[hotkey{one.hotkey}] = miner_uid{one.uid};
    }
    return ++waiting_ >= sports_rows_per_batch ? commit() : nothing{};
  }

  result<nothing> commit() {
    for (const auto& id : games_)
      if (const auto* game = at_.book.find_game(id))
        storage::add_game(writes_, *game);
    storage::add_accepted(writes_, accepted_);
    counts_.put(writes_);
    const auto writes = std::exchange(writes_, {});
    games_.clear();
    accepted_.clear();
    waiting_ = 0;
    return writes.writes.empty() ? nothing{} : at_.disk.commit(writes);
  }

  void count(sports_import_report& out) const {
    out.answers = answers_;
    out.confirmed_again = again_;
  }

private:
  void take_game(const game_update& x) {
    at_.book.put(at_.book.after(x));
    games_.insert(x.external_id);
    if (x.at_us > feed_us_) {
      feed_us_ = x.at_us;
      storage::add_number(writes_, tables::sports_feed_key, feed_us_);
    }
  }

  result<nothing> take_prediction(const prediction_arrival& x) {
    counts_.received(1);
    const auto known = known_.find(x.key);
    const auto uid = known != known_.end() ? std::optional{known->second}
                     : known_.empty()      ? claimed_uid(x.claim)
                                           : std::nullopt;
    auto judged = at_.book.judge(x, uid, std::nullopt);
    counts_.answered(judged.answer);
    ++answers_.at(static_cast<size_t>(judged.answer.code));
    again_ += judged.answer.same ? 1 : 0;
    if (!judged.accepted)
      return nothing{};
    accepted_.push_back(*judged.accepted);
    return at_.book.apply(*std::move(judged.accepted));
  }

  opened_sports& at_;
  storage::prediction_counts counts_;
  std::map<hotkey, miner_uid> known_; // whom the file's settings name; empty: it has none
  storage::batch writes_;
  std::set<std::string> games_; // changed in this batch
  std::vector<stored_prediction> accepted_;
  std::array<uint64_t, prediction_code_names.size()> answers_{};
  uint64_t again_ = 0;
  int64_t feed_us_ = 0;
  size_t waiting_ = 0; // records since the last commit
};

uint64_t bytes_of_sports_files(const std::vector<std::string>& files) {
  uint64_t sum = 0;
  for (const auto& file : files) {
    std::error_code error;
    const auto bytes = std::filesystem::file_size(file, error);
    sum += error ? 0 : bytes;
  }
  return sum;
}

/// What is due, applied to the book and put into the batch.
sports_settled settle_in(opened_sports& at, int64_t now_us, storage::batch& out) {
  const auto due = at.book.due(now_us);
  at.book.apply(due);
  sports_settled made;
  for (const auto& game : due.games)
    storage::add_game(out, game);
  for (const auto& x : due.predictions) {
    made.won += x.state == prediction_state::won ? 1 : 0;
    made.lost += x.state == prediction_state::lost ? 1 : 0;
    made.voided += x.state == prediction_state::void_ ? 1 : 0;
    storage::add_settled(out, x);
  }
  if (!due.predictions.empty())
    storage::add_number(out, tables::sports_settled_key, now_us);
  return made;
}

result<int64_t> moment_for(const sports_folder& at, const opened_sports& open) {
  return at.now_us ? result<int64_t>{*at.now_us} : newest_sports_moment(open.disk, open.book);
}

/// Every hotkey with a stored prediction, under the uid of its newest.
std::vector<sports_member> members_in(const sports_book& book) {
  std::map<hotkey, miner_uid> uids;
  for (const auto& [number, x] : book.predictions())
    uids[x.key] = x.uid;
  std::vector<sports_member> all;
  for (const auto& [key, uid] : uids)
    all.push_back({uid, key, true});
  std::ranges::sort(all, {}, &sports_member::uid);
  return all;
}

std::map<miner_day, daily_score> daily_rows_in(const sports_records& records) {
  std::map<miner_day, daily_score> made;
  for (const auto& [key, record] : records)
    for (const auto& [day, score] : record.daily)
      made[{day, key}] = score;
  return made;
}

} // namespace

result<sports_import_report> import_sports(const sports_import& what) {
  auto open = open_with_book(what.at, true);
  if (!open)
    return open.error();
  auto counts = storage::prediction_counts::read(open->disk);
  if (!counts)
    return counts.error();
  sports_importing all{*open, *std::move(counts)};
  sports_import_report report;
  const auto total = std::max<uint64_t>(1, bytes_of_sports_files(what.files));
  uint64_t before = 0; // bytes of the files that are done
  for (const auto& file : what.files) {
    uint64_t size = 0;
    io::sports_file_options options;
    options.at_us = what.at.now_us.value_or(0);
    options.strict = what.strict;
    options.progress = [&](uint64_t done, uint64_t of) {
      size = of;
      if (what.progress)
        what.progress(static_cast<int>(std::min<uint64_t>(100, 100 * (before + done) / total)));
    };
    const auto read = io::read_sports_file(
      file, options, [&all](io::sports_record_line&& x) { return all.take(std::move(x)); },
      [&what](const io::bad_sports_record& x) {
        if (what.bad_record)
          what.bad_record(x.reason);
      });
    if (auto stored = all.commit(); !stored)
      return stored.error();
    if (!read)
      return read.error();
    before += size;
    ++report.files;
    report.games += read->games;
    report.predictions += read->predictions;
    report.bad += read->bad;
  }
  storage::batch writes;
  storage::add_rules(writes, open->rules);
  if (auto stored = open->disk.commit(writes); !stored)
    return stored.error();
  all.count(report);
  return report;
}

result<sports_settled> settle_sports_folder(const sports_folder& at) {
  auto open = open_with_book(at, false);
  if (!open)
    return open.error();
  const auto now_us = moment_for(at, *open);
  if (!now_us)
    return now_us.error();
  storage::batch writes;
  auto made = settle_in(*open, *now_us, writes);
  if (!writes.writes.empty())
    if (auto stored = open->disk.commit(writes); !stored)
      return stored.error();
  return made;
}

result<sports_scoring> score_sports_folder(const sports_folder& at) {
  auto open = open_with_book(at, false);
  if (!open)
    return open.error();
  if (open->book.predictions().empty())
    return fault{ec::no_such_key, at.folder + ": no prediction is stored in it"};
  const auto now_us = moment_for(at, *open);
  if (!now_us)
    return now_us.error();
  const auto last = storage::last_scoring(open->disk);
  if (!last)
    return last.error();
  auto tiers = storage::recall_tiers(open->disk);
  if (!tiers)
    return tiers.error();
  const auto lifetimes = storage::recall_lifetimes(open->disk);
  if (!lifetimes)
    return lifetimes.error();
  storage::batch writes;
  const auto settled = settle_in(*open, *now_us, writes);
  const auto records = sports_records_of(open->book);
  const auto members = members_in(open->book);
  const auto ran = tiers->last_day;
  const auto moves = advance_tiers(*tiers, first_sports_day(open->book).value_or(0),
                                   sports_day_of(*now_us), members, records, open->rules);
  sports_scoring made;
  made.number = *last ? (*last)->number + 1 : 1;
  made.scores = score_sports(*now_us, members, *tiers, records, *lifetimes, open->rules);
  made.moves = moves.size();
  made.settled = settled.won + settled.lost + settled.voided;
  made.games_left = open->book.open_games();
  storage::add_daily(writes, daily_rows_in(records));
  if (tiers->last_day != ran)
    if (auto added = storage::add_tiers(open->disk, writes, *tiers, moves); !added)
      return added.error();
  storage::add_scoring(writes, made);
  if (auto stored = open->disk.commit(writes); !stored)
    return stored.error();
  return made;
}

} // namespace sluice
