/*
 * settings_file: one configuration file as text: what it says, in which line, and the same
 * text with one value changed.
 */
#ifndef CERTTY_SRC_BASE_SETTINGS_FILE_H
#define CERTTY_SRC_BASE_SETTINGS_FILE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Told in the order of the lines.  A problem's message is harmless. */
struct settings_reader {
	void (*entry)(void *data, const char *group, const char *key, const char *value,
		      unsigned line);
	void (*problem)(void *data, unsigned line, const char *message);
	void *data;
};

void settings_file_read(const char *bytes, size_t len, const struct settings_reader *to);

/* A new text that says key=value in group, all else as it was; value NULL: the key is gone. */
GString *settings_file_edit(const char *bytes, size_t len, const char *group, const char *key,
			    const char *value);

bool settings_file_has(const char *bytes, size_t len, const char *group);
/* Without the group, its entries and the comments between them. */
GString *settings_file_drop(const char *bytes, size_t len, const char *group);
GString *settings_file_rename(const char *bytes, size_t len, const char *group,
			      const char *name);

#endif
