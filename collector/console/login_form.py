"""The login page and its form."""

from __future__ import annotations

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.utils.translation import gettext


class LoginForm(AuthenticationForm):
    """Django's, in our words: its Indonesian text says "nama pengguna" twice."""

    def get_invalid_login_error(self) -> ValidationError:
        said = gettext("Nama pengguna atau kata sandi salah. Huruf besar dan kecil dibedakan.")
        return ValidationError(said, code="invalid_login")


class Login(LoginView):
    """Who is logged in already goes on to the first page."""

    template_name = "console/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True
