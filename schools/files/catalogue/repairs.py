"""What was repaired and is said so; and what a person should look at although the row was taken."""

from schools.files.catalogue.kind import kinds

REPAIRS = kinds(
    "note",
    ("BYTE_ORDER_MARK", "Byte order mark", "A byte order mark at the start was left out.", ""),
    ("ENCODING_UTF16", "Read as UTF-16", "The file was read as Unicode text (UTF-16).", ""),
    (
        "ENCODING_CP1252",
        "Read as Windows text",
        "The file is not UTF-8; it was read as Windows text (cp1252)[, for example {value} on line {row}].",
        "Look at the names with accents in the preview.",
    ),
    ("LINE_ENDINGS", "Line endings", "The lines end in different ways; each was read as one line.", ""),
    ("END_OF_FILE_MARK", "End-of-file mark", "An end-of-file mark (Ctrl-Z) was left out.", ""),
    ("DELIMITER", "Separator", "The cells are separated by [a {delimiter}|another sign than a comma].", ""),
    ("SEP_LINE", "sep= line", "The first line only names the separator (sep=) and was left out.", ""),
    (
        "TITLE_ROWS",
        "Title rows",
        "The header was found [on line {row}|further down]; the lines above it were left out.",
        "",
    ),
    (
        "FOOTER_ROWS",
        "Footer and totals",
        "Footers or totals were left out[: {count}][, from line {row} on][ ({value})].",
        "",
    ),
    ("BLANK_ROWS", "Blank rows", "Blank rows were left out[: {count}].", ""),
    ("TRAILING_COMMAS", "Empty columns", "Empty cells beyond the last column were left out.", ""),
    (
        "HEADER_CLEANED",
        "Headings cleaned",
        "Spaces or hidden marks in headings were cleaned[: {columns}].",
        "",
    ),
    (
        "HEADER_MATCHED",
        "Headings recognized",
        "[{value}|A heading] was read as [{column}|known].",
        "",
    ),
    (
        "UNNAMED_COLUMN",
        "A column without heading",
        "A column has no heading; it is called [{column}|by its place].",
        "",
    ),
    (
        "DOUBLED_HEADING",
        "A heading twice",
        "The heading[ {value}] is there more than once[; the later column is called {column}].",
        "",
    ),
    (
        "CELLS_TRIMMED",
        "Spaces",
        "Spaces around cells and no-break spaces were cleaned[ ({count})].",
        "",
    ),
    ("MARKS_REMOVED", "Hidden marks", "Hidden marks in cells were left out[ ({count})].", ""),
    (
        "LETTERS_COMPOSED",
        "Accents",
        "Letters and accents stored apart were put together[ ({count})].",
        "",
    ),
    ("APOSTROPHES", "Apostrophes", "Curly apostrophes were written straight[ ({count})].", ""),
    ("SHEET_READ", "Sheet", "[The sheet {value}|One sheet] was read[; not read: {others}].", ""),
    ("HIDDEN_SHEETS", "Hidden sheets", "Hidden sheets are never read[: {value}].", ""),
    ("EXTERNAL_LINKS", "Links to other workbooks", "Links to other workbooks were not followed.", ""),
    ("ID_FLOAT_SUFFIX", "Decimals on ids", "The id[ {value}] was read without its .0[, as {read}].", ""),
    (
        "ID_TEXT_MARK",
        "Text marks on ids",
        "The id[ {value}] was read without its mark[, as {read}].",
        "",
    ),
    ("LEADING_ZEROS", "Leading zeros", "The id[ {value}] was read [as {read}|with its leading zeros].", ""),
    ("THOUSANDS", "Thousands", "Thousands separators were read as such[: {value}].", ""),
    ("DECIMAL_COMMA", "Decimal commas", "The file writes decimals with a comma; they were read so.", ""),
    (
        "IDENTICAL_DUPLICATE",
        "The same row twice",
        "The row is the same as [line {first}|another]; it was loaded once.",
        "",
    ),
)

WARNINGS = kinds(
    "warning",
    (
        "ENCODING_LOST",
        "Letters lost before the file came here",
        "A letter was lost before the file came here[: {value} on line {row}].",
        'Take the file from its source again, saved as "CSV UTF-8", if a name is spelled wrong.',
    ),
    (
        "NAME_DIFFERS",
        "The name differs",
        "The name[ {value}] differs from the one known for this id[, {known}].",
        "Check that the id is the right student's. The result was kept with the id.",
    ),
)
