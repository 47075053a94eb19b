#include "net/keys/key_file.hpp"
#include "net/keys/signature_schemes.hpp"
#include "net/keys/sr25519.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace sluice::net {

namespace {

/// The first example of RFC 8032.
const std::string rfc_secret = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const std::string rfc_open = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const std::string rfc_address = "5Gw54ghuAHodDGAS91DUxqvKa6PeT9bhDdns3ztBupY8pSyn";
const std::string whole_file = "kind ed25519\naddress " + rfc_address + "\npublic " + rfc_open
                               + "\nsecret " + rfc_secret + '\n';

key_pair sample_key() {
  return make_key_pair(secret_seed{*from_hex<32>(rfc_secret)});
}

std::string key_error(std::string_view text) {
  const auto got = parse_key(text, "m.key");
  if (got)
    return "";
  EXPECT_EQ(got.error().code, ec::bad_input);
  EXPECT_EQ(got.error().what.find(rfc_secret.substr(0, 8)), std::string::npos)
    << "the secret shows: " << got.error().what;
  return got.error().what;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

class key_file_test : public testing::Test {
protected:
  static unsigned mode_of(const std::string& path) {
    struct stat facts {};
    return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 07777 : 0;
  }
  test::scratch_folder folder;
};

TEST(key_text, is_what_the_header_shows) {
  EXPECT_EQ(write_key(sample_key()),
            "# A hotkey of Sluice. Who has this file speaks for it: keep it to yourself.\n"
              + whole_file);
}

TEST(key_text, is_read_back) {
  for (const auto& text :
       {write_key(sample_key()), whole_file, "\n# mine\n\n" + whole_file + "\n",
        replaced(whole_file, "\n", "\r\n"), whole_file.substr(0, whole_file.size() - 1),
        "secret " + rfc_secret + "\npublic " + rfc_open + "\naddress " + rfc_address
          + "\nkind ed25519"}) {
    const auto got = parse_key(text, "m.key");
    ASSERT_TRUE(got) << got.error().what;
    EXPECT_EQ(got->address, rfc_address);
    EXPECT_EQ(to_hex(got->open), rfc_open);
    EXPECT_EQ(to_hex(got->secret.bytes()), rfc_secret);
  }
}

TEST(key_text, of_both_kinds_is_read_back_and_signs_as_its_kind) {
  for (const auto kind : {signature_kind::ed25519, signature_kind::sr25519}) {
    const auto made = make_key_pair(secret_seed{*from_hex<32>(rfc_secret)}, kind);
    const auto got = parse_key(write_key(made), "m.key");
    ASSERT_TRUE(got) << got.error().what;
    EXPECT_EQ(got->kind, kind);
    EXPECT_EQ(got->address, made.address);
    const auto signature = sign(*got, "text");
    EXPECT_TRUE(verify_by(all_signature_schemes(), made.address, "text", signature));
    EXPECT_EQ(verify(made.open, "text", signature), kind == signature_kind::ed25519);
    EXPECT_EQ(verify_sr25519(made.open, "text", signature), kind == signature_kind::sr25519);
  }
  EXPECT_EQ(sign(sample_key(), "text"), sign(sample_key().secret, "text"));
}

TEST(key_text, names_the_line_and_what_was_expected) {
  EXPECT_EQ(key_error(""),
            "m.key: expected a key, got an empty file; check that this is a key file");
  EXPECT_EQ(key_error(replaced(whole_file, "kind ed25519", "kind ecdsa")),
            "m.key:1: kind: expected ed25519 or sr25519, got \"ecdsa\"; correct the line");
  EXPECT_EQ(key_error(replaced(whole_file, "kind ed25519", "kind")),
            "m.key:1: kind: expected ed25519 or sr25519, got \"\"; correct the line");
  EXPECT_TRUE(key_error(replaced(whole_file, "kind ed25519", "kind sr25519"))
                .starts_with("m.key:3: public: expected the public key of this secret"));
  EXPECT_EQ(key_error(replaced(whole_file, "public d7", "public 7")),
            "m.key:3: public: expected 64 hexadecimal digits, got \"" + rfc_open.substr(1)
              + "\"; restore the file");
  EXPECT_EQ(key_error(replaced(whole_file, "public d7", "public d8")),
            "m.key:3: public: expected the public key of this secret, " + rfc_open + ", got d8"
              + rfc_open.substr(2) + "; one of both is of another key: restore the file");
  EXPECT_EQ(key_error(replaced(whole_file, "secret 9d", "secret 9")),
            "m.key:4: secret: expected 64 hexadecimal digits, got 63 characters that are not that; "
            "restore the file");
  EXPECT_EQ(key_error(replaced(whole_file, rfc_address, "5G")),
            "m.key:2: address: expected the address of this key, " + rfc_address
              + ", got \"5G\"; correct the line");
  EXPECT_EQ(key_error(whole_file.substr(0, whole_file.find("secret"))),
            "m.key:3: secret: expected a line \"secret ...\", got none; the file is not whole: "
            "restore it");
  EXPECT_EQ(key_error(whole_file + "secret x\n"),
            "m.key:5: secret: expected it once, got it again (line 4 has it); remove one");
  EXPECT_EQ(key_error("knid ed25519\n" + whole_file),
            "m.key:1: expected kind, address, public or secret and a value, got \"knid\"; did you "
            "mean kind?");
  EXPECT_EQ(key_error("secret" + rfc_secret + '\n'),
            "m.key:1: expected kind, address, public or secret and a value, got another line; "
            "remove the line");
  EXPECT_EQ(key_error(std::string(5'000, 'x')),
            "m.key: expected a key file of at most 4096 bytes, got more; check that this is a key "
            "file");
}

TEST(key_text, any_bytes_end_in_a_sentence) {
  for (int byte = 0; byte < 256; ++byte) {
    EXPECT_NE(key_error(std::string(1, static_cast<char>(byte))), "");
    EXPECT_NE(key_error("kind " + std::string(3, static_cast<char>(byte))), "");
  }
}

TEST_F(key_file_test, only_the_owner_can_read_what_is_written) {
  const auto path = folder.at("miner.key");
  const auto before = ::umask(0);
  const auto written = write_key_file(path, sample_key());
  ::umask(before);
  ASSERT_TRUE(written) << written.error().what;
  EXPECT_EQ(mode_of(path), 0600U);
  const auto back = read_key_file(path);
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(back->address, rfc_address);
}

TEST_F(key_file_test, nothing_is_ever_overwritten) {
  const auto path = folder.write("miner.key", "precious");
  const auto got = write_key_file(path, sample_key());
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ec::refused);
  EXPECT_TRUE(got.error().what.starts_with(path + ": exists already")) << got.error().what;
  EXPECT_EQ(folder.read("miner.key"), "precious");
  std::filesystem::create_symlink(folder.at("nowhere"), folder.at("link.key"));
  EXPECT_FALSE(write_key_file(folder.at("link.key"), sample_key()));
  EXPECT_FALSE(std::filesystem::exists(folder.at("nowhere")));
}

TEST_F(key_file_test, a_file_that_others_can_read_is_refused) {
  const auto path = folder.write("miner.key", whole_file);
  for (const unsigned mode : {0640U, 0604U, 0620U, 0601U}) {
    ::chmod(path.c_str(), mode);
    const auto got = read_key_file(path);
    ASSERT_FALSE(got) << mode;
    EXPECT_EQ(got.error().code, ec::refused);
    EXPECT_NE(got.error().what.find("chmod 600 " + path), std::string::npos) << got.error().what;
  }
  ::chmod(path.c_str(), 0400);
  EXPECT_TRUE(read_key_file(path));
}

TEST_F(key_file_test, what_is_not_there_is_reported) {
  const auto missing = read_key_file(folder.at("none.key"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ec::unreachable);
  EXPECT_NE(missing.error().what.find("sluice keys new " + folder.at("none.key")),
            std::string::npos)
    << missing.error().what;
  const auto is_folder = read_key_file(folder.path());
  ASSERT_FALSE(is_folder);
  EXPECT_EQ(is_folder.error().code, ec::unreachable);
  const auto nowhere = write_key_file(folder.at("no/such/miner.key"), sample_key());
  ASSERT_FALSE(nowhere);
  EXPECT_NE(nowhere.error().what.find("create the folder first"), std::string::npos);
}

} // namespace

} // namespace sluice::net
