"""A terminal for tests: starts a program on a pseudo-terminal, types, and reads the screen.

    t = Terminal(["certty"], size="80x24")
    t.wait("Certificates")          # until a pattern is on the screen; fails after a bound
    t.keys("2", "Down", "Enter")
    print(t.text())
    t.keys("q"); assert t.ended() == 0

Nothing here waits for time: every wait is for a state, with a bound after which the journey has
failed and its last screen is printed.  Everything that the program wrote is kept in `written`.

A file of journeys is functions with @journey, and journeys() at the end, which prints TAP.
"""
import contextlib
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time
import traceback

try:
    import pyte
except ImportError:
    print("1..0 # SKIP python3-pyte is not installed")
    sys.exit(0)

SLOWNESS = float(os.environ.get("CERTTY_SLOWNESS", "1"))
BOUND = 20.0 * SLOWNESS

KEYS = {
    "Enter": "\r", "Esc": "\x1b", "Tab": "\t", "S-Tab": "\x1b[Z", "Space": " ",
    "Backspace": "\x7f", "Up": "\x1bOA", "Down": "\x1bOB", "Right": "\x1bOC",
    "Left": "\x1bOD", "Home": "\x1bOH", "End": "\x1bOF", "Insert": "\x1b[2~",
    "Delete": "\x1b[3~", "PgUp": "\x1b[5~", "PgDn": "\x1b[6~", "F1": "\x1bOP",
    "F2": "\x1bOQ", "F3": "\x1bOR", "F4": "\x1bOS", "F5": "\x1b[15~", "F10": "\x1b[21~",
}


class Failure(Exception):
    """What a journey expected and did not see."""


class Screen(pyte.Screen):
    """pyte's screen, deaf to what it does not know, and answering through the terminal."""

    def __init__(self, columns, lines, answer):
        self.answer = answer
        self.drawn_last = " "
        super().__init__(columns, lines)

    def write_process_input(self, data):
        self.answer(data)

    def select_graphic_rendition(self, *attrs, **private):
        if not private:
            super().select_graphic_rendition(*attrs)

    def report_device_status(self, mode=0, **private):
        if not private:
            super().report_device_status(mode)

    def draw(self, data):
        if data and data[-1].isprintable():
            self.drawn_last = data[-1]
        super().draw(data)

    # What xterm does and pyte does not: scroll within the margins, repeat a character.
    def scroll_up(self, count=1):
        self.scroll(count or 1, self.margins.bottom if self.margins else self.lines - 1,
                    self.index)

    def scroll_down(self, count=1):
        self.scroll(count or 1, self.margins.top if self.margins else 0, self.reverse_index)

    def scroll(self, count, edge, step):
        line, self.cursor.y = self.cursor.y, edge
        for _ in range(min(count, self.lines)):
            step()
        self.cursor.y = line

    def repeat(self, count=1):
        self.draw(self.drawn_last * min(count or 1, self.columns * self.lines))


class Stream(pyte.ByteStream):
    csi = {**pyte.ByteStream.csi, "S": "scroll_up", "T": "scroll_down", "b": "repeat"}
    events = pyte.ByteStream.events | {"scroll_up", "scroll_down", "repeat"}


