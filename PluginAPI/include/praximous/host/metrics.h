/*
 * Counters, gauges and histograms on the host's /metrics page, prefixed with the plugin's name.
 *
 * NOT IN EVERY HOST: probe, and count nothing when it is missing.
 */
#ifndef PRAXIMOUS_HOST_METRICS_H
#define PRAXIMOUS_HOST_METRICS_H

#include <praximous/status.h>
#include <praximous/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PRAX_EXT_HOST_METRICS "prax.host.metrics/1"

typedef struct prax_host_metrics {
    uint32_t size;
    /** [serial] Only inside create(), so that recording needs no lock. kind is 0 for a counter, 1 for a gauge, 2 for a
     *  histogram. Returns the metric's number, or a negative status. Everything is copied. */
    int32_t (*define)(void *host, prax_str name, int32_t kind, const prax_str *label_names, size_t n);
    /** [any] Adds to a counter, sets a gauge, observes in a histogram. labels are the values for the names given to
     *  define, borrowed; the host limits how many different ones it keeps. An unknown number is ignored. */
    void (*record)(void *host, int32_t id, double v, const prax_str *labels, size_t n);
} prax_host_metrics;

#ifdef __cplusplus
}
#endif
#endif
