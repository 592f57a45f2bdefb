// UUIDs of RFC 9562: make random, time-ordered and name-based ones; read any.
#include <common/digest.hpp>
#include <common/encoding.hpp>
#include <common/skill.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/random.h>
#include <time.h>
#include <vector>

namespace {

using skill::Call;
using skill::json;
using skill::Params;

using Bytes = std::array<unsigned char, 16>;

std::string text_of(const Bytes &bytes) {
    std::string hex = encoding::to_hex({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
    for (const std::size_t at : {20u, 16u, 12u, 8u}) hex.insert(at, 1, '-');
    return hex;
}

void mark(Bytes &bytes, unsigned version) {
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0Fu) | version << 4);
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3Fu) | 0x80u);
}

void fill_random(void *into, std::size_t size) {
    auto *at = static_cast<unsigned char *>(into);
    while (size > 0) {
        const ssize_t got = getrandom(at, size, 0);
        if (got < 0) {
            if (errno == EINTR) continue;
            throw skill::Failure{PRAX_E_UNAVAILABLE, "no_randomness", "The system gives no random bytes.", {}};
        }
        at += got;
        size -= static_cast<std::size_t>(got);
    }
}

std::uint64_t milliseconds_now() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1000 + static_cast<std::uint64_t>(now.tv_nsec) / 1'000'000;
}

// RFC 9562 section 6.2, method 1: within one batch the 12 bits after the time count up, from a
// random start low enough for the largest batch.
void make_ordered(std::vector<Bytes> &batch) {
    const std::uint64_t now = milliseconds_now();
    unsigned counter = ((batch[0][6] & 7u) << 8 | batch[0][7]);
    for (Bytes &bytes : batch) {
        for (unsigned i = 0; i < 6; ++i) bytes[i] = static_cast<unsigned char>(now >> (40 - 8 * i));
        bytes[6] = static_cast<unsigned char>(counter >> 8);
        bytes[7] = static_cast<unsigned char>(counter);
        mark(bytes, 7);
        ++counter;
    }
}

json generate(const Params &params, Call &) {
    const auto version = params.integer("version", 4, 4, 7);
    if (version != 4 && version != 7) {
        skill::reject("invalid_parameter", "Only versions 4 and 7 are generated.", "Use 'v5' or 'v3' for names.");
    }
    std::vector<Bytes> batch(static_cast<std::size_t>(params.integer("count", 1, 1, 1000)));
    fill_random(batch.data(), batch.size() * sizeof(Bytes));
    if (version == 7) make_ordered(batch);
    else for (Bytes &bytes : batch) mark(bytes, 4);
    json uuids = json::array();
    for (const Bytes &bytes : batch) uuids.push_back(text_of(bytes));
    return {{"version", version}, {"count", batch.size()}, {"uuids", uuids}};
}

// Accepts the usual form, `urn:uuid:`, braces, and 32 bare digits.
bool read(std::string_view text, Bytes &bytes) {
    constexpr std::string_view urn = "urn:uuid:";
    if (text.substr(0, urn.size()) == urn) text.remove_prefix(urn.size());
    if (text.size() == 38 && text.front() == '{' && text.back() == '}') text = text.substr(1, 36);
    std::string digits(text);
    if (digits.size() == 36) {
        for (const std::size_t at : {23u, 18u, 13u, 8u}) {
            if (digits[at] != '-') return false;
            digits.erase(at, 1);
        }
    }
    std::string raw;
    if (digits.size() != 32 || !encoding::from_hex(digits, raw)) return false;
    std::memcpy(bytes.data(), raw.data(), bytes.size());
    return true;
}

Bytes uuid(std::string_view text) {
    Bytes bytes{};
    if (!read(text, bytes)) {
        skill::reject("invalid_uuid", "The text is not a UUID.",
                      "Expected 32 hex digits as 8-4-4-4-12; found " + std::to_string(text.size()) +
                          " bytes of something else.");
    }
    return bytes;
}

std::uint64_t number(const Bytes &bytes, std::size_t from, std::size_t to) {
    std::uint64_t value = 0;
    for (std::size_t i = from; i < to; ++i) value = value << 8 | bytes[i];
    return value;
}

// Proleptic Gregorian date of a day counted from 1970-01-01, for any day a UUID can hold.
std::string date_of(std::int64_t days) {
    const std::int64_t shifted = days + 719468;  // from 0000-03-01, so that leap days end a year
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    const std::int64_t day_of_era = shifted - era * 146097;
    const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
    const std::int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    char out[64];
    std::snprintf(out, sizeof out, "%s%04lld-%02lld-%02lld", year > 9999 ? "+" : "", static_cast<long long>(year),
                  static_cast<long long>(month), static_cast<long long>(day));
    return out;
}

