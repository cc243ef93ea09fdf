from django.apps import AppConfig


class PopNetworkConfig(AppConfig):
    name = "pop_network"
    verbose_name = "Front desk"
