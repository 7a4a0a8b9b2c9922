// Package ledger reads the rectification ledgers (整改台账) that inspected units
// keep in Excel or WPS, and says what it could not understand.
//
// [Read] never guesses and never drops. What a cell says plainly becomes a
// [Problem] or a [Measure]; what it does not say plainly becomes a [Question]
// that names the cell; rows that are neither (signatures, totals, repeated
// headers) are listed as [Skipped]. Nothing here touches a database.
//
// Decisions, as the clerk who keeps the ledger would expect them:
//
//   - 立行立改 in the deadline column is a kind of measure, [Immediate], not a date:
//     it says how, and whoever wrote it may have meant the day of feedback, a
//     week, or "done already". The kind is kept and the date is asked for. With
//     a date beside it (立行立改，2026.8.15前) nothing is asked. 长期坚持 is
//     [LongTerm] in the same way.
//   - A day (2026.9.30), the end of a month (2026年9月底前) and the end of a year
//     that is named (2026年底前) are dates. A month alone, ten days of a month, a
//     quarter, and everything without its year are questions; where only a few
//     answers are possible, the question offers them.
//   - Leading numbers leave the text and are kept beside it: 「1.理论学习走过场」 is
//     number 1 and text 「理论学习走过场」, so that lists which show a number column
//     do not show it twice. Mark keeps the number as it was written.
//   - Money is integer fen, worked out on the decimal digits. The unit comes from
//     the cell, else from the header, else it is asked for.
//   - Hidden rows, columns and sheets are counted and left out until the person
//     asks for them.
//   - A category is taken from its column, else from the section row above.
//
// Why the worksheet is not read by excelize, which writes our ledgers: its
// stream gives texts only, without types, formulas, merged ranges or hidden
// columns, and the calls that give those hold a whole sheet at about 1 kB a
// cell, so that a sheet formatted down to row 1,048,576 takes gigabytes. Here
// one pass over the part keeps only cells that have content (see grid.go).
package ledger
