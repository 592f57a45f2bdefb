#include <nettle/sha2.h>
#include <nettle/version.h>

/* Nettle 4 leaves the length out. */
static inline void prax_sha256_finish(struct sha256_ctx *context, uint8_t *digest) {
#if NETTLE_VERSION_MAJOR >= 4
  sha256_digest(context, digest);
#else
  sha256_digest(context, SHA256_DIGEST_SIZE, digest);
#endif
}