std::string instant(std::int64_t milliseconds) {
    constexpr std::int64_t day = 86'400'000;
    std::int64_t days = milliseconds / day, rest = milliseconds % day;
    if (rest < 0) --days, rest += day;
    char out[32];
    std::snprintf(out, sizeof out, "T%02lld:%02lld:%02lld.%03lldZ", static_cast<long long>(rest / 3'600'000),
                  static_cast<long long>(rest / 60'000 % 60), static_cast<long long>(rest / 1000 % 60),
                  static_cast<long long>(rest % 1000));
    return date_of(days) + out;
}

// Milliseconds since 1970 of the versions that carry a time.
bool time_of(const Bytes &bytes, unsigned version, std::int64_t &milliseconds) {
    constexpr std::int64_t gregorian_to_unix = 122'192'928'000'000'000;  // 100 ns from 1582-10-15
    std::uint64_t ticks = 0;
    switch (version) {
        case 1: ticks = (number(bytes, 6, 8) & 0x0FFF) << 48 | number(bytes, 4, 6) << 32 | number(bytes, 0, 4); break;
        case 6: ticks = number(bytes, 0, 6) << 12 | (number(bytes, 6, 8) & 0x0FFF); break;
        case 7: milliseconds = static_cast<std::int64_t>(number(bytes, 0, 6)); return true;
        default: return false;
    }
    const std::int64_t since_1970 = static_cast<std::int64_t>(ticks) - gregorian_to_unix;
    milliseconds = since_1970 / 10'000 - (since_1970 % 10'000 < 0 ? 1 : 0);
    return true;
}

const char *variant_of(const Bytes &bytes) {
    if (bytes[8] < 0x80) return "ncs";
    if (bytes[8] < 0xC0) return "rfc9562";
    return bytes[8] < 0xE0 ? "microsoft" : "reserved";
}

json parse(const Params &params, Call &) {
    const Bytes bytes = uuid(params.find("uuid") != nullptr ? params.string("uuid") : params.text());
    const unsigned version = bytes[6] >> 4;
    const std::string variant = variant_of(bytes);
    json result{{"uuid", text_of(bytes)}, {"urn", "urn:uuid:" + text_of(bytes)}, {"variant", variant}};
    result["nil"] = number(bytes, 0, 8) == 0 && number(bytes, 8, 16) == 0;
    result["max"] = number(bytes, 0, 8) == UINT64_MAX && number(bytes, 8, 16) == UINT64_MAX;
    result["version"] = variant == "rfc9562" ? json(version) : json(nullptr);
    std::int64_t milliseconds = 0;
    if (variant == "rfc9562" && time_of(bytes, version, milliseconds)) {
        result["time"] = instant(milliseconds);
        result["unix_ms"] = milliseconds;
    }
    return result;
}

Bytes space(std::string_view name) {
    static constexpr std::pair<std::string_view, unsigned char> known[] = {{"dns", 0x10}, {"url", 0x11}, {"oid", 0x12},
        {"x500", 0x14}};
    for (const auto &[word, last] : known) {
        if (word != name) continue;
        Bytes bytes{0x6b, 0xa7, 0xb8, 0, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
        bytes[3] = last;
        return bytes;
    }
    Bytes bytes{};
    if (!read(name, bytes)) {
        skill::reject("invalid_namespace", "Parameter 'namespace' is not known.",
            "Expected dns, url, oid, x500 or a UUID.");
    }
    return bytes;
}

json named(const Params &params, unsigned version) {
    const Bytes prefix = space(params.string("namespace"));
    std::string message(reinterpret_cast<const char *>(prefix.data()), prefix.size());
    message += params.find("name") != nullptr ? params.string("name") : params.text();
    const std::string hash = version == 5 ? digest::run<digest::SHA1>(message) : digest::run<digest::MD5>(message);
    Bytes bytes{};
    std::memcpy(bytes.data(), hash.data(), bytes.size());
    mark(bytes, version);
    return {{"uuid", text_of(bytes)}, {"version", version}};
}

json v5(const Params &params, Call &) { return named(params, 5); }
json v3(const Params &params, Call &) { return named(params, 3); }

constexpr skill::Operation operations[] = {{"generate", generate}, {"parse", parse}, {"v5", v5}, {"v3", v3}};

}  // namespace

PRAXIMOUS_SKILL(operations);
