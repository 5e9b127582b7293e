/*
 * bundle_in: the file that a certificate comes from, read on the pool: the first step of what puts it
 * somewhere, or brings in what somebody else has signed.
 */
#ifndef CERTTY_PROVIDER_BUNDLE_IN_H
#define CERTTY_PROVIDER_BUNDLE_IN_H

#include <certty/model/bundle.h>
#include <certty/provider/op.h>

/* The file that the answer "file" names, no longer than local.file-limit; the passphrase, or NULL, opens it.
 * In `then` op->work->out is the struct bundle, or op->work->error says why there is none (bundle_read). */
struct next bundle_in(const struct op *op, bool wants_key, const struct secret *passphrase, step_fn *then);

#endif
