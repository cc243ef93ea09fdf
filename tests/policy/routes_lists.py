"""Who is answered what on the lists of a roster, and by the acts that begin there."""

from tests.policy.route import page

ROUTES = {
    #                                  anon outs teac lead prin coac admi oper rep  audi far
    "schools:download":          page("302 302 302 302 302 302 302 302 302 302 302"),
}  # fmt: skip
