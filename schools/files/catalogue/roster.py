"""What can be said of a roster package, as a whole and row by row."""

from schools.files.catalogue.kind import kinds

WHOLE_PACKAGE = kinds(
    "error",
    (
        "MISSING_MANIFEST",
        "No manifest.csv",
        "The roster has no manifest.csv, the list of what it holds.",
        "Export it as OneRoster CSV, with its manifest, and send the whole zip.",
    ),
    (
        "MISSING_FILE",
        "A file of the roster is missing",
        "A file of the roster is missing[: {promised}, which the manifest promises][: {needed}, which is needed].",
        "Export the roster again and send the whole zip.",
    ),
    (
        "MANIFEST_CONTRADICTS",
        "The manifest contradicts itself or the package",
        "The manifest says of [{value}|a file] what cannot be[: {said}].",
        "Export the roster again, so that manifest.csv and the files agree.",
    ),
    (
        "MANIFEST_WORD",
        "A word the manifest cannot have",
        "The manifest calls [{named}|a file] [{value}|something else]; a file is bulk, delta or absent.",
        "Export the roster again, or correct that line of manifest.csv.",
    ),
    (
        "HEADER_ORDER",
        "Columns out of order",
        "The column[ {column}] stands after[ {before}| another], and OneRoster has it before.",
        "Export the file with the columns in the order of the standard; a row may otherwise mean something else.",
    ),
    (
        "DELTA_UNDATED",
        "A change without its date or status",
        "The row brings a change and does not say[ in {column}] whether, and since when, it stands[: {value}].",
        "In a package of changes every row needs status (active or tobedeleted) and dateLastModified. Export it again.",
    ),
    (
        "DELTA_WITHOUT_BULK",
        "Changes to a roster that is not here",
        "The package brings only what changed[ (OneRoster {value})], and the portal has no whole roster of that "
        "version to change.",
        "Send a whole roster (bulk) first.",
    ),
    (
        "ONEROSTER_VERSION",
        "Version of OneRoster not known",
        "The manifest names a version of OneRoster that is not read here[: {value}].",
        "Export the roster as OneRoster 1.1 or 1.2.",
    ),
    (
        "CIRCULAR_ORG",
        "Organizations in a circle",
        "The organization[ {value}] is, through its parents, its own parent.",
        "Correct its parent in the student information system and export again.",
    ),
    (
        "YEARS_OVERLAP",
        "School years that overlap",
        "The school year[ {value}] lies inside another[, {other}].",
        "Correct the first and last days of the academic sessions and export again.",
    ),
)

ROWS = kinds(
    "error",
    (
        "ID_MISSING",
        "No sourcedId",
        "The row has no sourcedId, so nothing can refer to it.",
        "Have the student information system give every record its id.",
    ),
    (
        "DUPLICATE_SOURCEDID",
        "The same sourcedId twice",
        "The sourcedId[ {value}] is there more than once[ in {file}], with different contents.",
        "Have the student information system write each record once.",
    ),
    (
        "DUPLICATE_NUMBER",
        "Two students with one number",
        "Two students have the number[ {value}| that stands here].",
        "Correct the identifier in the student information system and export again.",
    ),
    (
        "DUPLICATE_EMAIL",
        "Two people with one address",
        "Two people of different names have the email address[ {value}| that stands here]; each would see the "
        "other's classes.",
        "Give each their own address in the student information system and export again.",
    ),
    (
        "UNKNOWN_REFERENCE",
        "Points to a record that is not there",
        "[{column} {value}|A reference] names a record that is not in the roster[ ({file})], or whose own row is an "
        "error.",
        "Export the roster again with all its files, or correct the record.",
    ),
    (
        "UNKNOWN_WORD",
        "A word that is not on the list",
        "[{column}|A column] has [{value}|a blank], which OneRoster does not know there.",
        "Correct it in the student information system and export again.",
    ),
    (
        "RECYCLED_SOURCEDID",
        "A sourcedId given to somebody else",
        "The sourcedId[ {value}] is that of another record here[ ({known})]: neither the name nor the number agrees.",
        "An id stays with its record for good. Have the student information system give the new record its own.",
    ),
    (
        "ROLE_MISMATCH",
        "The role does not fit the person",
        "The class has this person as [{value}|something else], and by their own record they are not.",
        "Correct the role of the person or of the enrollment and export again.",
    ),
    # An import that goes on without them says these two as a warning and as a note.
    (
        "ROLE_NEEDS_APPROVAL",
        "A role that a roster cannot give",
        "The roster gives [{value}|a person] the role of an administrator[ ({role})]. A roster gives nobody that role.",
        "If the person should have it, give it to them on the People page.",
    ),
    (
        "FORBIDDEN_COLUMN",
        "A column that must not be sent",
        "[{file}|The file] has [the column {column}|a column], which this portal must not receive.",
        "Leave it out of the export. It was not stored.",
    ),
)

REMARKS = kinds(
    "warning",
    (
        "STAFF_WITHOUT_EMAIL",
        "A teacher without an email address",
        "The teacher[ {value}] has no email address, so cannot be invited; their classes were loaded without them.",
        "Add the address in the student information system and send the roster again.",
    ),
    (
        "EMAIL_DIFFERS",
        "Another email address",
        "The roster has the address[ {value}| of this row] for a person who signs in here with [{known}|another].",
        "Nothing was changed. If the roster is right, change the address on the person's page.",
    ),
    (
        "EMAIL_TAKEN",
        "The address is another person's",
        "The address[ {value}] belongs to the account of another person of the district.",
        "Their classes were loaded without them. Change the address of one of the two on the People page.",
    ),
    (
        "NUMBER_TAKEN",
        "The number is another student's",
        "The number[ {value}] is that of a student here who is not in the roster; this student keeps the former one.",
        "Check which of the two records is the right one.",
    ),
    (
        "DISTRICT_DIFFERS",
        "Another district's name",
        "The roster is of [{value}|another district], and was read for [{known}|this one].",
        "Check that it is the right roster before it is applied.",
    ),
)

NOTES = kinds(
    "note",
    (
        "OLDER_THAN_KNOWN",
        "A change older than what stands",
        "The change[ of {value}] is older than what the portal has of that record.",
        "It was left out. Nothing needs to be done.",
    ),
    (
        "NOTHING_TO_DELETE",
        "The end of a record that is not here",
        "The record[ {value}] is to be deleted, and the portal's roster does not have it.",
        "Nothing needs to be done.",
    ),
    (
        "TWO_SCHOOLS",
        "Classes in two schools",
        "The student[ {value}] has classes in two schools on the same days.",
        "Enrolled in the primary one; the classes of the other were loaded too.",
    ),
    (
        "YEAR_DAYS_KEPT",
        "Other first and last days",
        "The roster has other first and last days for [{value}|a school year] than the portal.",
        "The portal's stand. Correct them in Test set-up if the roster is right.",
    ),
)

ROSTER = {**WHOLE_PACKAGE, **ROWS, **REMARKS, **NOTES}
