"""What a person types to come in."""

from allauth.account.forms import LoginForm
from django.contrib.auth.forms import SetPasswordForm


class SignInForm(LoginForm):
    """Address, password, and whose device it is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = self.fields["remember"]
        own.label = "This is my own device"
        own.help_text = "Leave it empty where others use the device: you are then signed out when you walk away."


class FirstPasswordForm(SetPasswordForm):
    """The password of somebody who was invited. Which of the two ways they chose is the button's word."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = "At least 12 characters. Three words in a row are easy to remember."
        self.fields["new_password2"].label = "The same password again"
        self.fields["new_password2"].help_text = ""
