#include "storage/disk_fault.hpp"
#include "storage/environment.hpp"
#include "storage/files.hpp"
#include "storage/transaction.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <unistd.h>
#include <utility>

namespace sluice::storage {

namespace {

constexpr uint64_t lock_file_bytes = 64 << 10;    // about a thousand readers
constexpr uint64_t map_bytes_least = 1 << 20;     // LMDB's own minimum is a few pages
constexpr uint64_t map_bytes_modest = 1ull << 30; // where address space is rationed
constexpr uint64_t loose_pages_max = 64;          // LMDB need not write the last pages it counts

} // namespace

environment::environment(std::filesystem::path path, environment_options options)
  : path_(std::move(path)), options_(std::move(options)), gate_(std::make_unique<map_gate>()) {}
environment::environment(environment&&) noexcept = default;
environment& environment::operator=(environment&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(options_, other.options_);
  std::swap(gate_, other.gate_);
  std::swap(env_, other.env_);
  std::swap(tables_, other.tables_);
  return *this;
}
environment::~environment() = default;

result<environment>
environment::open(const std::filesystem::path& path, environment_options options) {
  std::signal(SIGXFSZ, SIG_IGN);
  environment env{path, std::move(options)};
  auto& o = env.options_;
  o.map_bytes = std::max(o.map_bytes, map_bytes_least);
  o.map_bytes_max = std::max(o.map_bytes_max, o.map_bytes);
  auto opened = env.open_file(o.map_bytes);
  if (!opened && opened.error().code == ec::unreachable && o.map_bytes > map_bytes_modest)
    opened = env.open_file(map_bytes_modest); // no space for so large a map: it can grow later
  if (!opened)
    return opened.error();
  if (auto mended = env.mend_length(); !mended)
    return mended.error();
  if (auto ready = env.open_tables(); !ready)
    return ready.error();
  return env;
}

result<nothing> environment::open_file(uint64_t map_bytes) {
  const auto data = path_ / "data.mdb";
  const bool is_new = ::access(data.c_str(), F_OK) != 0;
  if (!options_.read_only) {
    if (::mkdir(path_.c_str(), 0755) != 0 && errno != EEXIST)
      return failed(errno, "create");
  }
  // LMDB maps its lock file. On a full disk a hole in it would be a SIGBUS, so it gets none.
  if (!options_.no_lock)
    if (auto reserved = reserve(path_ / "lock.mdb", lock_file_bytes);
        !reserved && !(options_.read_only && reserved.error().code == ec::read_only))
      return reserved.error();
  MDB_env* raw = nullptr;
  if (const int rc = mdb_env_create(&raw))
    return failed(rc, "open");
  env_.reset(raw);
  mdb_env_set_mapsize(raw, map_bytes);
  mdb_env_set_maxdbs(raw, static_cast<MDB_dbi>(options_.tables.size() + 1));
  const unsigned flags = MDB_NOTLS | (options_.read_only ? MDB_RDONLY : 0U)
                         | (options_.random_access ? MDB_NORDAHEAD : 0U)
                         | (options_.no_lock ? MDB_NOLOCK : 0U);
  if (const int rc = mdb_env_open(raw, path_.c_str(), flags, 0644))
    return failed(rc, options_.read_only || !is_new ? "open" : "create");
  if (options_.read_only)
    return nothing{};
  int dead = 0;
  mdb_reader_check(raw, &dead); // a killed reader would keep old pages alive for ever
  if (!is_new)
    return nothing{};
  if (auto synced = sync_folder(path_); !synced)
    return synced;
  return sync_folder(path_.parent_path());
}

/// Reading a page behind the end of a file that was cut is a SIGBUS. With zeros there instead, LMDB
/// sees a page that is none and reports it.
result<nothing> environment::mend_length() {
  MDB_envinfo seen{};
  MDB_stat pages{};
  struct stat file {};
  const auto data = path_ / "data.mdb";
  mdb_env_info(env_.get(), &seen);
  mdb_env_stat(env_.get(), &pages);
  if (::stat(data.c_str(), &file) != 0)
    return failed(errno, "open");
  const uint64_t page = pages.ms_psize;
  const uint64_t counted = (seen.me_last_pgno + 1) * page;
  const auto there = static_cast<uint64_t>(file.st_size);
  if (there >= counted)
    return nothing{};
  if (options_.read_only) {
    if (counted - there <= loose_pages_max * page)
      return nothing{};
    return fault{ec::corrupt_data, path_.string() + ": the file is damaged: it ends after "
                                     + std::to_string(there) + " of " + std::to_string(counted)
                                     + " bytes"};
  }
  if (::truncate(data.c_str(), static_cast<off_t>(counted)) != 0)
    return failed(errno, "write");
  return nothing{};
}

result<nothing> environment::open_tables() {
  transaction txn{env_.get(), *gate_, options_.read_only ? MDB_RDONLY : 0U};
  if (txn.rc())
    return failed(txn.rc(), "open");
  for (const auto& name : options_.tables) {
    MDB_dbi dbi = 0;
    const int rc
      = mdb_dbi_open(txn.get(), name.c_str(), options_.read_only ? 0U : MDB_CREATE, &dbi);
    if (rc == MDB_NOTFOUND && options_.read_only)
      continue;
    if (rc != 0)
      return failed(rc, "open table " + name);
    tables_.emplace(name, dbi);
  }
  if (const int rc = txn.commit())
    return failed(rc, "create its tables");
  return nothing{};
}

} // namespace sluice::storage
