/*
 * Just enough JSON for a plugin in C: read the members of an object, write a result. Header-only, C11 and C++17, not
 * part of the ABI: it is compiled into your plugin, and <praximous/plugin.h> does not include it.
 */
#ifndef PRAXIMOUS_EXTRAS_JSON_H
#define PRAXIMOUS_EXTRAS_JSON_H

#include <praximous/extras/json_reader.h>
#include <praximous/extras/json_writer.h>

#endif
