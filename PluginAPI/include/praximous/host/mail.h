/*
 * Mail through the operator's own server. Needs the permission network.smtp, which lists domains of recipients in
 * skill.yaml. Server, sender and credentials are the operator's: a plugin never sees them.
 *
 * What prax-host makes of it:
 *   - A recipient must be `local@domain` in plain ASCII, and its domain must be granted by skill.yaml and by
 *     mail.recipient_domains of the operator's configuration: PRAX_E_DENIED. Without a mail section it is
 *     PRAX_E_UNAVAILABLE.
 *   - The host writes the header of the message. No byte of a plugin's can begin a line of it: line breaks and other
 *     control characters in a recipient or in the subject are PRAX_E_INVALID.
 *   - At most 50 recipients, a subject of 500 bytes, 1 MiB of text and 1 MiB of HTML: PRAX_E_TOO_LARGE.
 *   - Certificates are always verified.
 */
#ifndef PRAXIMOUS_HOST_MAIL_H
#define PRAXIMOUS_HOST_MAIL_H

#include <praximous/status.h>
#include <praximous/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PRAX_EXT_HOST_MAIL "prax.host.mail/1"

/** Filled by the plugin; copied by send(). All texts are UTF-8. */
typedef struct prax_mail {
    uint32_t size;
    /** Limit for the whole delivery; 0 is whatever remains until the call's deadline. */
    uint32_t timeout_ms;
    const prax_str *to;
    size_t n_to;
    prax_str subject;
    /** The message for people; may be empty when there is html. */
    prax_str text;
    /** Absent, or the same message as HTML. */
    prax_str html;
} prax_mail;

typedef struct prax_host_mail {
    uint32_t size;
    /** [work] Sends one message on behalf of call c and waits until the server has taken it for every recipient.
     *  On failure reason, which may be NULL, is called once before it returns, with a sentence that holds no secrets;
     *  borrowed until reason returns. PRAX_E_UPSTREAM: the server refused or could not be reached. When the connection
     *  is lost at the very end the message may have been taken although this says otherwise. */
    prax_status (*send)(void *host, prax_call c, const prax_mail *mail, void (*reason)(void *ctx, prax_str text),
                        void *ctx);
} prax_host_mail;

#ifdef __cplusplus
}
#endif
#endif
