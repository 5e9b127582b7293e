/*
 * tickets: asking for a second signature, giving it, and whether it is there.
 */
#include "tickets_own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/err.h>
#include <certty/base/file.h>
#include <certty/base/text.h>

#define CLOCKS_DIFFER 300	/* seconds by which another machine's clock may be ahead */

/* ---- what is configured ---- */

void tickets_place_done(struct tickets_place *p)
{
	g_free(p->folder);
	g_free(p->signers);
	g_free(p->key);
	g_free(p->identity);
}

char *tickets_store_id(const char *folder)
{
	return g_strdup_printf("local/" TICKETS_STORE ":%s", folder);
}

static char *path_in(const struct settings *s, const char *key)
{
	const char *value = settings_text(s, "countersign", key);

	return value && *value ? file_absolute(value) : NULL;
}

bool tickets_place_read(const struct settings *s, struct tickets_place *ret, GError **error)
{
	const char *identity = settings_text(s, "countersign", "identity");
	struct tickets_place p = {
		.folder = path_in(s, "folder"),
		.signers = path_in(s, "signers"),
		.key = path_in(s, "key"),
		.identity = g_strdup(identity ? identity : ""),
		.valid = settings_int(s, "countersign", "valid") * CLOCK_HOUR,
	};
	const char *missing = !p.folder ? "folder" : !p.signers ? "signers" : !p.key ? "key" :
			      !*p.identity ? "identity" : NULL;

	if (missing)
		g_set_error(error, ERR, ERR_REFUSED, "a second person must countersign, and "
			    "countersign.%s does not say how", missing);
	else if (!ticket_is_identity(p.identity))
		g_set_error(error, ERR, ERR_REFUSED, "countersign.identity may hold letters, "
			    "digits and any of . _ : @ + -, as the signers file has it");
	else {
		*ret = p;
		return true;
	}
	tickets_place_done(&p);
	return false;
}

/* ---- reading ---- */

void tickets_one_free(struct tickets_one *o)
{
	if (!o)
		return;
	g_free(o->name);
	ticket_free(o->ticket);
	ticket_answer_free(o->answer);
	g_free(o->key);
	g_free(o->answer_key);
	g_free(o->trouble);
	g_free(o);
}

/* The text and what signed it; the signature is no longer than it can be. */
static GBytes *read_both(const struct tickets_place *p, const char *name, const char *end,
			 GBytes **ret_signature, GError **error)
{
	g_autofree char *signed_end = g_strconcat(end, TICKETS_SIGNED, NULL);
	g_autoptr(GBytes) text = tickets_file(p, name, end, TICKET_MAX, error);

	*ret_signature = text ? tickets_file(p, name, signed_end, TICKETS_SIGNATURE_MAX, error) :
				NULL;
	return *ret_signature ? g_steal_pointer(&text) : NULL;
}

static struct ticket_answer *read_answer(const struct tickets_place *p, struct tickets_one *o,
					 GError **error)
{
	g_autoptr(GBytes) signature = NULL;
	g_autoptr(GBytes) text = read_both(p, o->name, TICKETS_ANSWERED, &signature, error);
	g_autoptr(ticket_answer) a = NULL;
	gsize len;
	const void *bytes = text ? g_bytes_get_data(text, &len) : NULL;

	a = bytes ? ticket_answer_read(bytes, len, error) : NULL;
	if (!a)
		return NULL;
	if (strcmp(a->ticket, o->name) != 0)
		g_set_error(error, ERR, ERR_REFUSED, "it is the answer to another ticket");
	else if (tickets_verify(p, TICKET_ANSWERS, a->by, text, signature, &o->answer_key, error))
		return g_steal_pointer(&a);
	return NULL;
}

/* An answer that proves nothing is none, and its trouble is told. */
static void add_answer(const struct tickets_place *p, struct tickets_one *o)
{
	g_autoptr(GError) why = NULL;

	if (!tickets_has(p, o->name, TICKETS_ANSWERED))
		return;
	o->answer = read_answer(p, o, &why);
	if (!o->answer)
		o->trouble = g_strdup_printf("the answer to it counts for nothing: %s",
					     why->message);
}

static struct ticket *read_ticket(const char *name, GBytes *text, GError **error)
{
	gsize len;
	const void *bytes = g_bytes_get_data(text, &len);
	g_autofree char *hash = ticket_name(bytes, len);

	if (!strcmp(hash, name))
		return ticket_read(bytes, len, error);
	g_set_error(error, ERR, ERR_FORMAT, "it was altered: its name is not its SHA-256");
	return NULL;
}

