#include "storage/disk_fault.hpp"
#include "storage/environment.hpp"
#include "storage/files.hpp"
#include "storage/meta_page.hpp"
#include "storage/page_check.hpp"
#include "storage/row_checksum.hpp"
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
constexpr size_t unnamed_tables_max = 256;        // of older versions and of other mechanisms
constexpr int looks_at_pages_max = 1000;

} // namespace

environment::environment(std::filesystem::path path, environment_options options)
  : path_(std::move(path)), options_(std::move(options)), gate_(std::make_unique<map_gate>()) {}
environment::environment(environment&&) noexcept = default;
environment& environment::operator=(environment&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(options_, other.options_);
  std::swap(gate_, other.gate_);
  std::swap(called_, other.called_);
  std::swap(env_, other.env_);
  std::swap(guard_, other.guard_);
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
  const auto look = look_at_file(path);
  if (!look)
    return look.error();
  if (look->state == file_state::empty && o.read_only)
    return fault{ec::corrupt_data, path.string() + ": the file is empty (0 bytes)"};
  const bool is_new = look->state != file_state::whole;
  auto opened = env.open_file(o.map_bytes, is_new);
  if (!opened && opened.error().code == ec::unreachable && o.map_bytes > map_bytes_modest)
    opened = env.open_file(map_bytes_modest, is_new); // no space for so large a map: it can grow
  if (!opened)
    return opened.error();
  if (!is_new)
    if (auto sound = env.follow_pages(); !sound)
      return sound.error();
  if (auto ready = env.open_tables(!o.read_only && (is_new || o.make_tables)); !ready)
    return ready.error();
  return env;
}

/// A folder that is made gets its rights whatever the umask is.
result<nothing> environment::make_folder() {
  const auto mode = folder_mode_of(options_.file_mode);
  if (::mkdir(path_.c_str(), mode) == 0) {
    if (::chmod(path_.c_str(), mode) != 0)
      return failed(errno, "create");
  } else if (errno != EEXIST) {
    return failed(errno, "create");
  }
  return nothing{};
}

result<nothing> environment::open_file(uint64_t map_bytes, bool is_new) {
  if (!options_.read_only)
    if (auto made = make_folder(); !made)
      return made;
  // LMDB maps its lock file. On a full disk a hole in it would be a SIGBUS, so it gets none.
  if (!options_.no_lock)
    if (auto reserved = reserve(path_ / "lock.mdb", lock_file_bytes, options_.file_mode);
        !reserved && !(options_.read_only && reserved.error().code == ec::read_only))
      return reserved.error();
  MDB_env* raw = nullptr;
  if (const int rc = mdb_env_create(&raw))
    return failed(rc, "open");
  env_.reset(raw);
  called_ = std::make_unique<std::filesystem::path>(path_);
  mdb_env_set_userctx(raw, called_.get());
  mdb_env_set_assert(raw, [](MDB_env* env, const char* what) {
    end_over_damage(*static_cast<const std::filesystem::path*>(mdb_env_get_userctx(env)), what);
  });
  mdb_env_set_mapsize(raw, map_bytes);
  mdb_env_set_maxdbs(raw, static_cast<MDB_dbi>(options_.tables.size() + unnamed_tables_max));
  const unsigned flags = MDB_NOTLS | (options_.read_only ? MDB_RDONLY : 0U)
                         | (options_.random_access ? MDB_NORDAHEAD : 0U)
                         | (options_.no_lock ? MDB_NOLOCK : 0U);
  if (const int rc = mdb_env_open(raw, path_.c_str(), flags, options_.file_mode))
    return failed(rc, options_.read_only || !is_new ? "open" : "create");
  guard_ = map_guard{path_};
  if (options_.read_only)
    return nothing{};
  int dead = 0;
  mdb_reader_check(raw, &dead); // a killed reader would keep old pages alive for ever
  if (!is_new)
    return nothing{};
  if (::chmod((path_ / "data.mdb").c_str(), options_.file_mode) != 0)
    return failed(errno, "create");
  if (auto synced = sync_folder(path_); !synced)
    return synced;
  return sync_folder(path_.parent_path());
}

/// Reading a page behind the end of a file that was cut is a SIGBUS, and LMDB believes its pages.
/// So they are followed first, without the map, in the state that a transaction keeps in place.
result<nothing> environment::follow_pages() {
  for (int i = 0; i < looks_at_pages_max; ++i) {
    transaction txn{env_, *gate_, MDB_RDONLY};
    if (txn.rc())
      return failed(txn.rc(), "open");
    const auto look = look_at_file(path_);
    if (!look)
      return look.error();
    if (look->state != file_state::whole)
      return fault{ec::corrupt_data, path_.string() + ": the file is empty or gone"};
    const auto& head = *look->head;
    const auto number = mdb_txn_id(txn.get());
    const auto* seen = head.metas[0].commit == number   ? &head.metas[0]
                       : head.metas[1].commit == number ? &head.metas[1]
                                                        : nullptr;
    if (!seen)
      continue; // a writer was faster
    const auto counted = (seen->last_page + 1) * seen->page_bytes;
    const bool is_short = head.file_bytes < counted;
    if (!options_.check_pages && !is_short)
      return nothing{};
    page_check_limits limits;
    if (is_short)
      limits.pages_max = UINT64_MAX; // pages are missing: none of those that are used, or else
    if (const auto sound = check_pages(path_, *seen, limits); !sound)
      return sound.error();
    if (is_short && !options_.read_only
        && ::truncate((path_ / "data.mdb").c_str(), static_cast<off_t>(counted)) != 0)
      return failed(errno, "write");
    return nothing{};
  }
  return fault{ec::busy, path_.string()
                           + ": written so fast that it could not be looked at; try "
                             "again"};
}

result<nothing> environment::open_tables(bool make) {
  transaction txn{env_, *gate_, make ? 0U : MDB_RDONLY};
  if (txn.rc())
    return failed(txn.rc(), "open");
  for (const auto& name : options_.tables) {
    if (tables_.contains(name))
      continue;
    MDB_dbi dbi = 0;
    const int rc = mdb_dbi_open(txn.get(), name.c_str(), make ? MDB_CREATE : 0U, &dbi);
    if (rc == MDB_NOTFOUND && !make)
      continue;
    if (rc != 0)
      return failed(rc, "open table " + name);
    tables_.emplace(name, table_handle{dbi, table_seed_of(name)});
  }
  if (const int rc = txn.commit())
    return failed(rc, "create its tables");
  return nothing{};
}

result<nothing> environment::make_tables() {
  if (options_.read_only)
    return fault{ec::read_only, path_.string() + ": opened for reading only"};
  return open_tables(true);
}

} // namespace sluice::storage