class Terminal:
    def __init__(self, argv, size="80x24", term="xterm-256color", env=None, cwd=None,
                 background=None):
        self.columns, self.rows = (int(n) for n in size.split("x"))
        self.written = b""
        self.background = background        # "rrrr/gggg/bbbb": answers the colour question
        self.status = None
        self.screen = Screen(self.columns, self.rows, self.type)
        self.stream = Stream(self.screen)
        full = {k: v for k, v in os.environ.items() if v is not None}
        full["TERM"] = term
        for key, value in (env or {}).items():
            if value is None:
                full.pop(key, None)
            else:
                full[key] = value
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ,
                            struct.pack("HHHH", self.rows, self.columns, 0, 0))
                if cwd:
                    os.chdir(cwd)
                os.execvpe(argv[0], argv, full)
            finally:
                os._exit(127)
        self.modes_before = None
        os.set_blocking(self.fd, False)

    # --- what the program sees ---------------------------------------------------------------
    def type(self, data):
        """Raw bytes or text, all of it, however slowly the program reads."""
        data = data.encode() if isinstance(data, str) else data
        deadline = time.monotonic() + BOUND
        while data:
            readable, writable, _ = select.select([self.fd], [self.fd], [], 1)
            if readable:
                self.read()
            if writable and data:
                with contextlib.suppress(BlockingIOError):
                    data = data[os.write(self.fd, data[:1024]):]
            if time.monotonic() > deadline:
                raise Failure("the program does not read what is typed")

    def keys(self, *names):
        """Names of keys ("Down", "C-z"), or text as it is."""
        for name in names:
            if re.fullmatch(r"C-[a-z]", name):
                self.type(bytes([ord(name[2]) - 96]))
            else:
                self.type(KEYS.get(name, name))
        return self

    def paste(self, text):
        self.type("\x1b[200~" + text + "\x1b[201~")
        return self

    def resize(self, size):
        self.columns, self.rows = (int(n) for n in size.split("x"))
        self.screen.resize(self.rows, self.columns)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", self.rows, self.columns, 0, 0))
        return self

    def signal(self, number):
        os.kill(self.pid, number)

    # --- what the program shows --------------------------------------------------------------
    def read(self):
        """Takes what is there; False at the end."""
        try:
            data = os.read(self.fd, 65536)
        except BlockingIOError:
            return True
        except OSError:         # the other side is closed
            return False
        if not data:
            return False
        self.written += data
        self.stream.feed(data)
        if self.background and b"\x1b]11;?" in data:
            self.type("\x1b]11;rgb:%s\x1b\\" % self.background)
        return True

    def until(self, is_so, what, bound=None):
        """Reads until is_so() holds; fails when it still does not after the bound."""
        deadline = time.monotonic() + (bound or BOUND)
        while True:
            if is_so():
                return self
            left = deadline - time.monotonic()
            if left <= 0:
                raise Failure("never saw " + what)
            readable, _, _ = select.select([self.fd], [], [], left)
            if readable and not self.read():
                if is_so():
                    return self
                raise Failure("the program ended before " + what)

    def wait(self, pattern, bound=None):
        return self.until(lambda: self.sees(pattern), "/%s/" % pattern, bound)

    def agree(self):
        """Yes to the plan of an order that is not dangerous, once it is there."""
        return self.wait("[?] Y/n").keys("Enter")

    def agree_by(self, word):
        """The word that is yes to the plan of a dangerous order; it is asked for once that is there."""
        return self.wait("Type the word " + word).keys(word, "Enter")

    def wait_gone(self, pattern, bound=None):
        return self.until(lambda: not self.sees(pattern), "/%s/ gone" % pattern, bound)

    def wait_written(self, data, bound=None):
        return self.until(lambda: data in self.written, repr(data) + " written", bound)

    def quiet(self, seconds):
        """True when the program writes nothing for that long."""
        readable, _, _ = select.select([self.fd], [], [], seconds)
        return not readable

    def sees(self, pattern):
        return re.search(pattern, self.text(), re.M) is not None

    def lines(self):
        return [line.rstrip() for line in self.screen.display]

    def text(self):
        return "\n".join(self.lines())

    def cursor(self):
        """(column, line), or None when it is hidden."""
        c = self.screen.cursor
        return None if c.hidden else (c.x, c.y)

    def line_at_cursor(self):
        return self.lines()[self.screen.cursor.y]

    def modes(self):
        """The terminal's settings, to compare before and after."""
        m = termios.tcgetattr(self.fd)
        return m[:4]

    def is_alternate(self):
        return self.written.rfind(b"\x1b[?1049h") > self.written.rfind(b"\x1b[?1049l")

    # --- the end -----------------------------------------------------------------------------
    def ended(self, bound=None):
        """The exit status (negative: the signal) once it has ended."""
        deadline = time.monotonic() + (bound or BOUND)
        poll = select.poll()
        try:
            pidfd = os.pidfd_open(self.pid) if self.status is None else None
        except ProcessLookupError:
            pidfd = None
        if pidfd is not None:
            poll.register(pidfd, select.POLLIN)
            poll.register(self.fd, select.POLLIN)
            while True:
                ready = dict(poll.poll(max(0, (deadline - time.monotonic()) * 1000)))
                if self.fd in ready and not self.read():
                    poll.unregister(self.fd)
                if pidfd in ready:
                    break
                if not ready and time.monotonic() > deadline:
                    os.close(pidfd)
                    raise Failure("the program did not end")
            os.close(pidfd)
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            while select.select([self.fd], [], [], 0)[0] and self.read():
                pass
        return self.status

    def close(self):
        if self.status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        with contextlib.suppress(OSError):
            os.close(self.fd)