/* What is asked, without what it proves. */
static struct tickets_one *read_plain(const struct tickets_place *p, const char *name,
				      GBytes **ret_text, GBytes **ret_signature, GError **error)
{
	g_autoptr(tickets_one) o = g_new0(struct tickets_one, 1);

	o->name = g_strdup(name);
	*ret_text = read_both(p, name, TICKETS_ASKED, ret_signature, error);
	o->ticket = *ret_text ? read_ticket(name, *ret_text, error) : NULL;
	return o->ticket ? g_steal_pointer(&o) : NULL;
}

static struct tickets_one *read_if(const struct tickets_place *p, const char *name,
				   const struct ticket *wish, GError **error)
{
	g_autoptr(GBytes) text = NULL, signature = NULL;
	g_autoptr(tickets_one) o = read_plain(p, name, &text, &signature, error);

	if (!o || (wish && !ticket_is_same(o->ticket, wish)))
		return NULL;
	if (!tickets_verify(p, TICKET_ASKS, o->ticket->by, text, signature, &o->key, error))
		return NULL;
	add_answer(p, o);
	return g_steal_pointer(&o);
}

struct tickets_one *tickets_read(const struct tickets_place *p, const char *name, GError **error)
{
	g_autoptr(tickets_one) o = NULL;

	if (!ticket_is_name(name)) {
		g_set_error(error, ERR, ERR_NOT_FOUND, "there is no such ticket");
		return NULL;
	}
	o = read_if(p, name, NULL, error);
	if (!o)
		g_prefix_error(error, "ticket %.8s: ", name);
	return g_steal_pointer(&o);
}

GPtrArray *tickets_read_all(const struct tickets_place *p, const atomic_bool *stop,
			    GPtrArray *troubles, GError **error)
{
	g_autoptr(GPtrArray) names = tickets_names(p, troubles, error);
	GPtrArray *all = names ? g_ptr_array_new_with_free_func(
		(GDestroyNotify)tickets_one_free) : NULL;

	for (guint i = 0; names && i < names->len && !atomic_load(stop); i++) {
		g_autoptr(GError) why = NULL;
		struct tickets_one *o = tickets_read(p, names->pdata[i], &why);

		if (o)
			g_ptr_array_add(all, o);
		else
			g_ptr_array_add(troubles, g_strdup(why->message));
		if (o && o->trouble)
			g_ptr_array_add(troubles, g_strdup_printf("ticket %.8s: %s", o->name,
								  o->trouble));
	}
	return all;
}

static bool is_over(const struct ticket *t, int64_t now)
{
	return now >= t->until;
}

struct tickets_one *tickets_find(const struct tickets_place *p, const struct ticket *wish,
				 GHashTable *over, int64_t now, const atomic_bool *stop, GError **error)
{
	g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) names = tickets_names(p, troubles, error);
	g_autoptr(tickets_one) found = NULL;

	for (guint i = 0; names && i < names->len && !atomic_load(stop); i++) {
		const char *name = names->pdata[i];
		g_autoptr(tickets_one) o = g_hash_table_contains(over, name) ? NULL :
					   read_if(p, name, wish, NULL);

		if (!o || is_over(o->ticket, now) || tickets_is_used(p, name))
			continue;
		if (!found || (o->answer && !found->answer)) {
			tickets_one_free(found);
			found = g_steal_pointer(&o);
		}
	}
	return g_steal_pointer(&found);
}

/* ---- asking ---- */

/* One's own that are over make room. */
static void put_away(const struct tickets_place *p, int64_t now)
{
	g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) names = tickets_names(p, troubles, NULL);

	for (guint i = 0; names && i < names->len; i++) {
		g_autoptr(GBytes) text = NULL, signature = NULL;
		g_autoptr(tickets_one) o = read_plain(p, names->pdata[i], &text, &signature, NULL);

		if (o && is_over(o->ticket, now) && !strcmp(o->ticket->by, p->identity))
			tickets_end(p, o->name, TICKETS_ENDED, NULL);
	}
}

struct tickets_one *tickets_ask(const struct tickets_place *p, struct ticket *t, GError **error)
{
	g_autoptr(tickets_one) o = g_new0(struct tickets_one, 1);
	g_autofree char *text = ticket_write(t, error);
	g_autoptr(GBytes) signature = NULL, bytes = NULL;

	o->ticket = t;
	if (!text)
		return NULL;
	put_away(p, t->since);
	o->name = ticket_name(text, strlen(text));
	bytes = g_bytes_new(text, strlen(text));
	signature = tickets_sign(p, TICKET_ASKS, text, strlen(text), error);
	/* Whoever the signers file does not know learns it now, and not from the second person. */
	if (!signature ||
	    !tickets_verify(p, TICKET_ASKS, t->by, bytes, signature, &o->key, error) ||
	    !tickets_put(p, o->name, TICKETS_ASKED, text, signature, error))
		return NULL;
	return g_steal_pointer(&o);
}

