"""How gunicorn serves the pages: `gunicorn --config python:pop_network.web_server pop_network.wsgi:application`."""

import gc

worker_class = "gthread"
workers = 2
threads = 4
timeout = 60
graceful_timeout = 8
loglevel = "warning"
control_socket_disable = True

# The application is loaded once, before the workers part: half the memory, and half the time of a start.
preload_app = True


def when_ready(_server):
    """Load every page's module too, which Django would otherwise do in each worker at its first request.

    What is loaded by now stays for good: the collector need not walk through it in the middle of a page, nor part
    the memory that the workers share. A page makes some thousand objects and drops nearly all of them by itself, so
    that it is enough to look for circles every few pages.
    """
    from django.urls import get_resolver

    from schools.drawn.pages import edition

    get_resolver().url_patterns  # noqa: B018  asking is loading
    edition()  # of the code that is loaded, whatever lies on the disk later
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
