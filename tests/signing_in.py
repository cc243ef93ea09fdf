"""Somebody who typed the password just now: files are given to nobody else."""

import time


def sign_in(client, user):
    """Sign `user` in with that client, and return it."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client
