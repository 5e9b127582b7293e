/*
 * certs_names: sorting by name.
 *
 * A quicksort of three parts that looks at eight bytes of the texts at a time, kept beside the
 * pointers as one number: most comparisons touch no text.  Where all eight are equal, the next
 * eight are fetched for that part.  Pivots are chosen so that nobody can make it quadratic by
 * choosing names, and the largest part is done in the loop, so the stack stays small.
 */
#include "certs_own.h"

#include <string.h>

#define FEW 12
#define AHEAD 8

struct name {
	uint64_t key;
	const char *text;	/* where the key was read */
	uint32_t cert;
};

/* The next eight bytes, those behind the end as zeros; there are eight more behind all texts. */
static uint64_t load(const char *text)
{
	const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
	uint64_t bytes, zeros;

	memcpy(&bytes, text, sizeof(bytes));
	bytes = GUINT64_FROM_BE(bytes);
	zeros = ~(((bytes & low) + low) | bytes | low);
	if (!zeros)
		return bytes;
	return bytes & ~(UINT64_MAX >> __builtin_clzll(zeros));
}

static bool is_before(const struct name *a, const struct name *b)
{
	int order;

	if (a->key != b->key)
		return a->key < b->key;
	order = a->key & 0xff ? strcmp(a->text + 8, b->text + 8) : 0;
	return order ? order < 0 : a->cert < b->cert;
}

static void insert_each(struct name *a, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct name x = a[i];
		size_t j = i;

		for (; j > 0 && is_before(&x, &a[j - 1]); j--)
			a[j] = a[j - 1];
		a[j] = x;
	}
}

static uint64_t median(uint64_t a, uint64_t b, uint64_t c)
{
	return MAX(MIN(a, b), MIN(MAX(a, b), c));
}

static uint64_t pivot(const struct name *a, size_t n, uint64_t *dice)
{
	uint64_t key[3];

	for (size_t i = 0; i < 3; i++) {
		*dice = *dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		key[i] = a[(*dice >> 33) % n].key;
	}
	return median(key[0], key[1], key[2]);
}

/* The part whose keys are equal: on to the next eight bytes, or at the end to the numbers. */
static void advance(struct name *a, size_t n)
{
	bool is_end = !(a[0].key & 0xff);

	for (size_t i = 0; i < n; i++) {
		if (i + AHEAD < n)
			__builtin_prefetch(a[i + AHEAD].text + 8);
		a[i].text += is_end ? 0 : 8;
		/* numbers differ, so a part of one is never advanced again */
		a[i].key = is_end ? a[i].cert : load(a[i].text);
	}
}

static void swap(struct name *a, struct name *b)
{
	struct name x = *a;

	*a = *b;
	*b = x;
}

struct part {
	struct name *a;
	size_t n;
};

/* Into less, equal, greater. */
static void split(struct part p, uint64_t key, struct part ret[3])
{
	size_t less = 0, i = 0, greater = p.n;

	while (i < greater) {
		if (p.a[i].key < key)
			swap(&p.a[less++], &p.a[i++]);
		else if (p.a[i].key > key)
			swap(&p.a[i], &p.a[--greater]);
		else
			i++;
	}
	ret[0] = (struct part){ p.a, less };
	ret[1] = (struct part){ p.a + less, greater - less };
	ret[2] = (struct part){ p.a + greater, p.n - greater };
}

static void sort(struct part p, uint64_t *dice)
{
	while (p.n > FEW) {
		struct part part[3];
		size_t most = 0;

		split(p, pivot(p.a, p.n, dice), part);
		if (part[1].n > 1)
			advance(part[1].a, part[1].n);
		for (size_t i = 1; i < 3; i++)
			if (part[i].n > part[most].n)
				most = i;
		for (size_t i = 0; i < 3; i++)
			if (i != most)
				sort(part[i], dice);
		p = part[most];
	}
	insert_each(p.a, p.n);
}

void certs_sort_names(const struct certs *c, const uint32_t *certs, uint32_t n, uint32_t *ret)
{
	g_autofree struct name *names = g_new(struct name, n);
	uint64_t dice = (uint64_t)g_random_int() << 32 | n;

	for (uint32_t i = 0; i < n; i++) {
		names[i].cert = certs ? certs[i] : i;
		names[i].text = certs_text(c, names[i].cert);
		names[i].key = load(names[i].text);
	}
	sort((struct part){ names, n }, &dice);
	for (uint32_t i = 0; i < n; i++)
		ret[i] = names[i].cert;
}

int certs_compare_names(const struct certs *c, uint32_t a, uint32_t b)
{
	int order = strcmp(certs_text(c, a), certs_text(c, b));

	return order ? order : (a > b) - (a < b);
}
