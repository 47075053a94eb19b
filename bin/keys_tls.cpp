#include "bin/commands.hpp"
#include "net/keys/tls_certificate.hpp"
#include "tools/keys/keys.hpp"

#include <cstdio>
#include <memory>
#include <unistd.h>

namespace sluice::bin {

namespace {

struct tls_flags {
  std::string at; // folder or file
  net::tls_order order;
  std::string role;
  std::string output;
};

int print_tls_report(const char* what, const tls_flags& flags,
                     const result<net::tls_report>& report) {
  if (!report) {
    const auto& why = report.error();
    print_shown(stderr, "sluice keys tls %s: %s\n", what, why.what.c_str());
    return why.code == ec::unreachable ? environment : usage;
  }
  const bool table = flags.output == "table" || (flags.output.empty() && isatty(STDOUT_FILENO));
  const auto text = table ? tools::to_table(*report) : tools::to_json(*report);
  const bool good = write_answer(table, text);
  return good ? done : environment;
}

int make_tls(tls_flags& flags) {
  const auto role = parse_fleet_role(flags.role);
  if (!role)
    return print_tls_report(
      "new", flags,
      fault{ec::bad_input, "--role: expected " + std::string{fleet_roles} + ", got " + flags.role});
  flags.order.role = *role;
  return print_tls_report("new", flags, net::make_tls_certificate(flags.at, flags.order));
}

CLI::App* tls_command(CLI::App& tls, tls_flags& flags, const char* name, const char* what,
                      const char* examples) {
  auto* one = tls.add_subcommand(name, what);
  one->add_option("--output", flags.output, "Default: table on a terminal, else json")
    ->check(CLI::IsMember({"table", "json"}));
  one->footer(examples);
  return one;
}

} // namespace

void add_keys_tls(CLI::App& keys, int& code) {
  auto flags = std::make_shared<tls_flags>();
  auto* tls
    = keys.add_subcommand("tls", "Certificates by which the machines of a fleet trust each other");
  tls->require_subcommand(1);
  tls->footer("One folder holds the CA; every program gets a certificate that states its role.\n"
              "Keep ca.key away from the network: who has it can make an operator.\n"
              "\nExamples:\n"
              "  sluice keys tls init fleet\n"
              "  sluice keys tls new fleet --name validator --role node --host 10.0.0.5\n"
              "  sluice keys tls new fleet --name worker-1 --role worker");

  auto* init = tls_command(*tls, *flags, "init", "Make a CA",
                           "Makes DIR/ca.pem and DIR/ca.key; nothing is overwritten.\n"
                           "\nExamples:\n"
                           "  sluice keys tls init fleet");
  init->add_option("DIR", flags->at, "The folder to make")->required();
  init->callback([flags, &code] {
    code = print_tls_report("init", *flags, net::make_tls_authority(flags->at));
  });

  auto* making = tls_command(*tls, *flags, "new", "Make a certificate with a name and a role",
                             "Makes DIR/NAME.pem and DIR/NAME.key; nothing is overwritten.\n"
                             "\nExamples:\n"
                             "  sluice keys tls new fleet --name validator --role node --host "
                             "10.0.0.5\n"
                             "  sluice keys tls new fleet --name me --role operator --days 90");
  making->add_option("DIR", flags->at, "The folder of the CA")->required();
  making->add_option("--name", flags->order.name, "What people call the machine")->required();
  making->add_option("--role", flags->role, std::string{fleet_roles})->required();
  making->add_option("--host", flags->order.hosts,
                     "A name or an address by which others reach it; may be given again");
  making->add_option("--days", flags->order.days, "How long it is good")->capture_default_str();
  making->callback([flags, &code] { code = make_tls(*flags); });

  auto* showing = tls_command(*tls, *flags, "show", "What a certificate states",
                              "Examples:\n"
                              "  sluice keys tls show fleet/validator.pem");
  showing->add_option("FILE", flags->at, "The certificate")->required();
  showing->callback([flags, &code] {
    code = print_tls_report("show", *flags, net::show_tls_certificate(flags->at));
  });
}

} // namespace sluice::bin
