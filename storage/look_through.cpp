#include "storage/backup.hpp"
#include "storage/disk_fault.hpp"
#include "storage/free_pages.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

constexpr unsigned tables_most = 1024;
constexpr unsigned seconds_most = 3600;

/// Every row of one table; 0 or a code of LMDB.
int walk_rows(MDB_txn* txn, MDB_dbi dbi, uint64_t& sum) {
  MDB_stat stated{};
  if (const int rc = mdb_stat(txn, dbi, &stated))
    return rc;
  MDB_cursor* at = nullptr;
  if (const int rc = mdb_cursor_open(txn, dbi, &at))
    return rc;
  MDB_val k{};
  MDB_val v{};
  uint64_t rows = 0;
  int rc = mdb_cursor_get(at, &k, &v, MDB_FIRST);
  for (; rc == 0; rc = mdb_cursor_get(at, &k, &v, MDB_NEXT)) {
    if (++rows > stated.ms_entries)
      return MDB_CORRUPTED;
    for (size_t i = 0; i < k.mv_size; ++i)
      sum += static_cast<const unsigned char*>(k.mv_data)[i];
    for (size_t i = 0; i < v.mv_size; ++i)
      sum += static_cast<const unsigned char*>(v.mv_data)[i];
  }
  return rc == MDB_NOTFOUND && rows == stated.ms_entries ? 0 : MDB_CORRUPTED;
}

/// The free pages (table 0), all tables' names (table 1), then each of these.
int walk_file(MDB_env* env, const char* folder) {
  mdb_env_set_maxdbs(env, tables_most);
  if (const int rc = mdb_env_open(env, folder, MDB_RDONLY | MDB_NOLOCK | MDB_NOTLS, 0644))
    return rc;
  MDB_txn* txn = nullptr;
  if (const int rc = mdb_txn_begin(env, nullptr, MDB_RDONLY, &txn))
    return rc;
  uint64_t sum = 0;
  if (const int rc = walk_rows(txn, 0, sum))
    return rc;
  if (const int rc = walk_free_pages(env, txn))
    return rc;
  MDB_dbi names = 0;
  if (const int rc = mdb_dbi_open(txn, nullptr, 0, &names))
    return rc;
  if (const int rc = walk_rows(txn, names, sum))
    return rc;
  MDB_cursor* at = nullptr;
  if (const int rc = mdb_cursor_open(txn, names, &at))
    return rc;
  MDB_val k{};
  MDB_val v{};
  int rc = mdb_cursor_get(at, &k, &v, MDB_FIRST);
  for (; rc == 0; rc = mdb_cursor_get(at, &k, &v, MDB_NEXT)) {
    const std::string name{static_cast<const char*>(k.mv_data), k.mv_size};
    MDB_dbi table = 0;
    if (const int opened = mdb_dbi_open(txn, name.c_str(), 0, &table))
      return opened;
    if (const int walked = walk_rows(txn, table, sum))
      return walked;
  }
  // The sum is used, so that the reading is not left out.
  return rc == MDB_NOTFOUND ? (sum == UINT64_MAX ? MDB_CORRUPTED : 0) : rc;
}

/// In the child: never returns, and leaves no trace of a crash.
[[noreturn]] void look_and_end(const char* folder) {
  ::close_range(STDERR_FILENO + 1, ~0U, 0); // the lock of the folder ends with the parent
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM})
    std::signal(signal, SIG_DFL);
  const int silence = ::open("/dev/null", O_WRONLY);
  if (silence >= 0)
    ::dup2(silence, STDERR_FILENO);
  ::alarm(seconds_most);
  MDB_env* env = nullptr;
  const int rc = mdb_env_create(&env);
  ::_exit(rc == 0 && walk_file(env, folder) == 0 ? 0 : 1);
}

} // namespace

result<nothing> look_through(const fs::path& store) {
  const auto data = store / "data.mdb";
  if (::access(data.c_str(), F_OK) != 0)
    return nothing{};
  const auto folder = store.string();
  const pid_t child = ::fork();
  if (child < 0)
    return disk_fault(errno, store, "be checked: no process can be made");
  if (child == 0)
    look_and_end(folder.c_str());
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return disk_fault(errno, store, "be checked");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return nothing{};
  return fault{ec::corrupt_data,
               data.string() + ": the file is damaged"
                 + (WIFSIGNALED(status)
                      ? " (reading it ends with signal " + std::to_string(WTERMSIG(status)) + ")"
                      : ": its pages or its rows are not what they state")};
}

} // namespace sluice::storage
