/*
 * A skill: named operations that take JSON and give JSON.
 */
#ifndef PRAXIMOUS_SKILL_H
#define PRAXIMOUS_SKILL_H

#include <praximous/status.h>
#include <praximous/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PRAX_IFACE_SKILL "prax.skill/1"

/** Filled by the plugin; constant data of the library, complete from the start. */
typedef struct prax_skill {
    uint32_t size;
    /** [any] The operations as a JSON array, equal to capabilities.operations of skill.yaml, or {NULL, 0}: "what
     *  skill.yaml says", which is what people and programs are shown either way. The text is the plugin's, valid until
     *  destroy() returns. */
    prax_str (*describe)(prax_instance *i);
    /** [work] Runs one operation. The host has picked it and has checked the parameters against its schema:
     *  params_json is one valid JSON object without duplicate keys, with the whole request in it except task_type.
     *  Return PRAX_OK after finish() or fail(); or return PRAX_PENDING and end the call later from any thread. A
     *  negative return without fail() becomes an error of that status without explanation. Arguments are borrowed
     *  until it returns, also when it returns PRAX_PENDING: copy first. Does not overlap itself on one instance
     *  unless the plugin sets PRAX_F_CONCURRENT. */
    prax_status (*execute)(prax_instance *i, prax_call c, prax_str operation, prax_str params_json);
} prax_skill;

#ifdef __cplusplus
}
#endif
#endif
