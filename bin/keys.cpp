#include "tools/keys/keys.hpp"

#include "bin/commands.hpp"

#include <cstdio>
#include <memory>
#include <unistd.h>

namespace sluice::bin {

namespace {

struct keys_flags {
  std::string file;
  std::string message;
  std::string key;
  std::string signature;
  std::string kind = "ed25519";
  std::string output;
};

int failed(const char* what, const fault& why) {
  print_shown(stderr, "sluice keys %s: %s\n", what, why.what.c_str());
  return why.code == ec::bad_input || why.code == ec::refused ? usage : environment;
}

int print(const char* what, const keys_flags& flags, const tools::key_report& report) {
  const bool table = flags.output == "table" || (flags.output.empty() && isatty(STDOUT_FILENO));
  const auto text = table ? tools::to_table(report) : tools::to_json(report);
  if (write_answer(table, text))
    return done;
  return failed(what, {ec::unreachable, "the answer could not be written"});
}

int print_report(const char* what, const keys_flags& flags,
                 const result<tools::key_report>& report) {
  return report ? print(what, flags, *report) : failed(what, report.error());
}

int verify(const keys_flags& flags) {
  const auto good = tools::verify_signature(flags.kind, flags.key, flags.message, flags.signature);
  if (!good)
    return failed("verify", good.error());
  const int code = print("verify", flags, {{"signature", *good ? "good" : "bad"}});
  return code != done ? code : *good ? done : answer_is_no;
}

CLI::App*
add(CLI::App& keys, keys_flags& flags, const char* name, const char* what, const char* examples) {
  auto* one = keys.add_subcommand(name, what);
  one->add_option("--output", flags.output, "Default: table on a terminal, else json")
    ->check(CLI::IsMember({"table", "json"}));
  one->footer(examples);
  return one;
}

} // namespace

void add_keys(CLI::App& app, int& code) {
  auto flags = std::make_shared<keys_flags>();
  auto* keys = app.add_subcommand("keys", "Make a hotkey, show it, sign and verify with it");
  keys->require_subcommand(1);
  keys->footer("A hotkey is who a miner is: its address stands in the roster, its file signs.\n"
               "\nExamples:\n"
               "  sluice keys new miner.key\n"
               "  sluice keys show miner.key --output json\n"
               "  sluice keys sign miner.key --message \"it is me\"");

  auto* making = add(*keys, *flags, "new", "Make a hotkey in a file that only you can read",
                     "The file must not exist: a key is never overwritten.\n"
                     "\nExamples:\n"
                     "  sluice keys new miner.key\n"
                     "  sluice keys new miner.key --kind sr25519");
  making->add_option("FILE", flags->file, "The file to make")->required();
  making->add_option("--kind", flags->kind, "ed25519, or sr25519 as wallets of the chain have")
    ->capture_default_str();
  making->callback([flags, &code] {
    code = print_report("new", *flags, tools::make_key_file(flags->file, flags->kind));
  });

  auto* showing = add(*keys, *flags, "show", "Address and public key of a hotkey's file",
                      "The address is what a roster calls the hotkey (SS58, prefix 42).\n"
                      "\nExamples:\n"
                      "  sluice keys show miner.key\n"
                      "  sluice keys show miner.key --output json");
  showing->add_option("FILE", flags->file, "The hotkey")->required();
  showing->callback(
    [flags, &code] { code = print_report("show", *flags, tools::show_key_file(flags->file)); });

  auto* signing
    = add(*keys, *flags, "sign", "Sign a text with a hotkey",
          "The bytes of the text are signed as they are, in the way of the file's kind.\n"
          "\nExamples:\n"
          "  sluice keys sign miner.key --message \"it is me\"");
  signing->add_option("FILE", flags->file, "The hotkey")->required();
  signing->add_option("--message", flags->message, "The text")->required()->type_name("TEXT");
  signing->callback([flags, &code] {
    code = print_report("sign", *flags, tools::sign_with_file(flags->file, flags->message));
  });

  auto* verifying
    = add(*keys, *flags, "verify", "Whose signature is it? Exit code 1 when bad",
          "Examples:\n"
          "  sluice keys verify --key 5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu"
          " \\\n"
          "    --message \"it is me\" --signature 128_HEXADECIMAL_DIGITS");
  verifying->add_option("--key", flags->key, "Public key (64 hexadecimal digits) or address")
    ->required()
    ->type_name("HEX|ADDRESS");
  verifying->add_option("--message", flags->message, "The text")->required()->type_name("TEXT");
  verifying->add_option("--signature", flags->signature, "128 hexadecimal digits")
    ->required()
    ->type_name("HEX");
  verifying->add_option("--kind", flags->kind, "Kind of signature")->capture_default_str();
  verifying->callback([flags, &code] { code = verify(*flags); });
  add_keys_tls(*keys, code);
}

} // namespace sluice::bin