/* ---- answering ---- */

static bool refuse(GError **error, const char *what)
{
	g_set_error(error, ERR, ERR_REFUSED, "%s", what);
	return false;
}

static bool is_same_person(const char *a, const char *b)
{
	return !g_ascii_strcasecmp(a, b);
}

/* What has to hold of a ticket whenever somebody says yes to it, and when it is used. */
static bool is_good(const struct tickets_place *p, const struct tickets_one *o, int64_t now,
		    GError **error)
{
	const struct ticket *t = o->ticket;

	if (is_over(t, now))
		return refuse(error, "the ticket has ended; it has to be asked for again");
	if (t->since > now + CLOCKS_DIFFER)
		return refuse(error, "the ticket is of a time to come: look at the clocks");
	if (t->until - t->since > p->valid)
		return refuse(error, "the ticket is valid for longer than countersign.valid lets "
			      "it be");
	return true;
}

static bool may_answer(const struct tickets_place *p, const struct tickets_one *o, bool is_yes,
		       bool is_seen, int64_t now, GError **error)
{
	if (o->answer) {
		g_set_error(error, ERR, ERR_REFUSED, "%s has answered already", o->answer->by);
		return false;
	}
	if (is_same_person(o->ticket->by, p->identity))
		return refuse(error, is_yes ?
			      "you asked for it yourself: a second person must countersign" :
			      "you asked for it yourself: withdraw it");
	if (!is_yes)
		return true;
	if (*o->ticket->warnings && !is_seen)
		return refuse(error, "it comes with warnings: look at them, and say which ticket you "
			      "mean by its digest");
	return is_good(p, o, now, error);
}

bool tickets_answer(const struct tickets_place *p, const char *name, bool is_yes,
		    const char *reason, bool is_seen, int64_t now, GError **error)
{
	g_autoptr(tickets_one) o = tickets_read(p, name, error);
	g_autoptr(ticket_answer) a = ticket_answer_new();
	g_autoptr(GBytes) bytes = NULL, signature = NULL;
	g_autofree char *text = NULL, *key = NULL;

	if (!o || !may_answer(p, o, is_yes, is_seen, now, error))
		return false;
	g_free(a->ticket);
	a->ticket = g_strdup(name);
	g_free(a->by);
	a->by = g_strdup(p->identity);
	g_free(a->reason);
	a->reason = g_strdup(reason);
	a->is_yes = is_yes;
	a->at = now;
	text = ticket_answer_write(a, error);
	bytes = text ? g_bytes_new(text, strlen(text)) : NULL;
	signature = bytes ? tickets_sign(p, TICKET_ANSWERS, text, strlen(text), error) : NULL;
	if (!signature || !tickets_verify(p, TICKET_ANSWERS, a->by, bytes, signature, &key, error))
		return false;
	if (is_yes && !strcmp(key, o->key))
		return refuse(error, "your key is the one that signed the ticket: a second person "
			      "must countersign, with a key of their own");
	return tickets_put(p, name, TICKETS_ANSWERED, text, signature, error);
}

/* ---- acting ---- */

bool tickets_is_granted(const struct tickets_place *p, const struct tickets_one *o, int64_t now,
			GError **error)
{
	const struct ticket_answer *a = o->answer;

	if (!is_good(p, o, now, error))
		return false;
	if (!a) {
		g_set_error(error, ERR, ERR_PENDING, "ticket %.8s waits for a countersignature%s%s",
			    o->name, o->trouble ? "; " : "", o->trouble ? o->trouble : "");
		return false;
	}
	if (!a->is_yes) {
		g_autofree char *reason = text_harmless_dup(a->reason, 2000);

		g_set_error(error, ERR, ERR_REFUSED, "%s did not countersign: %s", a->by, reason);
		return false;
	}
	if (is_same_person(a->by, o->ticket->by))
		return refuse(error, "the countersignature is by whoever asked for it");
	if (!strcmp(o->answer_key, o->key))
		return refuse(error, "the countersignature is by the same key under another name");
	return true;
}

bool tickets_use(const struct tickets_place *p, const char *name, GError **error)
{
	return tickets_end(p, name, TICKETS_USED, error);
}

bool tickets_withdraw(const struct tickets_place *p, const char *name, GError **error)
{
	g_autoptr(tickets_one) o = tickets_read(p, name, error);

	if (o && !is_same_person(o->ticket->by, p->identity))
		return refuse(error, "another person asked for it: deny it");
	return o && tickets_end(p, name, TICKETS_WITHDRAWN, error);
}

bool tickets_is_used(const struct tickets_place *p, const char *name)
{
	return tickets_has(p, name, TICKETS_USED);
}
