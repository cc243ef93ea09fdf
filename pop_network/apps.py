from django.apps import AppConfig


class PopNetworkConfig(AppConfig):
    name = "pop_network"
    verbose_name = "Front desk"

    def ready(self):
        import pop_network.celery  # whoever rings must know the broker
        import pop_network.checks  # noqa: F401
        from pop_network.sign_in.idle import EXPIRY, SEEN
        from schools.drawn.pages import goes_by

        goes_by(SEEN, bool)  # whether, and not when
        goes_by(EXPIRY)
