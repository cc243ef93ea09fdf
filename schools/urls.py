"""The rooms of the ground floor. One name runs through the stack: route, view and template."""

from django.urls import path

from schools.urls_lists import list_urls
from schools.urls_privacy import privacy_urls
from schools.views import (
    access_log,
    agreements,
    checklists,
    corrections,
    invitations,
    notices,
    people,
    places,
    roles,
    rosters,
    sections,
)

app_name = "schools"

urlpatterns = [
    *list_urls,
    *privacy_urls,
    path("people/", people.people, name="people"),
    path("people/add/", people.person_add, name="person_add"),
    path("people/invite/", invitations.people_invite, name="people_invite"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/reset-sign-in/", invitations.person_reset_sign_in, name="person_reset_sign_in"),
    path("people/<int:pk>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/invite/", people.person_invite, name="person_invite"),
    path("people/<int:pk>/switch-off/", people.person_switch_off, name="person_switch_off"),
    path("people/<int:pk>/switch-on/", people.person_switch_on, name="person_switch_on"),
    path("people/<int:pk>/roles/add/", roles.role_add, name="role_add"),
    path("roles/<int:pk>/end/", roles.role_end, name="role_end"),
    path("schools/", places.schools, name="schools"),
    path("schools/add/", places.school_add, name="school_add"),
    path("schools/<int:pk>/", places.school, name="school"),
    path("schools/<int:pk>/edit/", places.school_edit, name="school_edit"),
    path("sections/<int:pk>/", sections.section, name="section"),
    path("sections/<int:pk>/students/", sections.class_list, name="class_list"),
    path("sections/<int:pk>/wrong/", corrections.class_list_wrong, name="class_list_wrong"),
    path("first-day/", checklists.first_day, name="first_day"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path("corrections/<int:pk>/answer/", corrections.correction_answer, name="correction_answer"),
    path("sections/<int:pk>/staff/add/", sections.staff_add, name="staff_add"),
    path("staffing/<int:pk>/end/", sections.staff_end, name="staff_end"),
    path("staffing/<int:pk>/remove/", sections.staff_remove, name="staff_remove"),
    path("rosters/", rosters.rosters, name="rosters"),
    path("rosters/add/", rosters.roster_add, name="roster_add"),
    path("rosters/<int:pk>/", rosters.roster, name="roster"),
    path("rosters/<int:pk>/apply/", rosters.roster_apply, name="roster_apply"),
    path("rosters/<int:pk>/undo/", rosters.roster_undo, name="roster_undo"),
    path("rosters/<int:pk>/changes/", rosters.roster_changes, name="roster_changes"),
    path("rosters/export/", rosters.roster_export, name="roster_export"),
    path("rosters/programs/<int:pk>/", rosters.roster_programs, name="roster_programs"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/add/", agreements.agreement_add, name="agreement_add"),
    path("agreements/<int:pk>/", agreements.agreement, name="agreement"),
    path("agreements/<int:pk>/end/", agreements.agreement_end, name="agreement_end"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.notices_read, name="notices_read"),
    path("notices/mail/", notices.notices_mail, name="notices_mail"),
    path("access-log/", access_log.access_log, name="access_log"),
    path("access-log/export/", access_log.access_log_export, name="access_log_export"),
]
