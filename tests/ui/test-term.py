"""The real terminal: term-probe on a pseudo-terminal, looked at byte by byte and through an
emulator.  Speaks TAP."""
import fcntl, os, pty, re, select, signal, struct, sys, termios, time, traceback

import pyte

PROBE = os.path.join(os.environ["top_builddir"], "tests/ui/term-probe")
THEMES = os.path.join(os.environ["top_srcdir"], "themes")
LIMIT = 20.0


class Screen(pyte.Screen):
    """pyte's screen, tolerant of private sequences that it does not know."""
    def set_margins(self, top=None, bottom=None, **kw):
        return super().set_margins(top, bottom)


class Probe:
    def __init__(self, rows=40, cols=120, args=(), **env):
        wait, go = os.pipe()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            for name in ("NO_COLOR", "TMUX", "LINES", "COLUMNS", "TERMINFO"):
                os.environ.pop(name, None)
            os.environ["TERM"] = "xterm-256color"
            for name, value in env.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
            os.read(wait, 1)            # until the window has its size
            os.execv(PROBE, [PROBE, *args])
        self.screen = Screen(cols, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.before = termios.tcgetattr(self.fd)
        self.resize(rows, cols)
        self.all = b""
        os.write(go, b"x")
        os.close(go)
        os.close(wait)

    def resize(self, rows, cols):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        self.screen.resize(rows, cols)

    def read(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return b""
        self.all += data
        self.stream.feed(re.sub(rb"\x1b\[[>=<][0-9;]*[a-zA-Z]", b"", data))
        return data

    def line(self, y):
        return self.screen.display[y].rstrip()

    def until(self, what):
        end = time.monotonic() + LIMIT
        while not what():
            assert time.monotonic() < end, "\n".join(self.screen.display)
            self.read(0.1)

    def until_last(self, text):
        self.until(lambda: text in self.line(self.screen.lines - 1))

    def send(self, data):
        os.write(self.fd, data)

    def cost(self, data, at):
        """Bytes that a key costs, until the counter in the last line says AT."""
        start = len(self.all)
        self.send(data)
        self.until(lambda: self.line(self.screen.lines - 1).endswith(" %d" % at)
                   and self.screen.cursor.x == 0)
        return len(self.all) - start

    def end(self):
        """What was written until the end, and how it ended."""
        start = len(self.all)
        end = time.monotonic() + LIMIT
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                break
            assert time.monotonic() < end, "does not end"
            self.read(0.02)
        modes = termios.tcgetattr(self.fd)
        while self.read(0):
            pass
        self.modes_after = modes
        os.close(self.fd)
        return self.all[start:], status


def ready(**kw):
    p = Probe(**kw)
    p.until_last("ready")
    return p


def assert_given_back(p, tail):
    for what in (b"\x1b[?1049l", b"\x1b[?2004l", b"\x1b[23;2t"):
        assert what in tail, (what, tail)
    assert p.modes_after[:4] == p.before[:4], (p.modes_after, p.before)


def test_opens_and_closes():
    p = ready()
    for what in (b"\x1b[?1049h", b"\x1b[?2004h", b"\x1b[22;2t", b"\x1b]2;a title\x1b\\"):
        assert what in p.all, what
    assert b"\x1b[?1000h" not in p.all          # the mouse is off by default
    assert p.line(0) == "certty"
    assert p.line(1) == "\u2500" * 120
    assert (p.screen.cursor.y, p.screen.cursor.x) == (2, 0) and not p.screen.cursor.hidden
    p.send(b"q")
    tail, status = p.end()
    assert status == 0
    assert_given_back(p, tail)


def test_keys_and_pastes():
    p = ready()
    for data, name in ((b"\x1bOA", "Up"), (b"\x1b[1;5C", "C-Right"), (b"\x1b", "Esc"),
                       (b"\x03", "C-c"), (b"\x13", "C-s"), (b"\x1bx", "M-x"),
                       ("\u00e9".encode(), "\u00e9"), (b"\x1b[200~q\nq\x1b[201~", "paste 3"),
                       (b"\x1b[200~" + 5000 * b"q" + b"\x1b[201~", "paste 5000")):
        p.send(data)
        p.until_last(name)
    p.send(b"m")
    p.until(lambda: b"\x1b[?1000h\x1b[?1006h" in p.all)
    p.send(b"\x1b[<0;5;3M")
    p.until_last("mouse 2 4")
    p.send(b"mq")
    tail, _ = p.end()
    assert b"\x1b[?1006l\x1b[?1000l" in tail


def budget(theme):
    p = ready(args=[os.path.join(THEMES, theme + ".theme")])
    steps = [p.cost(b"j", i) for i in range(1, 30)] + [p.cost(b"k", i) for i in range(28, 0, -1)]
    page = [p.cost(b"\x1b[6~", 1 + 37 * i) for i in range(1, 6)]
    start = len(p.all)
    assert p.read(0.3) == b"", "idle, and yet something was written"
    assert len(p.all) == start
    p.send(b"q")
    p.end()
    print("# %s: a step at most %d bytes, a page at most %d" % (theme, max(steps), max(page)))
    assert max(steps) <= 200, steps
    assert max(page) <= 4700, page


def test_bytes_default():
    budget("default")


def test_bytes_with_colours_of_its_own():
    budget("dark")


def test_many_keys_one_frame():
    p = ready()
    p.cost(b"j" * 30, 30)
    one = p.cost(b"k" * 29, 1)
    assert one < 1000, one
    p.send(b"q")
    p.end()


def test_crash(key=b"S", number=signal.SIGSEGV):
    p = ready()
    p.send(key)
    tail, status = p.end()
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == number, status
    assert_given_back(p, tail)
    assert b"\x1b[?25h" in tail or b"\x1b[?12l\x1b[?25h" in tail
    return tail


def test_abort():
    test_crash(b"A", signal.SIGABRT)


def test_fatal_message_is_seen():
    tail = test_crash(b"E", signal.SIGTRAP)
    assert tail.index(b"\x1b[?1049l") < tail.index(b"fatal on purpose")


def test_term_signal():
    p = ready()
    os.kill(p.pid, signal.SIGTERM)
    tail, status = p.end()
    assert status == 0
    assert_given_back(p, tail)


def test_messages_wait():
    p = ready()
    p.send(b"W")
    p.until_last("W")
    assert b"kept back" not in p.all
    p.send(b"q")
    tail, _ = p.end()
    assert tail.index(b"\x1b[?1049l") < tail.index(b"kept back")


def test_unknown_type():
    p = Probe(TERM="xterm-nobody-knows")
    p.until_last("TERM xterm-nobody-knows is not known on this machine: "
                 "taken for xterm-256color.")
    p.send(b"q")
    tail, status = p.end()
    assert status == 0
    assert_given_back(p, tail)


def refused(**env):
    p = Probe(**env)
    tail, status = p.end()
    assert os.WEXITSTATUS(status) == 2, status
    assert b"\x1b" not in tail, tail
    return tail.decode()


def test_no_type():
    assert "TERM is dumb" in refused(TERM="dumb")
    assert "TERM is not set" in refused(TERM=None)
    assert "TERM is not set" in refused(TERM="")


def test_other_types():
    for name in ("linux", "vt100", "screen-256color", "tmux-256color"):
        p = ready(rows=24, cols=80, TERM=name)
        assert p.line(0) == "certty"
        p.send(b"q")
        assert p.end()[1] == 0, name


def test_size_of_the_window_wins():
    p = ready(rows=30, cols=90, LINES="10", COLUMNS="20")
    assert p.line(1) == "\u2500" * 90
    p.send(b"q")
    p.end()


def test_no_colour():
    p = ready(NO_COLOR="1")
    p.send(b"q")
    p.end()
    assert not re.search(rb"\x1b\[[0-9;]*\b(3|4|9)[0-8]\b[0-9;]*m", p.all)


def test_resize():
    p = ready()
    p.resize(12, 40)
    p.until_last("size 40x12")
    assert p.line(0) == "certty" and p.line(1) == "\u2500" * 40
    p.resize(70, 250)
    p.until_last("size 250x70")
    assert p.line(1) == "\u2500" * 250
    p.send(b"q")
    p.end()


def test_copy():
    p = ready()
    p.send(b"y")
    p.until_last("copied 5, then: 74995 bytes are too many to copy")
    assert b"\x1b]52;c;aGVsbG8=\x1b\\" in p.all and b"tmux;" not in p.all
    p.send(b"q")
    p.end()
    p = ready(TMUX="/tmp/tmux,1,0")
    p.send(b"y")
    p.until_last("copied 5")
    assert b"\x1bPtmux;\x1b\x1b]52;c;aGVsbG8=\x1b\x1b\\\x1b\\" in p.all
    p.send(b"q")
    p.end()


def test_hangup():
    p = ready()
    os.close(p.fd)
    end = time.monotonic() + LIMIT
    while os.waitpid(p.pid, os.WNOHANG)[0] == 0:
        assert time.monotonic() < end, "does not notice that the terminal is gone"
        select.select([], [], [], 0.02)


def test_suspend():
    """Under a parent of the same session, as under a shell."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            os.tcsetpgrp(0, os.getpid())
            signal.signal(signal.SIGTTOU, signal.SIG_DFL)
            os.execv(PROBE, [PROBE])
        _, status = os.waitpid(child, os.WUNTRACED)
        flags = termios.tcgetattr(0)[3]
        print("stopped %s canonical %s" % (os.WIFSTOPPED(status), bool(flags & termios.ICANON)))
        sys.stdout.flush()
        os.kill(child, signal.SIGCONT)
        _, status = os.waitpid(child, 0)
        print("ended %d" % status)
        sys.stdout.flush()
        os._exit(0)
    seen = b""

    def until(what):
        nonlocal seen
        end = time.monotonic() + LIMIT
        while what not in seen:
            assert time.monotonic() < end, (what, seen)
            if select.select([fd], [], [], 0.1)[0]:
                seen += os.read(fd, 65536)

    until(b"ready")
    os.write(fd, b"\x1a")
    until(b"stopped True canonical True")
    until(b"size 80x24")
    first, _, again = seen.partition(b"stopped")
    assert b"\x1b[?1049l" in first and b"\x1b[?2004l" in first
    assert b"\x1b[?1049h" in again and b"\x1b[?2004h" in again and b"certty" in again
    os.write(fd, b"q")
    until(b"ended 0")
    os.waitpid(pid, 0)


def main():
    tests = [(n, f) for n, f in globals().items() if n.startswith("test_")]
    print("1..%d" % len(tests))
    failed = 0
    for i, (name, test) in enumerate(tests, 1):
        try:
            test()
            print("ok %d %s" % (i, name))
        except Exception:
            failed = 1
            print("not ok %d %s" % (i, name))
            print("".join("# " + l + "\n" for l in traceback.format_exc().splitlines()))
        sys.stdout.flush()
    return failed


if __name__ == "__main__":
    sys.exit(main())
