"""Every person asks one route: what they are answered, and what is wrong with the page.

A page is searched for the text of rows its reader may not see, holds to the number of queries a page may ask, and is
made by the template of its name.
"""

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments import models as results
from schools.models import ClassListReport, DataAgreement, Notice, Student, User
from tests.policy.route import NAMES, WHO

MOST_QUERIES = 12
# Text by which a row would be found on a page whose reader must not see it.
TELLING = {
    Student: ["family_name", "number"], DataAgreement: ["function"], results.Upload: ["filename"],
    Notice: ["words"], ClassListReport: ["text"],
}  # fmt: skip


def readers_of(world) -> list[tuple]:
    """Everyone of WHO with a browser, signed in, and the words they must not find."""
    return [_reader(world, who) for who in WHO]


def _reader(world, who):
    client, user = Client(raise_request_exception=False), None  # a page that fails is a 500 in the table
    if who != "anon":
        user = User.objects.get(pk=getattr(world, NAMES[who]).pk)
        client.force_login(user)
    return who, client, hidden_from(user)


def ask(name, route, world, readers) -> tuple[dict, list[str]]:
    """Every person's answers on one route, and the faults; whatever a request changes is taken back at once."""
    url = reverse(name, kwargs=route.of(world))
    statuses, faults = {}, []
    for who, client, hidden in readers:
        for method in route.methods:
            connection.queries_log.clear()  # it keeps so many and then counts no more
            with transaction.atomic(), CaptureQueriesContext(connection) as asked:
                response = client.get(url, route.data) if method == "GET" else client.post(url, route.data)
                body = b"".join(response).decode()
                transaction.set_rollback(True)
            statuses[who, method] = response.status_code
            if response.status_code == 200 and method == "GET":
                faults += [f"{who}: {fault}" for fault in _faults(name, response, body, asked, hidden)]
    return statuses, faults


def _faults(name, response, body, asked, hidden):
    """What holds for every page: its template, its number of queries, and nothing of what its reader may not see."""
    app, _, short = name.rpartition(":")
    made_by = {template.name for template in response.templates}
    if app and made_by and f"{app}/{short}.html" not in made_by:
        yield f"is not made by {app}/{short}.html"
    queries = [q["sql"] for q in asked if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]
    is_page = response["Content-Type"].startswith("text/html")  # a file to keep may ask a few more
    if is_page and len(queries) > MOST_QUERIES:
        yield f"asks {len(queries)} queries:\n" + "\n".join(f"  {sql[:60]} ... {sql[-120:]}" for sql in queries)
    yield from (f"{word} must not stand there" for word in hidden if word in body)


def hold_to_the_table(name, route, world, readers) -> None:
    """The route answers each person as its line says, and its pages have no fault."""
    statuses, faults = ask(name, route, world, readers)
    expected = {(who, m): answer for who, answer in zip(WHO, route.answers, strict=True) for m in route.methods}
    assert statuses == expected
    assert not faults, "\n".join(faults)


def hidden_from(user) -> set[str]:
    """Telling words of the rows that `user` (None: nobody signed in) may not see."""
    words = set()
    for model, fields in TELLING.items():
        rows = model.objects.all()
        if user is not None:
            rows = rows.exclude(pk__in=model.objects.visible_to(user).values("pk"))
        for row in rows.values_list(*fields):
            words.update(row)
    return words
