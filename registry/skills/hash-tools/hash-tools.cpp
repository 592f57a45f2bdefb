// Digests, HMACs and byte encodings.
#include <common/digest.hpp>
#include <common/encoding.hpp>
#include <common/skill.hpp>
#include <common/utf8.hpp>

namespace {

using skill::Call;
using skill::json;
using skill::Params;

std::string decoded(std::string_view text, std::string_view encoding, const char *name) {
    std::string bytes;
    if (!encoding::decode(text, encoding, bytes)) {
        skill::reject("invalid_encoding", std::string("Parameter '") + name + "' is not valid " +
            std::string(encoding) + ".");
    }
    return bytes;
}

std::string message(const Params &params) {
    const auto encoding = params.choice("encoding", {"text", "hex", "base64"});
    const auto text = params.text();
    return encoding == "text" ? std::string(text) : decoded(text, encoding, "text");
}

std::string secret(const Params &params) {
    const auto encoding = params.choice("key_encoding", {"text", "hex", "base64"});
    const auto key = params.string("key");
    return encoding == "text" ? std::string(key) : decoded(key, encoding, "key");
}

std::string digest_of(std::string_view algorithm, std::string_view bytes) {
    if (algorithm == "md5") return digest::run<digest::MD5>(bytes);
    if (algorithm == "sha1") return digest::run<digest::SHA1>(bytes);
    if (algorithm == "sha512") return digest::run<digest::SHA512>(bytes);
    if (algorithm == "crc32") return digest::crc32(bytes);
    return digest::run<digest::SHA256>(bytes);
}

std::string hmac_of(std::string_view algorithm, std::string_view key, std::string_view bytes) {
    return algorithm == "sha512" ? digest::hmac<digest::SHA512>(key, bytes) : digest::hmac<digest::SHA256>(key, bytes);
}

json digest_operation(const Params &params, Call &) {
    const auto algorithm = params.choice("algorithm", {"sha256", "sha512", "sha1", "md5", "crc32"});
    const auto output = params.choice("output", {"hex", "base64"});
    const std::string bytes = message(params);
    return {{"algorithm", algorithm},
            {"digest", encoding::encode(digest_of(algorithm, bytes), output)},
            {"bytes", bytes.size()}};
}

json hmac_operation(const Params &params, Call &) {
    const auto algorithm = params.choice("algorithm", {"sha256", "sha512"});
    const auto output = params.choice("output", {"hex", "base64"});
    const std::string bytes = message(params);
    return {{"algorithm", algorithm},
            {"hmac", encoding::encode(hmac_of(algorithm, secret(params), bytes), output)},
            {"bytes", bytes.size()}};
}

// Looks at every byte whatever it finds, so the time taken does not tell where two values differ.
bool same_bytes(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
    }
    return difference == 0;
}

json verify_operation(const Params &params, Call &) {
    const bool keyed = params.find("key") != nullptr;
    const auto algorithm = params.choice("algorithm", {"sha256", "sha512", "sha1", "md5", "crc32"});
    if (keyed && algorithm != "sha256" && algorithm != "sha512") {
        skill::reject("invalid_parameter", "HMAC is offered with sha256 and sha512 only.",
                      "Found algorithm '" + std::string(algorithm) + "' together with a key.");
    }
    const std::string bytes = message(params);
    const std::string actual = keyed ? hmac_of(algorithm, secret(params), bytes) : digest_of(algorithm, bytes);
    const auto expected = params.string("expected");
    std::string wanted;
    const bool is_hex = expected.size() == 2 * actual.size() && encoding::decode(expected, "hex", wanted);
    if (!is_hex && !encoding::decode(expected, "base64", wanted)) {
        skill::reject("invalid_encoding", "Parameter 'expected' is neither hex nor base64.");
    }
    return {{"algorithm", algorithm}, {"keyed", keyed}, {"valid", same_bytes(actual, wanted)}};
}

json encode_operation(const Params &params, Call &) {
    const auto format = params.choice("format", {"base64", "base64url", "hex"});
    const std::string bytes = message(params);
    return {{"format", format}, {"encoded", encoding::encode(bytes, format)}, {"bytes", bytes.size()}};
}

json decode_operation(const Params &params, Call &) {
    const auto format = params.choice("format", {"base64", "base64url", "hex"});
    const std::string bytes = decoded(params.text(), format, "text");
    json result{{"format", format}, {"bytes", bytes.size()}, {"hex", encoding::encode(bytes, "hex")}};
    result["text"] = utf8::valid(bytes) ? json(bytes) : json(nullptr);
    return result;
}

constexpr skill::Operation operations[] = {
    {"digest", digest_operation}, {"hmac", hmac_operation},     {"verify", verify_operation},
    {"encode", encode_operation}, {"decode", decode_operation},
};

}  // namespace

PRAXIMOUS_SKILL(operations);
