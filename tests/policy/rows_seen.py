"""How many rows of each model each person sees of the furnished world (`rows.furnish`), but for who has not signed in.

It has 4 schools: Ash (2 sections) and Birch in the first district, Cedar of another in the same network, Far in none.
"""

from assessments import models as results
from schools import models as places

ROWS = {
    #                          outs teac lead prin coac admi oper repr audi  far
    places.District:           [  0,   1,   1,   1,   1,   1,   2,   2,   2,   1],
    places.Network:            [  0,   1,   1,   1,   1,   1,   1,   1,   1,   0],
    places.School:             [  0,   1,   1,   1,   1,   2,   3,   0,   3,   1],
    places.SchoolAlias:        [  0,   3,   3,   3,   3,   3,   4,   4,   4,   1],
    places.NetworkSchool:      [  0,   3,   3,   3,   3,   3,   3,   3,   3,   0],
    places.Organization:       [  3,   3,   3,   3,   3,   3,   3,   3,   3,   3],
    places.SchoolYear:         [  0,   1,   1,   1,   1,   1,   2,   2,   2,   1],
    places.User:               [  1,   2,   7,   7,   7,  10,  12,   1,  12,   2],
    places.Membership:         [  0,   1,   7,   7,   8,  11,  14,   2,  14,   2],
    places.DataAgreement:      [  0,   4,   4,   3,   1,   4,   5,   5,   5,   1],
    places.Student:            [  0,   2,   3,   3,   3,   4,   0,   0,   0,   1],
    places.Enrollment:         [  0,   2,   3,   3,   3,   4,   0,   0,   0,   1],
    places.Section:            [  0,   1,   2,   2,   2,   3,   4,   0,   4,   1],
    places.SectionEnrollment:  [  0,   2,   3,   3,   3,   4,   0,   0,   0,   1],
    places.SectionStaff:       [  0,   2,   4,   4,   4,   5,   6,   0,   6,   1],
    places.ClassListReport:    [  0,   1,   0,   3,   0,   4,   0,   0,   0,   1],
    places.YearAct:            [  0,   0,   0,   0,   0,   3,   0,   0,   0,   0],
    places.RosterImport:       [  0,   0,   0,   0,   0,   3,   0,   0,   0,   0],
    places.RosterDiff:         [  0,   0,   0,   0,   0,   3,   0,   0,   0,   0],
    places.RosterFlags:        [  0,   0,   0,   0,   0,   1,   0,   0,   0,   0],
    places.AccessLog:          [  0,   0,   0,   2,   0,   3,   4,   0,   4,   1],
    places.Notice:             [  0,   1,   0,   0,   0,   0,   0,   0,   0,   1],
    places.DisclosureRecord:   [  0,   0,   0,   2,   0,   3,   4,   0,   4,   1],
    places.RetentionRule:      [  0,   0,   0,   0,   0,   1,   2,   0,   2,   0],
    places.DestructionCertificate: [0, 0,   0,   0,   0,   3,   4,   0,   4,   0],
    places.BulkEdit:           [  0,   0,   0,   0,   0,   1,   0,   0,   0,   0],
    places.Merge:              [  0,   0,   0,   0,   0,   1,   0,   0,   0,   0],
    places.Viewing:            [  0,   1,   0,   0,   0,   1,   0,   0,   0,   1],
    results.Standard:           [  1,   1,   1,   1,   1,   1,   1,   1,   1,   1],
    results.Assessment:         [  0,   1,   1,   1,   1,   1,   2,   2,   2,   1],
    results.Item:               [  0,   2,   2,   2,   2,   2,   4,   4,   4,   2],
    results.CutScore:           [  0,   4,   4,   4,   4,   4,   8,   8,   8,   4],
    results.Window:             [  0,   1,   1,   1,   1,   1,   2,   2,   2,   1],
    results.Administration:     [  0,   1,   1,   1,   1,   1,   2,   2,   2,   1],
    results.Upload:             [  0,   0,   0,   2,   0,   3,   4,   0,   4,   1],
    results.UploadIssue:        [  0,   0,   0,   2,   0,   3,   4,   0,   4,   1],
    results.UploadEvent:        [  0,   0,   0,   2,   0,   3,   0,   0,   0,   1],
    results.ColumnMapping:      [  0,   0,   0,   3,   0,   3,   0,   0,   0,   1],
    results.Result:             [  0,   1,   2,   2,   2,   3,   0,   0,   0,   1],
    results.ResultHistory:      [  0,   0,   0,   0,   0,   3,   0,   0,   0,   0],
    results.GroupSummary:       [  0,   0,   1,   1,   1,   2,   0,   0,   0,   1],
    results.FormSummary:        [  0,   0,   0,   0,   0,   1,   0,   0,   0,   0],
    results.ItemSummary:        [  0,   0,   0,   0,   0,   1,   0,   0,   0,   0],
    results.GrowthSummary:      [  0,   0,   1,   1,   1,   2,   0,   0,   0,   1],
    results.Release:            [  0,   1,   1,   1,   1,   1,   2,   2,   2,   0],
    results.ReleaseEvent:       [  0,   0,   0,   0,   0,   1,   2,   0,   2,   0],
    results.ReleasedSchool:     [  0,   2,   2,   2,   2,   2,   3,   2,   3,   0],
    results.ReleasedCell:       [  0,   3,   3,   3,   3,   3,   5,   3,   5,   0],
    results.WithheldFigure:     [  0,   0,   0,   0,   0,   0,   0,   0,   2,   0],
}  # fmt: skip

UNSEEN = {
    places.RosterTrace: "what an undone roster puts back is read by the portal and shown to nobody",
    places.DrawnPage: "a page is shown by the view that draws it, to the one it was drawn for",
    places.ChangedTable: "marks of the database for drawn pages",
    results.UploadChunk: "the bytes of a file are read by the pipeline and shown to nobody",
    results.ReleaseBasis: "what a later release is held against is read by the portal and shown to nobody",
}

HELD_ELSEWHERE = {
    places.Act: "tests/history/test_sight.py: one for every transaction that made the rows above",
    places.Change: "tests/history/test_sight.py: one for every row above",
}
