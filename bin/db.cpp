#include "actors/admin/folder_link.hpp"
#include "actors/mechanism_module.hpp"
#include "bin/commands.hpp"
#include "tools/db/db_text.hpp"
#include "tools/db/db_work.hpp"
#include "tools/program.hpp"
#include "tools/progress_line.hpp"

#include <sys/ioctl.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <unistd.h>
#include <utility>

namespace sluice::bin {

namespace {

struct db_flags {
  std::string data;
  std::string output;
  std::string to;
  std::string from;
  std::string store;
  std::string table;
  uint64_t keep = 0;
  bool force = false;
  bool dry_run = false;
  bool all_tables = false;
};

const storage::schema& db_layout() {
  static const auto layout = schema_of(all_mechanisms());
  return layout;
}

int db_failed(const char* what, const fault& why) {
  print_shown(stderr, "sluice db %s: %s\n", what, why.what.c_str());
  switch (why.code) {
  case ec::corrupt_data:
    return answer_is_no;
  case ec::unreachable:
  case ec::storage_full:
  case ec::read_only:
  case ec::busy:
  case ec::timeout:
    return environment;
  default:
    return usage;
  }
}

bool shows_tables(const db_flags& flags) {
  return flags.output == "table" || (flags.output.empty() && ::isatty(STDOUT_FILENO) != 0);
}

tools::db_style style_of_terminal() {
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return {known ? size.ws_col : size_t{120}, letters()};
}

/// The answer in the form that was asked for; 3 when it cannot be written.
template <class AsTable, class AsJson>
int answer(const char* what, const db_flags& flags, AsTable as_table, AsJson as_json) {
  const bool table = shows_tables(flags);
  if (write_answer(table, table ? as_table() : as_json()))
    return done;
  return db_failed(what, {ec::unreachable, "the answer could not be written"});
}

/// A line on a terminal, as long as the work lasts.
class db_progress {
public:
  explicit db_progress(std::string what)
    : what_(std::move(what)), line_([this](int percent) {
        return what_ + ": " + std::to_string(percent) + " % of " + std::to_string(total_) + " "
               + unit_;
      }) {}
  tools::progress_shown shown(std::string unit = "rows") {
    unit_ = std::move(unit);
    return [this](uint64_t done, uint64_t total) {
      total_ = total;
      if (total > 0)
        line_.show(static_cast<int>(std::min(done, total) * 100 / total));
    };
  }

private:
  std::string what_;
  std::string unit_;
  uint64_t total_ = 0;
  tools::progress_line line_;
};

int db_stat(const db_flags& flags) {
  const auto found = tools::stat_folder(flags.data, db_layout());
  if (!found)
    return db_failed("stat", found.error());
  return answer(
    "stat", flags,
    [&] { return tools::stat_table(flags.data, *found, flags.all_tables, style_of_terminal()); },
    [&] { return tools::stat_json(flags.data, *found); });
}

int db_verify(const db_flags& flags) {
  const auto found = [&] {
    db_progress progress{"verifying"};
    return tools::verify_folder(flags.data, db_layout(), progress.shown());
  }();
  if (!found)
    return db_failed("verify", found.error());
  const int written = answer(
    "verify", flags, [&] { return tools::verdict_table(flags.data, *found, style_of_terminal()); },
    [&] { return tools::verdict_json(flags.data, *found); });
  return written != done || found->good() ? written : answer_is_no;
}

int db_backup(const db_flags& flags) {
  const auto taken = [&] {
    db_progress progress{"backing up"};
    return tools::back_up(
      {flags.data, flags.to, tools::clock_us() / 1'000'000, flags.keep, db_layout().version},
      progress.shown());
  }();
  if (!taken)
    return db_failed("backup", taken.error());
  return answer(
    "backup", flags, [&] { return tools::backup_table(*taken); },
    [&] { return tools::backup_json(*taken); });
}

int db_restore(const db_flags& flags) {
  const auto from = storage::backup_to_restore(flags.from);
  if (!from)
    return db_failed("restore", from.error());
  const auto restored = [&] {
    db_progress progress{"verifying"};
    return tools::restore({*from, flags.data, flags.force, tools::clock_us() / 1'000'000},
                          db_layout(), progress.shown());
  }();
  if (!restored)
    return db_failed("restore", restored.error());
  return answer(
    "restore", flags, [&] { return tools::restore_table(*from, *restored); },
    [&] { return tools::restore_json(*from, *restored); });
}

/// The node that has the folder compacts it itself, between two commits.
int compact_by_node(const db_flags& flags, const fault& busy) {
  folder_link node{flags.data, all_mechanisms(), {}, letters()};
  const auto answered = node.ask("compact");
  if (!answered)
    return db_failed("compact",
                     {answered.error().code == ec::unreachable ? ec::busy : answered.error().code,
                      busy.what + "; asked to compact, it answers: " + answered.error().what});
  if (write_answer(false, *answered + '\n'))
    return done;
  return db_failed("compact", {ec::unreachable, "the answer could not be written"});
}

int db_compact(const db_flags& flags) {
  const auto compacted = [&] {
    db_progress progress{"compacting"};
    return tools::compact_folder(flags.data, db_layout(), progress.shown());
  }();
  if (!compacted && compacted.error().code == ec::busy)
    return compact_by_node(flags, compacted.error());
  if (!compacted)
    return db_failed("compact", compacted.error());
  return answer(
    "compact", flags,
    [&] { return tools::compact_table(flags.data, *compacted, style_of_terminal()); },
    [&] { return tools::compact_json(flags.data, *compacted); });
}

/// The rows go to --to; what became of it goes to standard error when they go to standard output.
int db_export(const db_flags& flags) {
  const auto report = [&] {
    db_progress progress{"exporting"};
    return tools::export_folder({flags.data, flags.store, flags.table, db_layout().version},
                                flags.to, progress.shown());
  }();
  if (!report)
    return db_failed("export", report.error());
  if (flags.to == "-")
    return done;
  return answer(
    "export", flags, [&] { return tools::lines_table("exported", flags.to, *report); },
    [&] { return tools::lines_json("exported", flags.to, *report); });
}

int db_import(const db_flags& flags) {
  const auto report = [&] {
    db_progress progress{"importing"};
    return tools::import_lines({flags.from, flags.data, db_layout().version},
                               progress.shown("bytes"));
  }();
  if (!report)
    return db_failed("import", report.error());
  return answer(
    "import", flags, [&] { return tools::lines_table("imported", flags.data, *report); },
    [&] { return tools::lines_json("imported", flags.data, *report); });
}

int db_migrate(const db_flags& flags) {
  const auto report = [&] {
    db_progress progress{"copying"};
    return tools::migrate_folder(
      flags.data, flags.dry_run, db_layout(),
      [] { return static_cast<double>(tools::clock_us()) / 1000; }, progress.shown());
  }();
  if (!report)
    return db_failed("migrate", report.error());
  return answer(
    "migrate", flags, [&] { return tools::migration_table(flags.data, *report); },
    [&] { return tools::migration_json(flags.data, *report); });
}

using db_run = int (*)(const db_flags&);

CLI::App* add_db_command(CLI::App& db, const std::shared_ptr<db_flags>& flags, int& code,
                         const char* name, const char* what, const char* footer, db_run run) {
  auto* one = db.add_subcommand(name, what);
  one->add_option("--output", flags->output, "Default: table on a terminal, else json")
    ->check(CLI::IsMember({"table", "json"}));
  one->footer(footer);
  one->callback([flags, &code, run] { code = run(*flags); });
  return one;
}

void add_data(CLI::App& command, db_flags& flags, const char* what) {
  command.add_option("--data", flags.data, what)
    ->required()
    ->type_name("DIR")
    ->envname("SLUICE_DATA");
}

void add_looking(CLI::App& db, const std::shared_ptr<db_flags>& flags, int& code) {
  auto* stat = add_db_command(db, flags, code, "stat", "What is in a folder, and how much of it",
                              "Examples:\n"
                              "  sluice db stat --data sluice-dev\n"
                              "  sluice db stat --data sluice-dev --all --output json\n"
                              "Exit: 0 done, 1 damaged, 2 usage, 3 no such folder.",
                              db_stat);
  add_data(*stat, *flags, "A data folder, whose node may be running, or a backup");
  stat->add_flag("--all", flags->all_tables, "Empty tables too");

  auto* verify = add_db_command(
    db, flags, code, "verify", "Read every row, and compare all that states what it should be",
    "The stamps of the stores (one set, none older), every page, every row's checksum, every row\n"
    "as its type; of a backup the SHA-256 of its files. Damage is listed by store, table and key.\n"
    "\nExamples:\n"
    "  sluice db verify --data sluice-dev\n"
    "  sluice db verify --data /backups/backup-20261201-040000 --output json\n"
    "Exit: 0 good, 1 damaged, 2 usage, 3 no such folder.",
    db_verify);
  add_data(*verify, *flags, "A data folder, whose node may be running, or a backup");
}

void add_copies(CLI::App& db, const std::shared_ptr<db_flags>& flags, int& code) {
  auto* backup = add_db_command(
    db, flags, code, "backup", "Copy a folder as it is at one moment; its node may go on",
    "All stores are copied as a set at one commit and read back before the backup gets its name,\n"
    "TO/backup-YYYYmmdd-HHMMSS. Only what has a MANIFEST is a backup.\n"
    "\nExamples:\n"
    "  sluice db backup --data sluice-dev --to /backups\n"
    "  sluice db backup --data sluice-dev --to /backups --keep 14      for cron\n"
    "Exit: 0 done, 1 the folder is damaged, 2 usage, 3 no such folder, disk full.",
    db_backup);
  add_data(*backup, *flags, "The node's data folder");
  backup->add_option("--to", flags->to, "Where backups go; made when missing")
    ->required()
    ->type_name("FOLDER");
  backup->add_option("--keep", flags->keep, "Erase all but the newest N (default: none)")
    ->check(CLI::Range(1, 1000))
    ->type_name("N");

  auto* restore = add_db_command(
    db, flags, code, "restore", "Put a backup in the place of a data folder, once it is verified",
    "Nothing is put over data that is there without --force; then it is kept beside, as\n"
    "DIR.before-restore-YYYYmmdd-HHMMSS. No node may run on DIR.\n"
    "\nExamples:\n"
    "  sluice db restore --from /backups/backup-20261201-040000 --data sluice-dev\n"
    "  sluice db restore --from /backups --data sluice-dev --force     the newest one there\n"
    "Exit: 0 done, 1 the backup is damaged, 2 usage, data in the way, 3 disk, a node runs.",
    db_restore);
  restore->add_option("--from,BACKUP", flags->from, "A backup, or a folder of backups")
    ->required()
    ->type_name("BACKUP");
  add_data(*restore, *flags, "Where the data folder is to be");
  restore->add_flag("--force", flags->force, "Keep what is there beside, and take its place");

  auto* compact = add_db_command(
    db, flags, code, "compact", "Give the free pages of the stores back to the disk",
    "Copies each store without them; needs as much space as its rows. A node that runs on the\n"
    "folder is asked to do it itself.\n"
    "\nExamples:\n"
    "  sluice db compact --data sluice-dev\n"
    "Exit: 0 done, 1 damaged, 2 usage, 3 no such folder, disk full.",
    db_compact);
  add_data(*compact, *flags, "The node's data folder");
}

void add_lines(CLI::App& db, const std::shared_ptr<db_flags>& flags, int& code) {
  auto* writing = add_db_command(
    db, flags, code, "export", "Write all rows as lines of JSON",
    "The first line states whose data it is, the last one number and checksum of the rows; keys\n"
    "and values are bytes in hexadecimals. The node may go on.\n"
    "\nExamples:\n"
    "  sluice db export --data sluice-dev --to rows.jsonl\n"
    "  sluice db export --data sluice-dev --store node --table jobs\n"
    "  sluice db export --data sluice-dev | zstd > rows.jsonl.zst\n"
    "Exit: 0 done, 1 damaged, 2 usage, no such table, 3 no such folder, disk full.",
    db_export);
  add_data(*writing, *flags, "A data folder, whose node may be running, or a backup");
  writing->add_option("--to", flags->to, "A file (default: standard output)")->type_name("FILE");
  writing->add_option("--store", flags->store, "Only this one: node, pool_events, devchain");
  writing->add_option("--table", flags->table, "Only this one; sluice db stat lists them");

  auto* reading = add_db_command(
    db, flags, code, "import", "Make a new data folder out of an export",
    "The rows are the same, byte for byte; only a whole export makes a folder.\n"
    "\nExamples:\n"
    "  sluice db import --from rows.jsonl --data sluice-copy\n"
    "  zstd -dc rows.jsonl.zst | sluice db import --data sluice-copy\n"
    "Exit: 0 done, 2 usage, a file that is no whole export, data in the way, 3 disk full.",
    db_import);
  reading->add_option("--from", flags->from, "A file (default: standard input)")->type_name("FILE");
  add_data(*reading, *flags, "Where the new folder is to be");

  auto* migrate = add_db_command(
    db, flags, code, "migrate", "Bring a folder to this version's schema, or try it on a copy",
    "A node does the same at its start. A verified backup is made first, in DIR/backup-schema-N.\n"
    "\nExamples:\n"
    "  sluice db migrate --data sluice-dev --dry-run   which steps, and how long they take\n"
    "  sluice db migrate --data sluice-dev\n"
    "Exit: 0 done, 1 damaged, 2 usage, no way forward, 3 disk, a node runs.",
    db_migrate);
  add_data(*migrate, *flags, "The node's data folder");
  migrate->add_flag("--dry-run", flags->dry_run,
                    "On a copy beside DIR, which is taken away again; the node may go on");
}

} // namespace

void add_db(CLI::App& app, int& code) {
  auto flags = std::make_shared<db_flags>();
  flags->to = "-";
  flags->from = "-";
  auto* db = app.add_subcommand("db", "The data folder: look, verify, back up, restore, compact");
  db->require_subcommand(1);
  db->footer("Examples:\n"
             "  sluice db stat --data sluice-dev\n"
             "  sluice db verify --data sluice-dev\n"
             "  sluice db backup --data sluice-dev --to /backups --keep 14\n"
             "  sluice db restore --from /backups --data sluice-dev --force\n"
             "See docs/operations.md.");
  add_looking(*db, flags, code);
  add_copies(*db, flags, code);
  add_lines(*db, flags, code);
}

} // namespace sluice::bin
