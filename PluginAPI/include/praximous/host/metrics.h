/*
 * Counters, gauges and histograms on the host's /metrics page, prefixed with the plugin's name. No permission is
 * needed; a smaller host than prax-host may lack it: probe, and count nothing then.
 *
 * What prax-host makes of it: `pages_total` of acme/pdf-extract is prax_plugin_acme__pdf_extract_pages_total. Names of
 * metrics and labels are ASCII letters, digits and single underscores, at most 64 bytes, beginning with a letter.
 * A plugin has 64 metrics of 8 labels at most; a metric keeps 200 combinations of label values, and what comes after is
 * counted under the value "other"; a value is cut at 128 bytes. A histogram's bounds are for seconds, from 5 ms to five
 * minutes.
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
    /** [serial] Only inside create(), so that recording needs no lock; PRAX_E_CONFLICT later, and for a name that is
     *  taken. kind is 0 for a counter, 1 for a gauge, 2 for a
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
