/*
 * minimal: the least that can be called a table program: ncurses, SQLite, one page of rows, a
 * cursor.  What certty's screen is measured against.
 *
 *	minimal FILE
 */
#include <curses.h>
#include <locale.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#define ROWS_MAX 200

struct row {
	char name[40], store[24], expires[20], issuer[32];
};

static struct row page[ROWS_MAX];
static int n, cursor;

static void take(char *to, size_t size, sqlite3_stmt *q, int column)
{
	const unsigned char *text = sqlite3_column_text(q, column);

	snprintf(to, size, "%s", text ? (const char *)text : "");
}

static int read_page(const char *path, int rows)
{
	sqlite3 *db;
	sqlite3_stmt *q;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "SELECT name, store, expires, issuer FROM cert ORDER BY id "
				   "LIMIT ?", -1, &q, NULL) != SQLITE_OK)
		return -1;
	sqlite3_bind_int(q, 1, rows < ROWS_MAX ? rows : ROWS_MAX);
	for (; n < ROWS_MAX && sqlite3_step(q) == SQLITE_ROW; n++) {
		take(page[n].name, sizeof(page[n].name), q, 0);
		take(page[n].store, sizeof(page[n].store), q, 1);
		take(page[n].expires, sizeof(page[n].expires), q, 2);
		take(page[n].issuer, sizeof(page[n].issuer), q, 3);
	}
	sqlite3_finalize(q);
	sqlite3_close(db);
	return n;
}

static void paint_row(int i)
{
	attrset(i == cursor ? A_REVERSE : A_NORMAL);
	mvprintw(i + 1, 0, "%-40s %-24s %-20s %-30s", page[i].name, page[i].store,
		 page[i].expires, page[i].issuer);
	attrset(A_NORMAL);
}

static void go(int to)
{
	int from = cursor;

	if (to < 0 || to >= n)
		return;
	cursor = to;
	paint_row(from);
	paint_row(to);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	setlocale(LC_CTYPE, "");
	initscr();
	raw();
	noecho();
	keypad(stdscr, TRUE);
	if (read_page(argv[1], LINES - 2) < 0) {
		endwin();
		return 1;
	}
	mvprintw(0, 0, "%-40s %-24s %-20s %-30s", "NAME", "STORE", "EXPIRES", "ISSUER");
	for (int i = 0; i < n; i++)
		paint_row(i);
	mvprintw(LINES - 1, 0, "%d rows  q quit  / filter", n);
	for (;;) {
		move(cursor + 1, 0);
		refresh();
		switch (getch()) {
		case KEY_DOWN:
			go(cursor + 1);
			break;
		case KEY_UP:
			go(cursor - 1);
			break;
		case ERR:
		case 'q':
			endwin();
			return 0;
		}
	}
}
