// libcurl for Swift. `curl_easy_setopt` and friends are variadic, which Swift cannot call:
// one typed function for each kind of argument.
#ifndef PRAX_CCURL_H
#define PRAX_CCURL_H

#include <curl/curl.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

CURLcode prax_curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode prax_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value);
CURLcode prax_curl_set_string(CURL *handle, CURLoption option, const char *value);
CURLcode prax_curl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode prax_curl_set_write(CURL *handle, CURLoption option, size_t (*callback)(char *, size_t, size_t, void *));
CURLcode prax_curl_set_progress(
    CURL *handle, int (*callback)(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t));
CURLcode prax_curl_set_open_socket(
    CURL *handle, curl_socket_t (*callback)(void *, curlsocktype, struct curl_sockaddr *));
CURLcode prax_curl_set_close_socket(CURL *handle, int (*callback)(void *, curl_socket_t));
CURLcode prax_curl_set_prereq(CURL *handle, int (*callback)(void *, char *, char *, int, int));
CURLcode prax_curl_get_long(CURL *handle, CURLINFO info, long *value);
CURLcode prax_curl_get_string(CURL *handle, CURLINFO info, const char **value);

CURLMcode prax_curl_multi_set_long(CURLM *multi, CURLMoption option, long value);
CURLMcode prax_curl_multi_set_socket(
    CURLM *multi, int (*callback)(CURL *, curl_socket_t, int, void *, void *), void *context);
CURLMcode prax_curl_multi_set_timer(CURLM *multi, int (*callback)(CURLM *, long, void *), void *context);

#endif
