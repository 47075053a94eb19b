#include "../http_servers.hpp"
#include "net/http/cached_body.hpp"
#include "net/http/compression.hpp"
#include "net/http/server.hpp"
#include "tests/support/bare_socket.hpp"
#include "tests/support/pause.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <unistd.h>

namespace sluice {

namespace {

net::http_handler cached(const std::string& bytes) {
  const auto body = net::make_cached(bytes);
  return net::answer_with([body](const net::http_request&) { return net::cached_answer(body); });
}

/// In the child; ends with the pipe.
[[noreturn]] void serve(const bench_bodies& bodies, int port_to, int until) {
  net::http_router router;
  router.serve("GET", small_path, cached(bodies.small));
  router.serve("GET", large_path, cached(bodies.large));
  router.serve("POST", "/echo", net::answer_with([](const net::http_request& x) {
                 return net::http_response{200, "text/plain", x.body};
               }));
  net::http_server_terms terms;
  terms.limits.connections_max = terms.limits.connections_per_network = 4096;
  auto socket = net::listening_socket::open("127.0.0.1:0");
  if (!socket)
    ::_exit(1);
  const auto server = net::http_server::start(*socket, terms, std::move(router));
  const auto port = socket->port();
  if (!server || ::write(port_to, &port, sizeof port) != sizeof port)
    ::_exit(1);
  char never = 0;
  while (::read(until, &never, 1) > 0) {
  }
  ::_exit(0);
}

void write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream{path, std::ios::binary} << bytes;
}

std::string nginx_configuration(const std::string& folder, uint16_t port) {
  return "daemon off;\nmaster_process off;\nworker_processes 1;\nerror_log " + folder
         + "/error.log;\npid " + folder
         + "/pid;\nevents { worker_connections 4096; }\nhttp {\n  access_log off;\n  sendfile on;\n"
           "  open_file_cache max=100 inactive=600s;\n  open_file_cache_valid 600s;\n"
           "  gzip_static on;\n  default_type application/json;\n  client_body_temp_path "
         + folder + "/body;\n  proxy_temp_path " + folder + "/proxy;\n  fastcgi_temp_path " + folder
         + "/fastcgi;\n  uwsgi_temp_path " + folder + "/uwsgi;\n  scgi_temp_path " + folder
         + "/scgi;\n  server { listen 127.0.0.1:" + std::to_string(port) + "; root " + folder
         + "/www; }\n}\n";
}

/// One that was free a moment ago.
uint16_t free_port() {
  const auto socket = net::listening_socket::open("127.0.0.1:0");
  if (!socket)
    throw std::runtime_error(socket.error().what);
  return socket->port();
}

double microseconds_of(const std::string& text) {
  size_t used = 0;
  const double number = std::stod(text, &used);
  const auto unit = text.substr(used);
  return unit == "us" ? number : unit == "ms" ? number * 1e3 : number * 1e6;
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe{::popen(command.c_str(), "r"), ::pclose};
  std::string out;
  std::array<char, 4096> chunk{};
  while (pipe && std::fgets(chunk.data(), chunk.size(), pipe.get()))
    out += chunk.data();
  return out;
}

} // namespace

