/*
 * detail: labelled lines about one thing, gathered by whoever knows it, then frozen.
 */
#include <certty/model/detail.h>

#include <stdarg.h>
#include <string.h>

#include <certty/base/clock.h>

static const char *id(const void *item);
static void *ref(void *item);
static void unref(void *item);
static int compare(const void *a, const void *b);

/* Details belong to rows of every kind; the kind is in the id. */
const struct item_type detail_type = {
	.kind = KIND_CERTS,
	.id = id,
	.ref = ref,
	.unref = unref,
	.compare = compare,
};

struct detail *detail_new(const char *new_id, const char *title)
{
	struct detail *d = g_new0(struct detail, 1);

	ref_init(&d->ref);
	d->id = g_strdup(new_id);
	d->title = g_strdup(title);
	d->made = clock_now();
	return d;
}

void detail_add(struct detail *d, enum tone tone, const char *label, const char *format, ...)
{
	va_list args;

	if (d->n == d->room) {
		d->room = d->room ? d->room * 2 : 32;
		d->line = g_renew(struct detail_line, d->line, d->room);
	}
	va_start(args, format);
	d->line[d->n++] = (struct detail_line){
		.label = g_strdup(label),
		.text = g_strdup_vprintf(format, args),
		.tone = tone,
	};
	va_end(args);
}

void detail_add_time(struct detail *d, const char *label, int64_t when)
{
	g_autoptr(GString) s = g_string_new(NULL);

	if (!when)
		return;
	clock_say_utc(s, when);
	detail_add(d, TONE_PLAIN, label, "%s", s->str);
}

struct detail *detail_ref(struct detail *d)
{
	ref_hold(&d->ref);
	return d;
}

void detail_unref(struct detail *d)
{
	if (!d || !ref_drop(&d->ref))
		return;
	for (size_t i = 0; i < d->n; i++) {
		g_free(d->line[i].label);
		g_free(d->line[i].text);
	}
	g_free(d->line);
	g_free(d->id);
	g_free(d->title);
	g_free(d->pem);
	g_free(d->text);
	g_free(d->json);
	g_free(d->digest);
	g_free(d);
}

static const char *id(const void *item)
{
	return ((const struct detail *)item)->id;
}

static void *ref(void *item)
{
	return detail_ref(item);
}

static void unref(void *item)
{
	detail_unref(item);
}

static int compare(const void *a, const void *b)
{
	return strcmp(id(a), id(b));
}
