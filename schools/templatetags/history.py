"""The panel of a thing's history on its own page, {% history "section" section.pk %}, for those who keep or review."""

from django import template

from schools.history.reading import may_read_history

register = template.Library()


@register.inclusion_tag("schools/parts/history_panel.html", takes_context=True)
def history(context, about: str, key: int) -> dict:
    """Where the newest changes of one thing are read. They come once they are scrolled to: the page asks nothing."""
    user = context["request"].user
    return {"reads": user.is_authenticated and may_read_history(user), "of": f"{about}-{key}"}
