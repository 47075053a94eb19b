#include "actors/leads/lead_import.hpp"

#include "actors/mechanism_module.hpp"
#include "io/leads/disposable_domains.hpp"
#include "io/leads/lead_file.hpp"
#include "storage/data_dir.hpp"
#include "storage/leads/pool_writer.hpp"
#include "storage/leads/result_writer.hpp"
#include "storage/tables.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <utility>
#include <variant>

namespace sluice {

namespace {

/// Documents, or prospects, that are written together.
constexpr size_t rows_per_batch = 1000;

/// A folder that is there goes on as whose it is; a new one is nobody's run.
result<storage::identity> identity_of(const std::string& folder, const std::string& version) {
  storage::identity who{version, 0, ""};
  std::error_code error;
  if (!std::filesystem::exists(folder, error))
    return who;
  auto marker = storage::find_marker(folder, storage::tables::schema_version);
  if (!marker)
    return marker.error();
  if (*marker)
    who = (*marker)->who;
  return who;
}

result<storage::data_dir> open_to_import(const lead_import& what) {
  const auto who = identity_of(what.folder, what.version);
  if (!who)
    return who.error();
  const auto layout = schema_of(all_mechanisms());
  auto disk = storage::data_dir::open(what.folder, *who, storage::open_mode::create_or_continue,
                                      {.layout = &layout});
  if (!disk && disk.error().code == ec::busy)
    return fault{ec::busy,
                 disk.error().what
                   + ", then import again; while it runs, its routes take leads (POST /leads)"};
  return disk;
}

/// Plans and commits, batch by batch.
class importing {
public:
  importing(storage::data_dir& disk, disposable_domains domains, uint64_t now_ms)
    : disk_(disk), results_(disk, "import"), pool_(disk, std::move(domains)), now_ms_(now_ms) {}

  /// A file is one source: what is in it twice is there twice, what another one has as well is not.
  void begin_file() { results_.next_source(); }

  result<nothing> take(const io::lead_record& x) {
    if (const auto* document = std::get_if<curation_result>(&x.what)) {
      const auto added = results_.add(*document, now_ms_);
      if (!added)
        return added.error();
    } else if (const auto* batch = std::get_if<prospect_batch>(&x.what)) {
      for (const auto& one : batch->prospects) {
        const auto verdict = pool_.add(one, hotkey{batch->miner_hotkey}, now_ms_);
        if (!verdict)
          return verdict.error();
        ++prospects_;
      }
    } else {
      ++settings_;
    }
    return results_.waiting() + prospects_ >= rows_per_batch ? commit() : nothing{};
  }

  result<nothing> commit() {
    auto writes = results_.take();
    auto more = pool_.take();
    std::move(more.writes.begin(), more.writes.end(), std::back_inserter(writes.writes));
    prospects_ = 0;
    if (writes.writes.empty())
      return nothing{};
    if (auto done = disk_.commit(writes); !done)
      return done;
    pool_.written();
    return nothing{};
  }

  void count(lead_import_report& out) const {
    out.added = results_.added();
    out.repeated = results_.repeated();
    out.settings = settings_;
    out.prospects = pool_.counts();
  }

private:
  storage::data_dir& disk_;
  storage::result_writer results_;
  storage::pool_writer pool_;
  uint64_t now_ms_;
  uint64_t settings_ = 0;
  size_t prospects_ = 0; // since the last commit
};

uint64_t bytes_of_files(const std::vector<std::string>& files) {
  uint64_t sum = 0;
  for (const auto& file : files) {
    std::error_code error;
    const auto bytes = std::filesystem::file_size(file, error);
    sum += error ? 0 : bytes;
  }
  return sum;
}

} // namespace

result<lead_import_report> import_leads(const lead_import& what) {
  auto domains = io::read_disposable_domains(what.disposable_domains);
  if (!domains)
    return domains.error();
  auto disk = open_to_import(what);
  if (!disk)
    return disk.error();
  importing all{*disk, *std::move(domains), what.now_ms};
  lead_import_report report;
  const auto total = std::max<uint64_t>(1, bytes_of_files(what.files));
  uint64_t before = 0; // bytes of the files that are done
  for (const auto& file : what.files) {
    uint64_t size = 0;
    all.begin_file();
    io::lead_file_options options{what.strict, {}};
    options.progress = [&](uint64_t done, uint64_t of) {
      size = of;
      if (what.progress)
        what.progress(static_cast<int>(std::min<uint64_t>(100, 100 * (before + done) / total)));
    };
    const auto read = io::read_lead_file(
      file, options, [&all](const io::lead_record& x) { return all.take(x); },
      [&what](const io::bad_lead_record& x) {
        if (what.bad_record)
          what.bad_record(x.reason);
      });
    if (auto stored = all.commit(); !stored)
      return stored.error();
    if (!read)
      return read.error();
    before += size;
    ++report.files;
    report.records += read->records;
    report.bad += read->bad;
  }
  all.count(report);
  return report;
}

} // namespace sluice
