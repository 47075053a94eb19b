#include "io/api/key_file.hpp"

#include "io/text/json_fields.hpp"
#include "io/text/json_keys.hpp"
#include "io/text/json_place.hpp"
#include "io/text/output_file.hpp"
#include "rules/json_text.hpp"
#include "rules/limits.hpp"

#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace sluice::io {

namespace {

constexpr int64_t key_time_max = INT64_MAX;
constexpr std::string_view restore_it = "correct it, or restore the file";

struct file_descriptor {
  int number = -1;
  explicit file_descriptor(int x) : number(x) {}
  file_descriptor(const file_descriptor&) = delete;
  file_descriptor& operator=(const file_descriptor&) = delete;
  ~file_descriptor() {
    if (number >= 0)
      ::close(number);
  }
};

std::string line_of_key(const api_key& x) {
  json_object out;
  out.add("id", std::string_view{x.id})
    .add("name", std::string_view{x.name})
    .add("role", name_of(x.role));
  if (!x.validator.value.empty())
    out.add("validator", std::string_view{x.validator.value});
  if (x.validator_uid)
    out.add("validator_uid", x.validator_uid->value);
  out.add("created_ms", x.created_ms)
    .add("expires_ms", x.expires_ms)
    .add("revoked_ms", x.revoked_ms)
    .add("salt", std::string_view{x.hash.salt})
    .add("digest", std::string_view{x.hash.digest});
  if (!x.replaced.salt.empty())
    out.add("replaced_salt", std::string_view{x.replaced.salt})
      .add("replaced_digest", std::string_view{x.replaced.digest})
      .add("replaced_until_ms", x.replaced_until_ms);
  return out.text();
}

/// Every name that a key may have.
constexpr std::array<std::string_view, 13> key_fields{"id",
                                                      "name",
                                                      "role",
                                                      "validator",
                                                      "validator_uid",
                                                      "created_ms",
                                                      "expires_ms",
                                                      "revoked_ms",
                                                      "salt",
                                                      "digest",
                                                      "replaced_salt",
                                                      "replaced_digest",
                                                      "replaced_until_ms"};

result<api_key> key_of(const json& object, const std::string& name, uint32_t line) {
  json_fields fields{object, name, line};
  if (object.is_object())
    for (const auto& [field, value] : object.items())
      if (std::find(key_fields.begin(), key_fields.end(), field) == key_fields.end())
        fields.fail(field, "a field of a key", "another", restore_it);
  api_key x;
  const auto time = [&](std::string_view field) {
    return static_cast<uint64_t>(fields.number(field, 0, key_time_max));
  };
  x.id = fields.text("id");
  x.name = fields.text("name");
  const auto role = api_role_named(fields.text("role"));
  if (!role)
    fields.fail("role", "client, validator or admin", "another", restore_it);
  x.role = role.value_or(api_role::none);
  if (fields.has("validator"))
    x.validator.value = fields.text("validator");
  if (fields.has("validator_uid"))
    x.validator_uid = {
      static_cast<uint16_t>(fields.number("validator_uid", 0, static_cast<int64_t>(UINT16_MAX)))};
  x.created_ms = time("created_ms");
  x.expires_ms = time("expires_ms");
  x.revoked_ms = time("revoked_ms");
  x.hash = {fields.text("salt"), fields.text("digest")};
  if (fields.has("replaced_salt")) {
    x.replaced = {fields.text("replaced_salt"), fields.text("replaced_digest")};
    x.replaced_until_ms = time("replaced_until_ms");
  }
  if (fields.failed())
    return fields.error();
  if (const auto no = trouble_of(x))
    return bad_line(name, line, "", no->substr(std::strlen("expected ")), "another", restore_it);
  return x;
}

fault keys_unreadable(const std::string& path, int error) {
  return {ec::unreachable, path + ": cannot be read: " + std::strerror(error)};
}

/// The bytes of a file that only its owner may touch; none when there is no file.
result<std::optional<std::string>> read_private(const std::string& path) {
  const file_descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.number < 0 && errno == ENOENT)
    return std::optional<std::string>{};
  if (file.number < 0)
    return keys_unreadable(path, errno);
  struct stat facts {};
  if (::fstat(file.number, &facts) != 0)
    return keys_unreadable(path, errno);
  if (!S_ISREG(facts.st_mode))
    return fault{ec::unreachable, path + ": cannot be read: expected a file"};
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fault{ec::refused,
                 path + ": others may read or write it: expected mode 0600; chmod 600 " + path};
  std::string text(api_keys_file_bytes_max + 1, '\0');
  size_t size = 0;
  while (size < text.size()) {
    const auto got = ::read(file.number, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return keys_unreadable(path, errno);
    if (got == 0)
      break;
    size += static_cast<size_t>(got);
  }
  text.resize(size);
  return std::optional{std::move(text)};
}

/// A lock that ends with the descriptor.
result<nothing> lock_keys(const std::string& folder, const file_descriptor& held) {
  if (held.number < 0)
    return fault{ec::unreachable,
                 folder + ": cannot be written: " + std::strerror(errno)
                   + (errno == ENOENT ? "; create the folder above it first" : "")};
  if (::flock(held.number, LOCK_EX | LOCK_NB) == 0)
    return nothing{};
  return fault{ec::busy, folder + ": another sluice api-key changes the keys; try again"};
}

} // namespace

