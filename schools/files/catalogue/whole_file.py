"""Why a whole file is refused."""

from schools.files.catalogue.kind import kinds

WHOLE_FILE = kinds(
    "error",
    (
        "EMPTY_FILE",
        "The file is empty",
        "The file[ {file}] has nothing in it.",
        "Export it again from the program it came from, and check its size before you send it.",
    ),
    (
        "NO_DATA_ROWS",
        "No rows under the header",
        "The file has a header[ on line {row}] but no rows under it, so nothing was changed.",
        "Export it again with the students included.",
    ),
    (
        "NO_VALID_ROWS",
        "No row can be used",
        "Not one row of this file can be used.[ The first problem is on line {row}.][ {first}]",
        "Check that it is the right file, correct the rows, and send it again.",
    ),
    (
        "WRONG_TYPE",
        "Not a table",
        "This is not a table[: by its content it is {found}].",
        "[{instead}|Send a CSV file or an Excel workbook (.xlsx).]",
    ),
    (
        "ENCODING",
        "Letters cannot be read",
        "The letters in this file cannot be read for certain[ (line {row})][: {reason}]. A guess could "
        "spell a name wrong.",
        'Save the file again as "CSV UTF-8" and send that.',
    ),
    (
        "BINARY_CONTENT",
        "Binary content in the file",
        "The file holds bytes that are not text[ (first on line {row})].",
        "It is damaged or not a text file. Export it again, as CSV or as an Excel workbook (.xlsx).",
    ),
    (
        "UNREADABLE_CSV",
        "A quotation mark is not closed",
        "A quotation mark opened[ on line {row}] is not closed where it should be[, and swallows the rows up "
        "to line {until}].",
        "Close or delete that quotation mark, and send the file again.",
    ),
    (
        "MISSING_COLUMN",
        "A needed column is missing",
        "The file has no column[ {column}| that is needed].[ The header was read on line {row}.]",
        "[It may also be headed {aliases}. ]Add the column, or correct its heading, and send the file again.",
    ),
    (
        "DUPLICATE_COLUMN",
        "A needed column is there twice",
        "[The column {column}|A needed column] is there more than once[ ({headings})], and nothing says "
        "which one counts.",
        "Delete or rename the one that does not, and send the file again.",
    ),
    (
        "REPEATED_HEADER",
        "The header comes again in the middle",
        "The header comes again[ on line {row}]: this looks like two files pasted together.",
        "Send each file by itself, or delete the second header if the rows belong together.",
    ),
    (
        "TOO_MANY_COLUMNS",
        "Too many columns",
        "The file has [{count} columns|too many columns][; at most {limit} can be read].",
        "Delete the columns that are not needed, and send it again.",
    ),
    (
        "TOO_MANY_ROWS",
        "Too many rows",
        "The file has [more than {limit} rows|too many rows], more than can be read at once.",
        "Split it, for example by school or by grade, and send the parts.",
    ),
    (
        "TOO_MANY_CELLS",
        "Too many cells",
        "The table is too large to be read at once[: it has more than {limit} cells].",
        "Delete the columns that are not needed, or split the file by school, and send it again.",
    ),
    (
        "TOO_LARGE",
        "The file is too large",
        "The file is [larger than {limit} MB|too large], more than can be read at once.",
        "Split it, for example by school or by grade, and send the parts.",
    ),
    (
        "LINE_TOO_LONG",
        "A line is too long",
        "[Line {row}|A line] is longer than [{limit} characters|a row of a table can be].",
        "Check that the file has line breaks and is not damaged. Export it again and send that.",
    ),
    (
        "MIXED_ADMINISTRATION",
        "Two administrations in one file",
        "The file holds results of more than one administration[: {found}].",
        "Split it and send each administration by itself.",
    ),
    (
        "ENCRYPTED",
        "Protected by a password",
        "The file is protected by a password[ ({file})].",
        "Open it, remove the password, save it, and send it again.",
    ),
    (
        "MACROS",
        "The workbook has macros",
        "The workbook holds macros[ ({file})], which this portal does not accept.",
        'Save it as "Excel Workbook (.xlsx)", without macros, and send that.',
    ),
    (
        "XML_ENTITY",
        "The workbook declares XML entities",
        "The inside of the workbook[ ({file})] declares XML entities, which no spreadsheet program writes.",
        "Open it in a spreadsheet program, save it as a new .xlsx file, and send that.",
    ),
    (
        "CORRUPT_ARCHIVE",
        "The file is damaged",
        "The file is damaged and cannot be opened[: {reason}].",
        "Export or zip it again and send the new one.",
    ),
    (
        "TOO_LARGE_UNPACKED",
        "Too large when unpacked",
        "The file unpacks to [more than {limit} MB|too much], more than can be read at once[ ({file})].",
        "Delete what is not needed, or split it, and send it again.",
    ),
    (
        "TOO_MANY_FILES",
        "Too many files in the zip",
        "The zip holds [{count} files|too many files][; at most {limit} belong in one].",
        "Zip only the files that are needed.",
    ),
    (
        "UNSAFE_ARCHIVE_NAME",
        "A file name points outside the zip",
        "A file in the zip has a name that points outside of it[: {file}].",
        "Zip the files again, by themselves, and send that.",
    ),
    (
        "ARCHIVE_SYMLINK",
        "The zip holds a link",
        "The zip holds a link to another file[ ({file})] instead of the file itself.",
        "Zip the files themselves and send that.",
    ),
    (
        "DUPLICATE_MEMBER",
        "The same file twice in the zip",
        "The zip holds [{file} twice|a file twice], and nothing says which one counts.",
        "Remove the one that does not, and zip them again.",
    ),
    (
        "MISSING_SHEET",
        "The sheet is not there",
        "The workbook has no visible sheet[ named {value}| that can be read].[ It has {found}.]",
        "Choose one of its visible sheets, or show the hidden one, and send it again.",
    ),
)
