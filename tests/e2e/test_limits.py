"""Limits of the system that the program meets: they are errors, not its end."""
import resource
import subprocess

from terminal import expect, journey, journeys, program


@journey("a limit on the size of files is told, and ends nothing")
def file_size():
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    result = subprocess.run([program(), "ls", "stores"], preexec_fn=limit, check=False,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    expect(result.returncode >= 0, "not ended by signal %d" % -result.returncode)
    expect(b"STORE" in result.stdout, "the list")
    expect(b"nothing is saved" in result.stderr, "why: " + result.stderr.decode())


journeys()
