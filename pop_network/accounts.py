"""Signing in: by e-mail, by invitation only."""

from allauth.account.adapter import DefaultAccountAdapter


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Nobody signs up; an admin or principal invites, and the letter's link sets the first password."""

    def is_open_for_signup(self, request) -> bool:
        return False
