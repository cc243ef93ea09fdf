"""A line of the table of routes: what each person of the small world is answered."""

from collections.abc import Callable
from dataclasses import dataclass

# In the order of the answers. `far` leads a school of another district; `outsider` has an account and no role.
WHO = ("anon", "outsider", "teacher", "leader", "principal", "coach", "admin", "operator", "rep", "auditor", "far")
NAMES = {who: who for who in WHO} | {"far": "far_principal"}


@dataclass(frozen=True)
class Route:
    """How a route is asked (GET, POST or both), about what (`of` the world), and the answer to each of WHO."""

    methods: tuple[str, ...]
    answers: tuple[int, ...]
    of: Callable
    data: dict

    def __post_init__(self):
        if len(self.answers) != len(WHO):
            raise ValueError(f"{len(self.answers)} answers for {len(WHO)} people")


def _nothing(world) -> dict:
    return {}


def _route(methods, answers, of, data):
    return Route(methods, tuple(int(answer) for answer in answers.split()), of or _nothing, data or {})


def page(answers: str, of=None, data=None) -> Route:
    """A page that is only read."""
    return _route(("GET",), answers, of, data)


def form(answers: str, of=None) -> Route:
    """A page with a form: an empty form that is sent is answered like the page itself."""
    return _route(("GET", "POST"), answers, of, None)


def act(answers: str, of=None, data=None) -> Route:
    """A button: POST alone; 302 is done."""
    return _route(("POST",), answers, of, data)
