// Package documents writes what leaves the house on paper or as a file: lists as
// workbooks (xlsx), in the columns on screen, in all columns, or in the form in
// which an office reports upward (上报格式).
//
// Whoever takes a list out reads through the same filter and the same row
// security as on screen, and leaves one entry in the journal: what, by which
// filter, how many rows, which columns. Where the rows are another office's, it
// learns of it in its own journal. The file says in its second row, on every
// printed page and in its properties who took it out, for which office and when,
// with the number under which the journal has it.
//
// Text is text: a cell that begins like a formula keeps what it says, as a string
// that programs neither calculate nor turn into a formula when somebody edits it
// (CWE-1236).
package documents