std::string api_keys_file_in(const std::string& folder) {
  return folder + '/' + std::string{api_keys_file_name};
}

result<std::vector<api_key>> parse_api_keys(std::string_view text, const std::string& name) {
  if (text.size() > api_keys_file_bytes_max)
    return bad_line(name, 0, "", "at most " + std::to_string(api_keys_file_bytes_max) + " bytes",
                    "more", restore_it);
  if (!is_utf8(text))
    return bad_line(name, 0, "", "a text in UTF-8", "another", restore_it);
  std::optional<std::string> twice;
  json whole;
  try {
    whole = parse_keys_once(text, twice);
  } catch (const json::exception& e) {
    return bad_line(name, 0, "", "JSON", e.what(), restore_it);
  }
  if (twice)
    return bad_line(name, 0, *twice, "it once", "it twice in one object", restore_it);
  const auto keys = whole.is_object() ? whole.find("keys") : whole.end();
  if (!whole.is_object() || keys == whole.end() || !keys->is_array() || keys->size() > api_keys_max)
    return bad_line(name, 1, "keys", "a list of at most " + std::to_string(api_keys_max) + " keys",
                    keys == whole.end() ? "none" : shown(*keys), restore_it);
  std::vector<api_key> out;
  for (size_t i = 0; i < keys->size(); ++i) {
    const auto line = static_cast<uint32_t>(place_of(text, {std::string{"keys"}, i}).line);
    auto one = key_of((*keys)[i], name, line);
    if (!one)
      return one.error();
    for (const auto& other : out)
      if (other.id == one->id)
        return bad_line(name, line, "id", "an id that no other key has", one->id, restore_it);
    out.push_back(*std::move(one));
  }
  return out;
}

std::string write_api_keys(const std::vector<api_key>& all) {
  std::string out = "{\"version\":1,\"keys\":[";
  for (const auto& x : all)
    out.append(&x == all.data() ? "\n" : ",\n").append(line_of_key(x));
  return out + "\n]}\n";
}

result<std::vector<api_key>> read_api_keys(const std::string& folder) {
  const auto path = api_keys_file_in(folder);
  const auto text = read_private(path);
  if (!text)
    return text.error();
  return *text ? parse_api_keys(**text, path) : std::vector<api_key>{};
}

result<nothing>
change_api_keys(const std::string& folder,
                const std::function<result<nothing>(std::vector<api_key>&)>& change) {
  (void)::mkdir(folder.c_str(), 0755); // what is wrong with it is reported below
  const auto lock = folder + '/' + std::string{api_keys_lock_name};
  const file_descriptor held{
    ::open(lock.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600)};
  if (auto locked = lock_keys(folder, held); !locked)
    return locked;
  auto all = read_api_keys(folder);
  if (!all)
    return all.error();
  if (auto changed = change(*all); !changed)
    return changed;
  auto file = output_file::open(api_keys_file_in(folder), 0600);
  if (!file)
    return file.error();
  if (auto written = file->write(write_api_keys(*all)); !written)
    return written;
  if (auto kept = file->commit(); !kept)
    return kept;
  if (::fsync(held.number) != 0)
    return fault{ec::unreachable, folder + ": cannot be written: " + std::strerror(errno)};
  return nothing{};
}

std::string version_of_api_keys(const std::string& folder) {
  struct stat facts {};
  if (::stat(api_keys_file_in(folder).c_str(), &facts) != 0)
    return {};
  return std::to_string(facts.st_ino) + ' ' + std::to_string(facts.st_size) + ' '
         + std::to_string(facts.st_mtim.tv_sec) + ' ' + std::to_string(facts.st_mtim.tv_nsec) + ' '
         + std::to_string(facts.st_ctim.tv_sec) + ' ' + std::to_string(facts.st_ctim.tv_nsec) + ' '
         + std::to_string(facts.st_mode);
}

} // namespace sluice::io
