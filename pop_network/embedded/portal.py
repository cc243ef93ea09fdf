"""`make run`: bring everything up, keep it up, take it down. No Django in this process."""

import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from pop_network.embedded import processes
from pop_network.embedded.children import Child, Log
from pop_network.embedded.environment import (
    EMBEDDED,
    REPO,
    StartError,
    read_portal_env,
    real_environment,
    write_portal_env,
)
from pop_network.embedded.lock import Lock
from pop_network.embedded.servers import Servers, first_secret, make_folders

NEEDED_SPACE = 150 * 1024 * 1024  # bytes for a first start; what is there already needs less
NEEDED_SPACE_LATER = 40 * 1024 * 1024
READY_SECONDS = 60
TICK = 0.25


class Stop(Exception):
    """Someone asked the portal to stop."""


class Portal:
    """One running portal: a data folder, a port, servers, children."""

    def __init__(self, folder, port, with_demo=True, say=print):
        """Take the data folder, the port of the web server, and whether an empty database gets the demo."""
        self.folder, self.port, self.with_demo, self.say = Path(folder), port, with_demo, say
        self.url = f"http://localhost:{port}"
        self.given = real_environment()
        self.children, self.servers = [], None
        self.began = time.monotonic()

    def run(self):
        """Run until asked to stop. Raises StartError where it cannot start; the data is kept either way."""
        with ExitStack() as stack, _signals_that_stop():
            try:
                self.start(stack)
                self.tell()
                self.keep_up()
            except Stop:
                self.say("Stopping ...")
            except OSError as error:
                raise self.explained(error) from None
            finally:
                self.stop_children()
        self.say(f"Stopped. The data is kept in {self.folder}.")

    def start(self, stack):
        """Everything up to the first page that answers."""
        make_folders(self.folder)
        self.check_space()
        self.take_the_folder(stack)
        values = self.settings(stack)
        environment = values | self.given | {"POP_DATA_DIR": str(self.folder)}
        environment.setdefault("PORTAL_URL", self.url)
        environment["CELERY_SKIP_CHECKS"] = "1"  # they take a second of every start; `make lint` runs them
        self.children = self.plan(environment)
        for child in self.children:
            if child.stop_orphan():
                self.say(f"  {child.name} of an earlier run was still there and was stopped.")
        self.check_port()
        self.prepare(environment)
        with self.step("Web"):
            web, *background = self.children
            web.start()
            self.wait_until_ready(web)
        for child in background:  # after the web server: a person signs in before a worker is needed
            child.start()

    @contextmanager
    def step(self, name):
        """Say what was done and how long it took."""
        started = time.monotonic()
        yield
        self.say(f"  {name:<42} {time.monotonic() - started:5.1f} s")

    def check_space(self):
        """Refuse to start on a full disk, where a database would stop half-way."""
        first = not (self.folder / "postgres").exists()
        needed = NEEDED_SPACE if first else NEEDED_SPACE_LATER
        if shutil.disk_usage(self.folder).free < needed:
            raise StartError(
                f"The disk is full: {self.folder} has less than {needed // 1024 // 1024} MB left. "
                "Free some space and start again. What is there is kept."
            )

    def explained(self, error):
        """The sentence for an error of the operating system."""
        if error.errno == 28:
            return StartError(
                f"The disk is full: nothing can be written in {self.folder}. "
                "Free some space and start again. What is there is kept."
            )
        return StartError(f"The portal cannot go on: {error.strerror or error} ({error.filename or ''}).")

    def take_the_folder(self, stack):
        """Be the only portal of this data folder."""
        lock, note = Lock(self.folder / "run" / "portal.lock"), self.folder / "run" / "portal-url"
        if not lock.try_alone():
            where = note.read_text() if note.exists() else "an address it has not said yet"
            raise StartError(
                f"The portal of {self.folder} already runs: {where}. Stop it there with Ctrl-C, "
                "or give this one another POP_DATA_DIR and PORT."
            )
        stack.callback(lock.release)
        note.write_text(self.url)
        stack.callback(note.unlink, missing_ok=True)

    def settings(self, stack):
        """The values of `portal.env`, with the servers behind them up."""
        kept = read_portal_env(self.folder)
        own = "DATABASE_URL" in self.given or ("DATABASE_URL" in kept and kept.get(EMBEDDED) != "yes")
        if own:
            if not (self.given.get("REDIS_URL") or kept.get("REDIS_URL")):
                raise StartError("DATABASE_URL is set and REDIS_URL is not. Set both, or neither.")
            return self.with_secret(kept)
        self.servers = Servers(self.folder)
        with self.step("PostgreSQL and Valkey"):
            return stack.enter_context(self.servers.in_use())

    def with_secret(self, kept):
        """The kept values beside a database of one's own; a first start adds the secret key."""
        if "SECRET_KEY" not in kept and "SECRET_KEY" not in self.given:
            kept = {"SECRET_KEY": first_secret(), **kept}
            write_portal_env(self.folder, kept)
        if "DATABASE_URL" in self.given:
            kept = {name: value for name, value in kept.items() if name != "DATABASE_OWNER_URL"}
        return kept

    def check_port(self):
        """Refuse a port on which something else listens."""
        for host in ("127.0.0.1", "::1"):
            if _can_listen(host, self.port):
                continue
            raise StartError(
                f"Port {self.port} is taken{_by_whom(self.port)}. Stop that program, or choose another port: "
                f"make run PORT={self.port + 1}"
            )

    def prepare(self, environment):
        """Tables, rights, static files, and the demo network where there is nothing yet."""
        command = [sys.executable, str(REPO / "manage.py"), "prepare", *["--with-demo"] * self.with_demo]
        started = psutil.Popen(command, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            code = started.wait()
        except Stop:
            processes.stop(started, signal.SIGINT, 10)
            raise
        if code:
            self.check_space()
            raise StartError("The database could not be made ready; the lines above say why. Data is kept.")

    def plan(self, environment):
        """The children. The owner's way into the database is not for them."""
        environment = {name: value for name, value in environment.items() if name != "DATABASE_OWNER_URL"}
        python, run = sys.executable, self.folder / "run"
        hosts = [h for h in ("127.0.0.1", "[::1]") if h == "127.0.0.1" or _can_listen("::1", 0)]
        binds = [part for host in hosts for part in ("--bind", f"{host}:{self.port}")]
        celery = [python, "-m", "celery", "-A", "pop_network"]
        commands = {
            "web": [
                *(python, "-m", "gunicorn", "--config", "python:pop_network.web_server", *binds),
                "pop_network.wsgi:application",
            ],
            "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip"],
            "beat": [
                *celery,
                "beat",
                "--schedule",
                str(run / "beat-schedule"),
                "--pidfile=",
                "-l",
                "WARNING",
            ],
        }
        return [
            Child(name, command, environment, Log(self.folder / "logs" / f"{name}.log"), run / f"{name}.json")
            for name, command in commands.items()
        ]

    def wait_until_ready(self, web):
        """Wait for the first page; raises StartError with the last words of the web server otherwise."""
        deadline = time.monotonic() + READY_SECONDS
        while (status := _status(f"http://127.0.0.1:{self.port}/health/ready/")) != 200:
            broken = status == 500 or web.process.poll() is not None
            if broken or time.monotonic() > deadline:
                words = "\n".join(web.log.last_lines(12))
                raise StartError(f"The web server did not start. Its log, {web.log.path}, ends:\n{words}")
            time.sleep(0.1)

    def tell(self):
        """Where the portal is, and who can sign in to the demo."""
        self.say(f"\nReady in {time.monotonic() - self.began:.1f} s: {self.url}\n")
        sign_ins = self.folder / "demo-sign-ins.txt"
        if sign_ins.exists():
            self.say(sign_ins.read_text())
        self.say(f"Ctrl-C stops the portal. Logs: {self.folder / 'logs'}")

    def keep_up(self):
        """Look after everything until asked to stop."""
        logs = [child.log for child in self.children]
        logs += [Log(self.folder / "logs" / f"{name}.log") for name in ("postgres", "valkey")]
        for round_number in range(sys.maxsize):
            time.sleep(TICK)
            self.look_after_servers()
            for child in self.children:
                child.look_after(self.say)
                for line in child.log.new_warnings():
                    self.say(f"{child.name}: {line}")
            if round_number % 200 == 0:
                for log in logs:
                    log.cap()

    def look_after_servers(self):
        """Start a server again that has ended, with pauses between failed tries."""
        if self.servers is None or self.servers.are_up() or time.monotonic() < self.servers.next_try:
            return
        self.say("A server behind the portal ended. It is started again now.")
        try:
            self.servers.restart()
        except StartError as error:
            self.servers.next_try = time.monotonic() + 10
            self.say(f"{error} The next try is in 10 s.")

    def stop_children(self):
        """Ask all at once, beat first, so that nothing new begins; then wait for each within its grace."""
        for child in reversed(self.children):
            child.ask_to_stop()
        for child in self.children:
            child.stop()


@contextmanager
def _signals_that_stop():
    """Turn the usual signals into Stop, once; further ones wait until everything is down."""

    def stop(_number, _frame):
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise Stop

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _can_listen(host, port):
    """Whether the port is free there; a machine without that kind of address has nothing taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno != 98 and port != 0
    return True


def _by_whom(port):
    """ " by NAME (process N)" where this user may know it, else nothing."""
    try:
        for connection in psutil.net_connections("tcp"):
            listening = connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
            if listening and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        return ""
    return ""


def _status(url):
    """The HTTP status at a loopback address of ours; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def run_portal(folder, port, with_demo=True):
    """Run the portal in this process. Returns the exit status; says why on standard error where it fails."""
    try:
        Portal(folder, port, with_demo, say=lambda line: print(line, flush=True)).run()
    except StartError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0
