"""How gunicorn serves the pages: `gunicorn --config python:pop_network.web_server pop_network.wsgi:application`."""

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
    """Load every page's module too, which Django would otherwise do in each worker at its first request."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018  asking is loading
