#include "bin/commands.hpp"
#include "io/api/key_file.hpp"
#include "tools/api/api_keys.hpp"

#include <sys/ioctl.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <unistd.h>

namespace sluice::bin {

namespace {

struct api_key_flags {
  std::string data;
  tools::api_key_order order;
  std::string expires;
  std::string id;
  std::string overlap;
  std::string output;
};

uint64_t api_key_now_ms() {
  using namespace std::chrono;
  return static_cast<uint64_t>(
    duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

int api_key_failed(const char* what, const fault& why) {
  print_shown(stderr, "sluice api-key %s: %s\n", what, why.what.c_str());
  return why.code == ec::unreachable || why.code == ec::storage_full || why.code == ec::busy
           ? environment
           : usage;
}

bool shows_table(const api_key_flags& flags) {
  return flags.output == "table" || (flags.output.empty() && isatty(STDOUT_FILENO));
}

int write_keys(const char* what, bool table, const std::string& text) {
  if (write_answer(table, text))
    return done;
  return api_key_failed(what, {ec::unreachable, "the answer could not be written"});
}

int print_key(const char* what, const api_key_flags& flags,
              const result<tools::key_report>& report) {
  if (!report)
    return api_key_failed(what, report.error());
  const bool table = shows_table(flags);
  return write_keys(what, table, table ? tools::to_table(*report) : tools::to_json(*report));
}

int new_key(api_key_flags& flags) {
  if (!flags.expires.empty()) {
    const auto lasts = tools::api_key_duration("--expires", flags.expires);
    if (!lasts)
      return api_key_failed("new", lasts.error());
    flags.order.expires_in_ms = *lasts;
  }
  return print_key("new", flags, tools::make_api_key(flags.data, flags.order, api_key_now_ms()));
}

int rotate_key(const api_key_flags& flags) {
  uint64_t overlap_ms = 0;
  if (!flags.overlap.empty()) {
    const auto lasts = tools::api_key_duration("--overlap", flags.overlap);
    if (!lasts)
      return api_key_failed("rotate", lasts.error());
    overlap_ms = *lasts;
  }
  return print_key("rotate", flags,
                   tools::rotate_api_key_in(flags.data, flags.id, overlap_ms, api_key_now_ms()));
}

int list_keys(const api_key_flags& flags) {
  const auto all = io::read_api_keys(flags.data);
  if (!all)
    return api_key_failed("list", all.error());
  const bool table = shows_table(flags);
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return write_keys(
    "list", table,
    table ? tools::api_keys_table(*all, api_key_now_ms(), known ? size.ws_col : 120, letters())
          : tools::api_keys_json(*all, api_key_now_ms()));
}

CLI::App* add_one(CLI::App& keys, api_key_flags& flags, const char* name, const char* what,
                  const char* examples) {
  auto* one = keys.add_subcommand(name, what);
  one->add_option("--data", flags.data, "The node's data folder; the node may be running")
    ->required()
    ->type_name("DIR");
  one->add_option("--output", flags.output, "Default: table on a terminal, else json")
    ->check(CLI::IsMember({"table", "json"}));
  one->footer(examples);
  return one;
}

} // namespace

void add_api_key(CLI::App& app, int& code) {
  auto flags = std::make_shared<api_key_flags>();
  auto* keys = app.add_subcommand("api-key", "Keys of the HTTP API: make, list, revoke, rotate");
  keys->require_subcommand(1);
  keys->footer("A key is sent as X-API-Key. The folder has its hash only: the text is shown once.\n"
               "A node that runs takes a change up within two seconds.\n"
               "\nExamples:\n"
               "  sluice api-key new --data sluice-dev --role client --name dashboard\n"
               "  sluice api-key new --data sluice-dev --role validator --validator 7\n"
               "  sluice api-key list --data sluice-dev\n"
               "  sluice api-key rotate 3f9a01c2 --data sluice-dev --overlap 1h\n"
               "  sluice api-key revoke 3f9a01c2 --data sluice-dev");

  auto* making = add_one(*keys, *flags, "new", "Make a key, and print it once",
                         "Examples:\n"
                         "  sluice api-key new --data DIR --role client --expires 90d\n"
                         "  sluice api-key new --data DIR --role validator --validator 5FA9n...");
  making
    ->add_option("--role", flags->order.role,
                 "client: tasks; validator: reports of one validator as well; admin: everything")
    ->required()
    ->check(CLI::IsMember({"client", "validator", "admin"}));
  making->add_option("--validator", flags->order.validator, "Whose reports the key is for")
    ->type_name("HOTKEY|UID");
  making->add_option("--name", flags->order.name, "What people call it")->type_name("TEXT");
  making->add_option("--expires", flags->expires, "From now: 90d, 12h, 45m, 30s (default: never)")
    ->type_name("TIME");
  making->callback([flags, &code] { code = new_key(*flags); });

  auto* listing = add_one(*keys, *flags, "list", "Every key, without its text",
                          "Examples:\n"
                          "  sluice api-key list --data DIR --output json");
  listing->callback([flags, &code] { code = list_keys(*flags); });

  auto* revoking = add_one(*keys, *flags, "revoke", "Refuse a key from now on",
                           "Examples:\n"
                           "  sluice api-key revoke 3f9a01c2 --data DIR");
  revoking->add_option("ID", flags->id, "As list shows it")->required();
  revoking->callback([flags, &code] {
    code = print_key("revoke", *flags,
                     tools::revoke_api_key_in(flags->data, flags->id, api_key_now_ms()));
  });

  auto* rotating = add_one(*keys, *flags, "rotate", "Another text for a key, printed once",
                           "Examples:\n"
                           "  sluice api-key rotate 3f9a01c2 --data DIR --overlap 1h");
  rotating->add_option("ID", flags->id, "As list shows it")->required();
  rotating
    ->add_option("--overlap", flags->overlap,
                 "How long the text before is good as well (default: not at all)")
    ->type_name("TIME");
  rotating->callback([flags, &code] { code = rotate_key(*flags); });
}

} // namespace sluice::bin