# --- journeys --------------------------------------------------------------------------------
ALL = []
OPEN = []


def journey(sentence):
    def keep(function):
        ALL.append((sentence, function))
        return function
    return keep


def program():
    return os.path.join(os.environ.get("top_builddir", "build"), "certty")


def start(*arguments, **how):
    """The program itself, on a terminal that is closed when the journey is over."""
    t = Terminal([program(), *arguments], **how)
    OPEN.append(t)
    return t


def start_other(argv, **how):
    t = Terminal(argv, **how)
    OPEN.append(t)
    return t


def expect(is_so, what):
    if not is_so:
        raise Failure(what)


class Skip(Exception):
    """Why a journey cannot be made here."""


@contextlib.contextmanager
def new_home():
    """Each journey has a home of its own."""
    kept = os.environ.copy()
    home = tempfile.mkdtemp(prefix="certty-e2e.")
    os.environ.update(HOME=home, XDG_RUNTIME_DIR=os.path.join(home, "run"),
                      LC_ALL="C.UTF-8", TMPDIR=os.path.join(home, "tmp"))
    for name in ("run", "tmp"):
        os.mkdir(os.path.join(home, name), 0o700)
    for name in ("NO_COLOR", "CLICOLOR", "TMUX", "COLORTERM", "COLORFGBG", "DISPLAY",
                 "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        os.environ.pop(name, None)
    tempfile.tempdir = None
    try:
        yield home
    finally:
        os.environ.clear()
        os.environ.update(kept)
        tempfile.tempdir = None
        shutil.rmtree(home, ignore_errors=True)


def complain(text):
    for line in text.rstrip().split("\n"):
        print("# " + line)


def journeys():
    failed = 0
    wanted = [a for a in sys.argv[1:] if not a.startswith("-")]
    chosen = [j for j in ALL if not wanted or any(w in j[0] for w in wanted)]
    print("1..%d" % len(chosen))
    for number, (sentence, function) in enumerate(chosen, 1):
        verdict, tail = "ok", ""
        with new_home():
            try:
                function()
            except Skip as why:
                tail = " # SKIP %s" % why
            except Exception as e:      # pylint: disable=broad-except
                verdict, failed = "not ok", failed + 1
                complain(str(e) if isinstance(e, Failure) else traceback.format_exc())
                for line in traceback.extract_tb(e.__traceback__):
                    if line.filename == sys.argv[0]:
                        complain("line %d: %s" % (line.lineno, line.line))
                for t in OPEN:
                    complain("+" + "-" * t.columns + "+\n" + "\n".join(
                        "|%s|" % line.ljust(t.columns) for line in t.lines()))
            finally:
                for t in OPEN:
                    t.close()
                OPEN.clear()
        print("%s %d - %s%s" % (verdict, number, sentence, tail))
        sys.stdout.flush()
    sys.exit(1 if failed else 0)
