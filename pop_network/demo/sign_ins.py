"""One sign-in per role, with a password of this installation's own."""

import os
import secrets
from pathlib import Path

from django.contrib.auth.hashers import make_password

from pop_network.demo.network import DemoNetwork
from pop_network.embedded.environment import read_portal_env, write_portal_env
from schools.models import User

FILE = "demo-sign-ins.txt"
CHOSEN = "POP_DEMO_PASSWORD"
PASSWORD_ENOUGH = {"DEMO_SIGN_INS": "yes"}  # the settings' word; `check --deploy` refuses it


def write_sign_ins(network: DemoNetwork, folder: Path) -> Path:
    """Give the people of the tour a password and note them in the folder (mode 0600), where that is not done yet.

    The password is `POP_DEMO_PASSWORD`, or drawn at random. All of them share it, hashed once: a tour goes from
    person to person, and the demo holds nobody's data.
    """
    path = folder / FILE
    _let_the_password_do(folder)
    if path.exists():
        return path
    password = os.environ.get(CHOSEN) or secrets.token_urlsafe(12)
    people = network.staff.signing_in()
    emails = [person.email for person in people]
    User.objects.filter(email__in=emails).update(password=make_password(password))  # unscoped: no person asks
    width = max(len(person.sign_in) for person in people)
    lines = [
        "Sign-ins of the demo network (invented people, invented results):",
        "",
        *(f"  {person.sign_in:<{width}}   {person.email}" for person in people),
        "",
        f"  password of each: {password}",
        "",
    ]
    folder.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("\n".join(lines))
    return path


def _let_the_password_do(folder: Path) -> None:
    """Where `make run` keeps its settings: invented people need no second factor from the portal's next start on."""
    kept = read_portal_env(folder)
    if kept and "DEMO_SIGN_INS" not in kept:
        write_portal_env(folder, kept | PASSWORD_ENOUGH)