bench_server::~bench_server() {
  if (process_ <= 0)
    return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

double bench_server::cpu_seconds() const {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(process_, &clock) != 0 || ::clock_gettime(clock, &time) != 0)
    throw std::runtime_error("a server has ended");
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

long bench_server::memory_kib() const {
  std::ifstream file{"/proc/" + std::to_string(process_) + "/statm"};
  long all = 0, held = 0;
  file >> all >> held;
  return held * ::sysconf(_SC_PAGESIZE) / 1024;
}

own_server::own_server(const bench_bodies& bodies) {
  std::array<int, 2> port{}, alive{};
  if (::pipe(port.data()) != 0 || ::pipe(alive.data()) != 0)
    throw std::runtime_error("no pipe");
  process_ = ::fork();
  if (process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::close(alive[1]);
    serve(bodies, port[1], alive[0]);
  }
  ::close(port[1]);
  ::close(alive[0]);
  const bool started = ::read(port[0], &port_, sizeof port_) == sizeof port_;
  ::close(port[0]);
  if (!started)
    throw std::runtime_error("our server did not start");
}

nginx_server::nginx_server(const bench_bodies& bodies) {
  auto name = (std::filesystem::temp_directory_path() / "http_bench.XXXXXX").string();
  if (!::mkdtemp(name.data()))
    throw std::runtime_error("no temporary folder");
  folder_ = name;
  write_file(folder_ / "www" / (small_path + 1), bodies.small);
  write_file(folder_ / "www" / (large_path + 1), bodies.large);
  write_file(folder_ / "www" / (std::string{large_path + 1} + ".gz"), net::gzip_of(bodies.large));
  port_ = free_port();
  const auto configuration = (folder_ / "nginx.conf").string();
  write_file(configuration, nginx_configuration(name, port_));
  const auto program = find_program("nginx");
  const auto log = name + "/error.log";
  process_ = ::fork();
  if (process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::execl(program.c_str(), "nginx", "-e", log.c_str(), "-p", name.c_str(), "-c",
            configuration.c_str(), nullptr);
    ::_exit(1);
  }
  for (int i = 0; i < 500; ++i) {
    try {
      const test::bare_socket peer{port_};
      return;
    } catch (const std::runtime_error&) {
      test::pause_for(std::chrono::milliseconds{10});
    }
  }
  throw std::runtime_error("nginx did not start: " + output_of("cat " + log));
}

nginx_server::~nginx_server() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string find_program(const std::string& name) {
  std::istringstream folders{std::string{std::getenv("PATH") ? std::getenv("PATH") : ""}
                             + ":/usr/sbin:/usr/bin"};
  for (std::string folder; std::getline(folders, folder, ':');)
    if (auto path = folder + '/' + name; ::access(path.c_str(), X_OK) == 0)
      return path;
  return {};
}

wrk_result run_wrk(uint16_t port, const std::string& path, const std::string& header,
                   size_t connections, size_t seconds) {
  auto command = find_program("wrk") + " -t1 --latency -c" + std::to_string(connections) + " -d"
                 + std::to_string(seconds) + 's';
  std::string rest = header;
  while (!rest.empty()) {
    const auto end = std::min(rest.find("\r\n"), rest.size());
    command += " -H '" + rest.substr(0, end) + '\'';
    rest.erase(0, std::min(end + 2, rest.size()));
  }
  const auto text = output_of(command + " http://127.0.0.1:" + std::to_string(port) + path);
  wrk_result out;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words{line};
    std::string first, second, third;
    words >> first >> second >> third;
    if (first == "50%")
      out.p50_us = microseconds_of(second);
    else if (first == "99%")
      out.p99_us = microseconds_of(second);
    else if (first == "Requests/sec:")
      out.per_second = std::stod(second);
    else if (second == "requests" && third == "in")
      out.requests = std::stod(first);
    else if (first == "Non-2xx" || first == "Socket")
      throw std::runtime_error("wrk met errors: " + line);
  }
  if (out.requests == 0 || out.p99_us == 0)
    throw std::runtime_error("wrk printed no numbers: " + text);
  return out;
}

std::string ask_once(uint16_t port, const std::string& path, const std::string& header) {
  const test::bare_socket peer{port};
  peer.send("GET " + path + " HTTP/1.1\r\nHost: here\r\nConnection: close\r\n"
            + (header.empty() ? "" : header + "\r\n") + "\r\n");
  return peer.read_until();
}

std::string header_of(const std::string& answer, const std::string& name) {
  const auto at = answer.find("\r\n" + name + ": ");
  if (at == std::string::npos)
    return {};
  const auto from = at + name.size() + 4;
  return answer.substr(from, answer.find("\r\n", from) - from);
}

std::string body_of(const std::string& answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == std::string::npos ? std::string{} : answer.substr(end + 4);
}

} // namespace sluice
