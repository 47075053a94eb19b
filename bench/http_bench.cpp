/// Requests per CPU second of the HTTP server beside nginx, which serves the same bytes as files:
/// both in turns, loaded by wrk on loopback; and how honest clients fare among others.
#include "http_abuse.hpp"
#include "http_bodies.hpp"
#include "http_servers.hpp"
#include "net/http/compression.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

namespace sluice {
namespace {

struct http_flags {
  size_t connections = 64;
  size_t seconds = 4; // of each run
  size_t rounds = 3;  // both servers in turns
  bool json = false;
  bool abuse = true;
  uint64_t seed = 1;
};

/// One kind of request that both servers are asked.
struct load_kind {
  std::string name;
  std::string path;
  std::string header; // of the request; ETAG is replaced with the server's own
  double wanted = 0;  // ratio of requests per CPU second, ours to nginx's
};

const std::vector<load_kind> kinds{
  {"small, plain", small_path, "", 1.5},
  {"small, 304", small_path, "If-None-Match: ETAG", 1.5},
  {"large, plain", large_path, "", 0.8},
  {"large, gzip", large_path, "Accept-Encoding: gzip", 1.5},
  {"large, 304", large_path, "If-None-Match: ETAG", 1.5},
  {"large, gzip, 304", large_path, "If-None-Match: GZIP-ETAG", 1.5},
};

struct measured {
  double per_cpu_second = 0; // requests
  double p50_us = 0;
  double p99_us = 0;
  double per_second = 0;
};

measured median_of(std::vector<measured> all) {
  const auto middle = [&all](double measured::*member) {
    std::sort(all.begin(), all.end(),
              [member](const auto& a, const auto& b) { return a.*member < b.*member; });
    return all[all.size() / 2].*member;
  };
  return {middle(&measured::per_cpu_second), middle(&measured::p50_us), middle(&measured::p99_us),
          middle(&measured::per_second)};
}

void replace(std::string& text, const std::string& what, const std::string& with) {
  if (const auto at = text.find(what); at != std::string::npos)
    text.replace(at, what.size(), with);
}

measured measure(const bench_server& server, const load_kind& kind, const http_flags& flags) {
  auto header = kind.header;
  if (header.find("GZIP-ETAG") != std::string::npos) {
    const auto answer = ask_once(server.port(), kind.path, "Accept-Encoding: gzip");
    replace(header, "GZIP-ETAG", header_of(answer, "ETag"));
    header += "\r\nAccept-Encoding: gzip";
  } else {
    replace(header, "ETAG", header_of(ask_once(server.port(), kind.path, ""), "ETag"));
  }
  const auto before = server.cpu_seconds();
  const auto load = run_wrk(server.port(), kind.path, header, flags.connections, flags.seconds);
  const auto cpu = server.cpu_seconds() - before;
  return {load.requests / cpu, load.p50_us, load.p99_us, load.per_second};
}

void same_bytes(const bench_server& ours, const bench_server& other) {
  for (const auto* path : {small_path, large_path})
    for (const auto* header : {"", "Accept-Encoding: gzip"})
      if (body_of(ask_once(ours.port(), path, header))
          != body_of(ask_once(other.port(), path, header)))
        throw std::runtime_error(std::string{"the two servers answer different bytes at "} + path);
}

void beside_nginx(const http_flags& flags, const bench_bodies& bodies) {
  const own_server ours{bodies};
  const nginx_server nginx{bodies};
  same_bytes(ours, nginx);
  if (!flags.json)
    std::printf("%zu connections of wrk, one thread; median of %zu runs of %zu s\n"
                "%-18s %14s %14s %7s %7s %19s %19s\n",
                flags.connections, flags.rounds, flags.seconds, "", "req/CPU s", "nginx", "ratio",
                "wanted", "p50/p99 us", "nginx");
  for (const auto& kind : kinds) {
    std::vector<measured> own, other;
    for (size_t i = 0; i < flags.rounds; ++i) {
      own.push_back(measure(ours, kind, flags));
      other.push_back(measure(nginx, kind, flags));
    }
    const auto a = median_of(own), b = median_of(other);
    const auto ratio = a.per_cpu_second / b.per_cpu_second;
    std::printf(flags.json ? "{\"kind\":\"%s\",\"requests_per_cpu_second\":%.0f,\"nginx\":%.0f,"
                             "\"ratio\":%.3f,\"wanted\":%.1f,\"p50_us\":%.0f,\"p99_us\":%.0f,"
                             "\"nginx_p50_us\":%.0f,\"nginx_p99_us\":%.0f}\n"
                           : "%-18s %14.0f %14.0f %7.2f %7.1f %9.0f/%9.0f %9.0f/%9.0f\n",
                kind.name.c_str(), a.per_cpu_second, b.per_cpu_second, ratio, kind.wanted, a.p50_us,
                a.p99_us, b.p50_us, b.p99_us);
    std::fflush(stdout);
  }
}

/// In turns, so that both see the same machine.
void among_others(const http_flags& flags, const bench_bodies& bodies) {
  const own_server ours{bodies};
  std::vector<measured> alone, among;
  const auto load = [&] {
    const auto x = run_wrk(ours.port(), small_path, "", 8, flags.seconds);
    return measured{x.per_second, x.p50_us, x.p99_us, x.per_second};
  };
  load(); // nothing is new to the server any more
  const auto before = ours.memory_kib();
  uint64_t malformed = 0;
  for (size_t i = 0; i < flags.rounds; ++i) {
    alone.push_back(load());
    http_abuse abuse{ours.port(), flags.seed + i, flags.seconds};
    among.push_back(load());
    malformed += abuse.malformed();
  }
  const auto after = ours.memory_kib();
  const auto a = median_of(alone), b = median_of(among);
  std::printf(flags.json ? "{\"kind\":\"abuse\",\"p99_us\":%.0f,\"p99_among_us\":%.0f,"
                           "\"malformed\":%llu,\"rss_kib\":%ld,\"rss_after_kib\":%ld}\n"
                         : "honest p99 %.0f us alone, %.0f us among slow, half-open and %llu "
                           "malformed ones; memory %ld KiB before, %ld KiB after\n",
              a.p99_us, b.p99_us, static_cast<unsigned long long>(malformed), before, after);
}

const char* const usage
  = "http_bench [--connections N] [--seconds N] [--rounds N] [--seed N] [--no-abuse]\n"
    "           [--output json]\n"
    "Needs wrk and nginx (Debian: apt install wrk nginx-light).\n";

bool read_flags(int argc, char** argv, http_flags& flags) {
  for (int i = 1; i < argc; ++i) {
    const std::string name{argv[i]};
    const std::string value{i + 1 < argc ? argv[i + 1] : ""};
    uint64_t number = 0;
    const bool is_number
      = std::from_chars(value.data(), value.data() + value.size(), number).ec == std::errc{}
        && number > 0 && number <= 10'000;
    if (name == "--no-abuse") {
      flags.abuse = false;
      continue;
    }
    if (name == "--output" && value == "json")
      flags.json = true;
    else if (!is_number)
      return false;
    else if (name == "--connections")
      flags.connections = number;
    else if (name == "--seconds")
      flags.seconds = number;
    else if (name == "--rounds")
      flags.rounds = number;
    else if (name == "--seed")
      flags.seed = number;
    else
      return false;
    ++i;
  }
  return true;
}

} // namespace
} // namespace sluice

int main(int argc, char** argv) {
  using namespace sluice;
  http_flags flags;
  if (!read_flags(argc, argv, flags)) {
    std::fputs(usage, stderr);
    return 2;
  }
  for (const auto* program : {"wrk", "nginx"})
    if (find_program(program).empty()) {
      std::printf("skipped: there is no %s here (Debian: apt install wrk nginx-light)\n", program);
      return 0;
    }
  const auto bodies = make_bench_bodies();
  if (!flags.json)
    std::printf("bodies: %zu bytes; %zu bytes, %zu in gzip\n", bodies.small.size(),
                bodies.large.size(), net::gzip_of(bodies.large).size());
  try {
    beside_nginx(flags, bodies);
    if (flags.abuse)
      among_others(flags, bodies);
  } catch (const std::exception& x) {
    std::fprintf(stderr, "http_bench: %s\n", x.what());
    return 1;
  }
  return 0;
}
