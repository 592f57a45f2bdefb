// MD5 (RFC 1321), SHA-1 (RFC 3174), SHA-256 and SHA-512 (RFC 6234), CRC-32 (ISO 3309).
//
// Written here, and not taken from a crypto library, because a store package brings no dependency.
// MD5 and SHA-1 serve checksums and UUIDs, not security.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace digest {

inline std::uint32_t rotl(std::uint32_t x, unsigned n) { return x << n | x >> (32 - n); }
inline std::uint32_t rotr(std::uint32_t x, unsigned n) { return x >> n | x << (32 - n); }
inline std::uint64_t rotr(std::uint64_t x, unsigned n) { return x >> n | x << (64 - n); }

template <typename Word, bool BigEndian>
Word load(const unsigned char *p) {
    Word word = 0;
    for (std::size_t i = 0; i < sizeof(Word); ++i) {
        word |= static_cast<Word>(static_cast<Word>(p[i]) << (8 * (BigEndian ? sizeof(Word) - 1 - i : i)));
    }
    return word;
}

template <typename Word, bool BigEndian>
void store(std::string &out, Word word) {
    for (std::size_t i = 0; i < sizeof(Word); ++i) {
        const auto byte = static_cast<unsigned char>(word >> (8 * (BigEndian ? sizeof(Word) - 1 - i : i)));
        out += static_cast<char>(byte);
    }
}

// Merkle-Damgård: whole blocks, then 0x80, zeros and the length in bits at the end of the last one.
template <typename Algorithm>
std::string run(std::string_view message) {
    using Word = typename Algorithm::Word;
    constexpr std::size_t block = 16 * sizeof(Word);
    auto state = Algorithm::initial;
    std::size_t at = 0;
    for (; message.size() - at >= block; at += block) {
        Algorithm::compress(state, reinterpret_cast<const unsigned char *>(message.data() + at));
    }
    std::string tail(message.substr(at));
    tail += static_cast<char>(0x80);
    // The length field is two words; SHA-512's upper one stays zero for any message held in memory.
    while (tail.size() % block != block - 2 * sizeof(Word)) tail += '\0';
    tail.append(2 * sizeof(Word) - 8, '\0');
    store<std::uint64_t, Algorithm::big_endian>(tail, static_cast<std::uint64_t>(message.size()) * 8);
    for (std::size_t i = 0; i < tail.size(); i += block) {
        Algorithm::compress(state, reinterpret_cast<const unsigned char *>(tail.data() + i));
    }
    std::string out;
    for (const Word word : state) store<Word, Algorithm::big_endian>(out, word);
    return out;
}

