"""The terminal that the journeys use, tried on programs whose behaviour is known."""
import signal

from terminal import Failure, expect, journey, journeys, start_other

ECHO = ["sh", "-c", "stty -echo; echo ready; read a; echo got $a; read b; exit 3"]


@journey("what is written is on the screen, what is typed is read, the status is known")
def echo():
    t = start_other(ECHO)
    t.wait("^ready$")
    t.keys("abc", "Enter")
    t.wait("^got abc$").keys("Enter")
    expect(t.ended() == 3, "exit status 3")
    expect(b"ready" in t.written, "every byte is kept")


@journey("a pattern that never comes is a failure, not a hang")
def bound():
    t = start_other(ECHO)
    t.wait("ready")
    try:
        t.wait("nothing of the kind", bound=0.2)
    except Failure:
        return
    expect(False, "a failure after the bound")


@journey("size and changes of it reach the program, and the signal")
def resize():
    t = start_other(["sh", "-c", "stty size; trap 'stty size; exit' WINCH; echo on; "
                                 "while :; do read a; done"], size="90x30")
    t.wait("^30 90$")
    t.wait("^on$")
    t.resize("40x12")
    t.wait("^12 40$")


@journey("a program ended by a signal is told apart")
def ended():
    t = start_other(ECHO)
    t.wait("ready")
    t.signal(signal.SIGTERM)
    expect(t.ended() == -signal.SIGTERM, "ended by SIGTERM")


@journey("the alternate screen is noticed")
def alternate():
    t = start_other(["sh", "-c", "printf '\\033[?1049hinside\\n'; read a; "
                                 "printf '\\033[?1049loutside\\n'"])
    t.wait("inside")
    expect(t.is_alternate(), "inside it is alternate")
    t.keys("Enter")
    t.ended()
    expect(not t.is_alternate(), "outside it is not")


journeys()
