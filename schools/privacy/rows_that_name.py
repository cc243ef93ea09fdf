"""What rows that name a person are called: by their table and the field that names them, in words of the office.

This room names its own and those of signing in; the rooms above add theirs (`name_rows`).
"""

Words = tuple[str, str]  # of what, and how the person stands in it

_words: dict[tuple[str, str], Words] = {
    ("emailaddress", "user"): ("Email addresses", "yours"),
    ("authenticator", "user"): ("Second factors", "yours"),
    ("socialaccount", "user"): ("Accounts of a provider", "yours"),
    ("usersession", "user"): ("Sessions", "yours"),
    ("user", "merged_into"): ("People that were the same", "merged into you"),
    ("membership", "user"): ("Roles", "held by you"),
    ("membership", "granted_by"): ("Roles", "given by you"),
    ("sectionstaff", "user"): ("Classes", "taught by you"),
    ("bulkedit", "by"): ("Changes of several at once", "made by you"),
    ("bulkedit", "undone_by"): ("Changes of several at once", "undone by you"),
    ("merge", "kept_person"): ("People that were the same", "merged into you, with the record of it"),
    ("merge", "gone_person"): ("People that were the same", "you, merged into another"),
    ("merge", "by"): ("Two that were one", "merged by you"),
    ("merge", "undone_by"): ("Two that were one", "parted again by you"),
    ("viewing", "by"): ("The portal seen as somebody else", "by you"),
    ("viewing", "person"): ("The portal seen as somebody else", "as you"),
    ("dataagreement", "signed_by"): ("Data agreements", "entered by you"),
    ("accesslog", "user"): ("Looks at students' records", "by you"),
    ("classlistreport", "by"): ("Reports on class lists", "by you"),
    ("classlistreport", "answered_by"): ("Reports on class lists", "answered by you"),
    ("act", "user"): ("Changes in the history", "made by you"),
    ("change", "person"): ("Changes in the history", "about you"),
    ("notice", "user"): ("Notices", "to you"),
    ("drawnpage", "user"): ("Pages that stand ready", "for you"),
    ("disclosurerecord", "by"): ("Entries in records of disclosures", "made by you"),
    ("retentionrule", "changed_by"): ("How long data is kept", "changed by you"),
    ("destructioncertificate", "by"): ("Certificates of destruction", "of what you destroyed"),
    ("rosterimport", "by"): ("Rosters", "sent by you"),
    ("rosterimport", "undone_by"): ("Rosters", "undone by you"),
    ("yearact", "by"): ("Steps of a school year", "done by you"),
    ("yearact", "undone_by"): ("Steps of a school year", "taken back by you"),
}


def name_rows(words: dict[tuple[str, str], Words]) -> None:
    """Say what the rows of a higher room are called; once, when it is ready."""
    _words.update(words)


def words_of(model, field) -> Words:
    """("Roles", "given by you"). A table that nobody has named is called as its model is."""
    known = _words.get((model._meta.model_name, field.name))
    return known or (str(model._meta.verbose_name_plural).capitalize(), str(field.verbose_name))


def is_named(model, field) -> bool:
    """Whether somebody has said what such rows are called."""
    return (model._meta.model_name, field.name) in _words
