/*
 * csr_file: the file of a certificate request that is sent to whoever signs it, read on the pool.
 */
#ifndef CERTTY_PROVIDER_CSR_FILE_H
#define CERTTY_PROVIDER_CSR_FILE_H

#include <certty/provider/op.h>

/* What such a work reads, and has read: its `in`. */
struct csr_file {
	char *path;
	const char *taker;	/* who takes no more than `max` bytes of PEM: "AWS" */
	size_t max;
	char *pem;
	char **names;		/* that it asks for */
	uint32_t key_hash;	/* as in struct facts */
};

struct work *csr_file_read(const char *path, size_t max, const char *taker);
/* What was asked for (args "names") must be what the file asks for: nobody can see it later. */
bool csr_file_check_names(const struct args *args, char *const *in_file, GError **error);

#endif