struct MD5 {
    using Word = std::uint32_t;
    static constexpr bool big_endian = false;
    static constexpr std::size_t block = 64;
    static constexpr std::array<Word, 4> initial{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    static void compress(std::array<Word, 4> &state, const unsigned char *data);
};

struct SHA1 {
    using Word = std::uint32_t;
    static constexpr bool big_endian = true;
    static constexpr std::size_t block = 64;
    static constexpr std::array<Word, 5> initial{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    static void compress(std::array<Word, 5> &state, const unsigned char *data);
};

struct SHA256 {
    using Word = std::uint32_t;
    static constexpr bool big_endian = true;
    static constexpr std::size_t block = 64;
    static constexpr std::array<Word, 8> initial{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    static void compress(std::array<Word, 8> &state, const unsigned char *data);
};

struct SHA512 {
    using Word = std::uint64_t;
    static constexpr bool big_endian = true;
    static constexpr std::size_t block = 128;
    static constexpr std::array<Word, 8> initial{
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
    static void compress(std::array<Word, 8> &state, const unsigned char *data);
};

inline constexpr std::uint32_t md5_sines[] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

inline constexpr std::uint32_t sha256_roots[] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

inline constexpr std::uint64_t sha512_roots[] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
};

inline void MD5::compress(std::array<Word, 4> &state, const unsigned char *data) {
    constexpr unsigned shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    auto [a, b, c, d] = state;
    for (unsigned i = 0; i < 64; ++i) {
        Word f = 0;
        unsigned g = 0;
        switch (i / 16) {
            case 0: f = (b & c) | (~b & d), g = i; break;
            case 1: f = (d & b) | (~d & c), g = (5 * i + 1) % 16; break;
            case 2: f = b ^ c ^ d, g = (3 * i + 5) % 16; break;
            default: f = c ^ (b | ~d), g = 7 * i % 16; break;
        }
        f += a + md5_sines[i] + load<Word, false>(data + 4 * g);
        a = d, d = c, c = b;
        b += rotl(f, shifts[i / 16][i % 4]);
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
}

inline void SHA1::compress(std::array<Word, 5> &state, const unsigned char *data) {
    Word w[80];
    for (std::size_t i = 0; i < 16; ++i) w[i] = load<Word, true>(data + 4 * i);
    for (std::size_t i = 16; i < 80; ++i) w[i] = rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    auto [a, b, c, d, e] = state;
    for (std::size_t i = 0; i < 80; ++i) {
        const Word f = i < 20 ? (b & c) | (~b & d) : i < 40 || i >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d);
        const Word k = i < 20 ? 0x5a827999 : i < 40 ? 0x6ed9eba1 : i < 60 ? 0x8f1bbcdc : 0xca62c1d6;
        const Word next = rotl(a, 5) + f + e + k + w[i];
        e = d, d = c, c = rotl(b, 30), b = a, a = next;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
}

// SHA-256 and SHA-512 are one algorithm over two word sizes with other rotations.
template <typename Word, std::size_t Rounds>
void compress_sha2(std::array<Word, 8> &state, const unsigned char *data, const Word (&roots)[Rounds],
                   const unsigned (&rot)[12]) {
    Word w[Rounds];
    for (std::size_t i = 0; i < 16; ++i) w[i] = load<Word, true>(data + sizeof(Word) * i);
    for (std::size_t i = 16; i < Rounds; ++i) {
        const Word s0 = rotr(w[i - 15], rot[6]) ^ rotr(w[i - 15], rot[7]) ^ w[i - 15] >> rot[8];
        const Word s1 = rotr(w[i - 2], rot[9]) ^ rotr(w[i - 2], rot[10]) ^ w[i - 2] >> rot[11];
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    auto [a, b, c, d, e, f, g, h] = state;
    for (std::size_t i = 0; i < Rounds; ++i) {
        const Word s1 = rotr(e, rot[3]) ^ rotr(e, rot[4]) ^ rotr(e, rot[5]);
        const Word t1 = h + s1 + ((e & f) ^ (~e & g)) + roots[i] + w[i];
        const Word s0 = rotr(a, rot[0]) ^ rotr(a, rot[1]) ^ rotr(a, rot[2]);
        const Word t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

inline void SHA256::compress(std::array<Word, 8> &state, const unsigned char *data) {
    constexpr unsigned rotations[12] = {2, 13, 22, 6, 11, 25, 7, 18, 3, 17, 19, 10};
    compress_sha2(state, data, sha256_roots, rotations);
}

inline void SHA512::compress(std::array<Word, 8> &state, const unsigned char *data) {
    constexpr unsigned rotations[12] = {28, 34, 39, 14, 18, 41, 1, 8, 7, 19, 61, 6};
    compress_sha2(state, data, sha512_roots, rotations);
}

inline std::string crc32(std::string_view message) {
    std::uint32_t crc = 0xFFFFFFFF;
    for (const char c : message) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (0xEDB88320u & (0u - (crc & 1u)));
    }
    std::string out;
    store<std::uint32_t, true>(out, ~crc);
    return out;
}

// RFC 2104.
template <typename Algorithm>
std::string hmac(std::string_view key, std::string_view message) {
    std::string block = key.size() > Algorithm::block ? run<Algorithm>(key) : std::string(key);
    block.resize(Algorithm::block, '\0');
    std::string inner = block, outer = block;
    for (char &c : inner) c = static_cast<char>(static_cast<unsigned char>(c) ^ 0x36u);
    for (char &c : outer) c = static_cast<char>(static_cast<unsigned char>(c) ^ 0x5Cu);
    return run<Algorithm>(outer += run<Algorithm>(inner.append(message)));
}

}  // namespace digest
