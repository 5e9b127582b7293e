/*
 * hostile: the badly behaved servers of hostile.py, for a test.
 */
#ifndef CERTTY_TESTS_NET_HOSTILE_H
#define CERTTY_TESTS_NET_HOSTILE_H

#include <certty/net/client.h>

/* Starts one server for each way to behave (NULL ends them) and waits until all listen. */
void hostile_start(const char *const *ways);
/* The same with another script that prints such lines. */
void hostile_start_script(const char *script, const char *const *ways);
void hostile_stop(void);
uint16_t hostile_port(const char *way);
const char *hostile_digest(const char *way);	/* SHA-256 of the first certificate it shows */

/* Sends one request and waits for its reply. */
struct reply *hostile_ask(struct client *c, struct request_out *r);
struct request_out *hostile_probe(const char *way, const char *starttls);

#endif
