/*
 * bundle_out: where a certificate that was fetched goes: into the file that VERB_EXPORT asks for, which
 * is written on the pool, or to whoever puts it into another store.  The last step of provider->export
 * and provider->hand.
 */
#ifndef CERTTY_PROVIDER_BUNDLE_OUT_H
#define CERTTY_PROVIDER_BUNDLE_OUT_H

#include <certty/model/bundle.h>
#include <certty/provider/op.h>

/* Takes the bundle.  `form`: the file's (bundle_file_form), static; NULL: it is handed on. */
struct next bundle_out(struct op *op, const struct bundle_form *form, struct bundle *b);

#endif
