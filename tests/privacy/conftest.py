"""What the tests of the privacy centre share."""

import time

import pytest


@pytest.fixture
def sign_in(client):
    """`sign_in(user)`: the client of somebody who typed the password just now."""

    def of(user):
        client.force_login(user)
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
        return client

    return of
